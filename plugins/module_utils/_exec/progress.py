# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines shown while a long task runs: fixed phrases and numbers, never a value that could be secret."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock

Progress = Callable[[str], None]


def silent(line: str) -> None:
    """Shows nothing: a module that runs as a process of its own has nobody to show a line to."""


def rate_limited(show: Progress, clock: Clock, interval: float = 5.0) -> Progress:
    """Pass at most one line each ``interval`` seconds on to ``show``, and none in the first ``interval``."""
    last = clock.monotonic()

    def progress(line: str) -> None:
        nonlocal last
        now = clock.monotonic()
        if now - last >= interval:
            last = now
            show(line)

    return progress
