# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controllers of a lock race: each opens the run, makes guarded steps, closes it; says on the output what it did.

python tests/matrix/racer.py (under the lab's environment), a race a line on its input: LOCK STEPS PAUSE WALL_OFFSET...
There is a process for each offset, and a line END once all of them have ended.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Journalled
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import close_run, open_run, release

END = "END"
REGIONS = ("eu-west-1", "eu-central-1")


class WrongClock(SystemClock):
    """A machine whose clock is off: only what people read may show it."""

    def __init__(self, offset: float) -> None:
        self._offset = offset

    def wall(self) -> float:
        return super().wall() + self._offset


def say(word: str, fence: int) -> None:
    print(word, fence, f"{time.monotonic():.6f}", flush=True)


def race(lock: str, steps: int, offset: float, pause: str) -> None:
    clock, clients = WrongClock(offset), Clients({})
    store = TableStore(clients, REGIONS[os.getpid() % 2], "aws-dr-state", clock)
    run = RunRecord(
        *(f"{lock}-{os.getpid()}", RunKind.FAILOVER, "shop", lock, "planned", "eu-west-1", "race", "racer", ""),
        opened_at=clock.wall(),
        fence=0,
    )
    opened = open_run(run, holder(os.getpid()), store, clock, silent)
    fence = opened.lock.fence
    context = Context(False, False, clock, Deadline.after(clock, 600), clients, silent, silent)
    guard = Journalled(RunToken(opened.run.id, fence, lock), store, context)
    for number in range(steps):
        with guard.step(f"step{number}"):
            if pause == "in-step" and not number:
                say("pausing", os.getpid())
                os.kill(os.getpid(), signal.SIGSTOP)
            send(clients, lock, fence)
    close_run(opened.run, Outcome.SUCCEEDED, {}, store, clock)
    release(lock, fence, store)
    say("closed", fence)


def send(clients: Clients, lock: str, fence: int) -> None:
    """A real call, guarded like any other; it is ``sent`` if the guard let it through."""
    s3: Any = clients.get("s3", "eu-west-1")
    s3.put_object(Bucket="shop-latch-eu-west-1", Key=f"race/{lock}", Body=str(fence).encode())
    say("sent", fence)


def try_to(lock: str, steps: int, pause: str, offset: float) -> None:
    try:
        race(lock, steps, offset, pause)
    except Refused as refused:
        say(refused.findings[0].code, 0)
    except DrError as error:
        print("error", 0, time.monotonic(), str(error), flush=True)


def all_at_once(lock: str, steps: int, pause: str, offsets: Sequence[float]) -> None:
    """Each in a process of its own, forked once everything is imported: so they really begin together."""
    for offset in offsets:
        if os.fork() == 0:
            try:
                try_to(lock, steps, pause, offset)
            finally:
                os._exit(0)
    for _each in offsets:
        os.wait()
    print(END, flush=True)


if __name__ == "__main__":
    for words in map(str.split, sys.stdin):
        all_at_once(words[0], int(words[1]), words[2], [float(each) for each in words[3:]])
