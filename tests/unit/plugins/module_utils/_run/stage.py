# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""Controllers that share a store and a clock: what the tests of lease and guard stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunKind, RunRecord, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Journalled
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import Opened, open_run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore


class SteppedClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def asked(number: int = 1, **changed: Any) -> RunRecord:
    values: dict[str, Any] = {
        "id": f"shop-{number}",
        "kind": RunKind.FAILOVER,
        "workload": "shop",
        "lock": "shop",
        "mode": "unplanned",
        "target": "eu-west-1",
        "reason": "a test",
        "initiated_by": "ada",
        "approved_by": "grace",
        "opened_at": 1.0,
        "fence": 0,
    }
    return RunRecord(**{**values, **changed})


@dataclass
class Stage:
    """One store, one clock, any number of controllers."""

    store: LocalStore
    clock: SteppedClock = field(default_factory=SteppedClock)
    warnings: list[str] = field(default_factory=list)

    def context(self) -> Context:
        deadline = Deadline.after(self.clock, 10**9)
        return Context(False, False, self.clock, deadline, Clients({}), silent, self.warnings.append)

    def open(self, run: RunRecord | None = None, host: str = "here") -> Opened:
        holder = Holder(nonce=f"{host}-{self.clock.now}", host=host, user="ada")
        return open_run(run or asked(), holder, self.store, self.clock, silent)

    def guard(self, opened: Opened, **token: Any) -> Journalled:
        return Journalled(
            RunToken(opened.run.id, opened.lock.fence, opened.lock.key, **token), self.store, self.context()
        )


@contextmanager
def sent(guard: Journalled, name: str = "promote_database") -> Iterator[None]:
    """A step in which one request is sent, as a client would send it."""
    with guard.step(name):
        guard.context.clients._before_send("before-send.rds.FailoverGlobalCluster")
        yield


def stage(path: Path) -> Stage:
    return Stage(LocalStore(str(path / "journal.json")))
