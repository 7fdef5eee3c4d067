# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often AWS lets itself be asked, where that bites in a failover."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from lab.settings import LATENCY

PER_SECOND: Mapping[str, int] = {"route53": 5}


class RateLimits:
    """Counts calls per account. Where calls take no time (scale 0), nothing is ever too much."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._asked: dict[str, deque[float]] = {service: deque() for service in PER_SECOND}

    def exceeded(self, service: str, call_seconds: float) -> bool:
        """Count a call; say whether it is one too many. The second shrinks with the calls."""
        if service not in PER_SECOND or call_seconds <= 0:
            return False
        now, window = self._now(), call_seconds / LATENCY["api_call"]
        with self._lock:
            asked = self._asked[service]
            while asked and asked[0] <= now - window:
                asked.popleft()
            if len(asked) >= PER_SECOND[service]:
                return True
            asked.append(now)
            return False
