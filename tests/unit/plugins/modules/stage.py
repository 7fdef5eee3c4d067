# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""What modules are tested on: a clock that only sleeping moves, and clients that are the test's own."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context


class SteppedClock:
    """Time that passes only when somebody sleeps; then ``tick`` is called."""

    def __init__(self) -> None:
        self.now = 0.0
        self.tick: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_790_000_000.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.tick()


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"it is {code}"}}, "Any")


LOST = ReadTimeoutError(endpoint_url="https://nowhere")


def context(clock: SteppedClock, clients: Any, warnings: list[str], check_mode: bool, timeout: float) -> Context:
    return Context(
        check_mode=check_mode,
        diff_mode=True,
        clock=clock,
        deadline=Deadline.after(clock, timeout),
        clients=clients,
        progress=lambda line: None,
        warn=warnings.append,
    )
