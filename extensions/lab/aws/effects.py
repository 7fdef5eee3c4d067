# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects on the data plane, off the request's thread: a describe never waits for a database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Spawn = Callable[[Callable[[], None]], None]


def on_thread(work: Callable[[], None]) -> None:
    """Run the work on a daemon thread: one that hangs holds nothing up."""
    threading.Thread(target=work, name="rds-effect", daemon=True).start()


class Task(Generic[T]):
    """An effect under way. After ``done``, either ``value`` or ``error`` is set."""

    def __init__(self, work: Callable[[], T], spawn: Spawn) -> None:
        self._work = work
        self._done = threading.Event()
        self.value: T | None = None
        self.error: Exception | None = None
        spawn(self._run)

    @property
    def done(self) -> bool:
        """Whether the effect has ended."""
        return self._done.is_set()

    @property
    def succeeded(self) -> bool:
        """Whether it has ended well."""
        return self.done and self.error is None

    def _run(self) -> None:
        try:
            self.value = self._work()
        except Exception as error:  # a data plane that fails is an operation that fails, not a dead thread
            self.error = error
        finally:
            self._done.set()
