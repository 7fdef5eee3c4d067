# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's probe needs besides the leg that it looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database

T = TypeVar("T")

AGAIN_FOR = 1.6  # seconds


@dataclass(frozen=True)
class Lookout:
    """``request_timeout`` (seconds) is for one answer, not for all."""

    clients: Clients
    clock: Clock
    deadline: Deadline
    resolvers: Sequence[str]
    request_timeout: float
    database: Database | None
    ca_path: str | None
    ping_cache: bool = False

    def patience(self) -> float:
        """Seconds for the next answer."""
        return max(0.01, min(self.request_timeout, self.deadline.remaining(self.clock)))

    def read(self, call: Callable[[], T]) -> T:
        """What a reading AWS call gives; asked again after a passing fault, though not for long."""
        return again(call, self.clock, self.deadline.sooner(self.clock, AGAIN_FOR))
