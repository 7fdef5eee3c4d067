# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several labs at once, each in a process of its own, that take the cases of one matrix from one queue."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from lab.lifecycle import running

StageOf = Callable[[Any], Any]
TryCase = Callable[[Any, Any], list[str]]
LOOK = 5.0  # seconds between two looks at whether the labs' processes live


def tried_beside(
    jobs: int, scale: float, stage_of: StageOf, try_case: TryCase, cases: Sequence[Any]
) -> Iterator[tuple[Any, list[str], float]]:
    """Each case with what didn't hold and the seconds that it took, as they end. What is given must be picklable.

    Raises ``SystemExit`` where a lab's process ended before its time.
    """
    context = multiprocessing.get_context("spawn")
    todo, done = context.Queue(), context.Queue()
    items = (*enumerate(cases), *[None] * jobs)
    pickle.dumps((stage_of, try_case, items))  # what can't be is an error here, and in the queue a wait for ever
    for item in items:
        todo.put(item)
    workers = [context.Process(target=_work, args=(scale, stage_of, try_case, todo, done)) for _job in range(jobs)]
    with _started(workers):
        for _case in cases:
            number, wrongs, took = _next(done, workers)
            yield cases[number], wrongs, took


def _work(scale: float, stage_of: StageOf, try_case: TryCase, todo: Any, done: Any) -> None:
    with running(scale) as instance:
        stage = stage_of(instance)
        while (item := todo.get()) is not None:
            number, case = item
            began = time.monotonic()
            wrongs = try_case(stage, case)
            done.put((number, wrongs, time.monotonic() - began))


@contextmanager
def _started(workers: Sequence[Any]) -> Iterator[None]:
    for worker in workers:
        worker.start()
    try:
        yield
    except BaseException:
        for worker in workers:
            if worker.is_alive():
                os.kill(worker.pid, signal.SIGINT)  # each ends its own lab, and leaves the other cases alone
        raise
    finally:
        for worker in workers:
            worker.join()


def _next(done: Any, workers: Sequence[Any]) -> Any:
    while True:
        try:
            return done.get(timeout=LOOK)
        except queue.Empty:
            failed = [worker.exitcode for worker in workers if worker.exitcode]
            if failed:
                raise SystemExit(f"a lab's process ended with {failed[0]}") from None
