# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job beside the caller's own work."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Background:
    """Runs the job on a daemon thread at once; what it raises is raised by :meth:`join`."""

    def __init__(self, job: Callable[[], None]) -> None:
        self._job = job
        self._errors: list[Exception] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._job()
        except Exception as error:  # whatever it is, it belongs to whoever joins
            self._errors.append(error)

    def wait(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def join(self) -> None:
        """Wait for its end. Raises what it raised."""
        self.wait()
        if self._errors:
            raise self._errors[0]
