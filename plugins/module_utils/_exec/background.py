# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One job at a time beside a loop that must not wait for it. Its thread is a daemon and is never joined."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Generic, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome

T = TypeVar("T")


class Background(Generic[T]):
    """A job under way. ``outcome`` is what it gave, ``None`` while it goes on."""

    def __init__(self, name: str, job: Callable[[], T], clock: Clock) -> None:
        self.outcome: Outcome[T] | None = None
        self._ended = threading.Event()

        def body() -> None:
            began = clock.monotonic()
            try:
                value, error = job(), None
            except Exception as exc:  # handed over as the job's outcome
                value, error = None, exc
            self.outcome = Outcome(value, error, clock.monotonic() - began)
            self._ended.set()

        threading.Thread(target=copy_context().run, args=(body,), name=f"aws-dr {name}", daemon=True).start()

    def wait(self, seconds: float) -> Outcome[T] | None:
        """The outcome, if it comes within ``seconds``."""
        self._ended.wait(seconds)
        return self.outcome
