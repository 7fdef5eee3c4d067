# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53's health checkers: they really probe, over the network, without credentials."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from moto.route53.models import route53_backends

from lab.aws.health_check_config import PROBED
from lab.aws.plane_protocol import Clock
from lab.control.alarms import data_stream
from lab.control.health import Health, Probe
from lab.control.probing import Prober
from lab.settings import LATENCY

CHECKERS = 16
"""Checkers that look at an endpoint, each on the check's interval, spread evenly over it."""
INTERVAL_FLOOR = 0.2
"""Seconds between two looks at an endpoint, at least: each costs a TLS handshake, and labs idle beside each other."""
LOOK = 0.05
"""Seconds between two looks for checks that are due."""


def fleet(interval: float) -> tuple[int, float]:
    """How many checkers there are, fewer where time is scaled down, and the seconds from one look to the next."""
    count = max(1, min(CHECKERS, round(interval / INTERVAL_FLOOR)))
    return count, max(interval / count, INTERVAL_FLOOR)


def looks_needed(good: bool, checkers: int, threshold: int) -> int:
    """Looks in a row that turn a state: healthy is what more than 18 % of the checkers hold for healthy."""
    enough_for_good = int(checkers * 0.18) + 1
    agreeing = enough_for_good if good else checkers - enough_for_good + 1
    return agreeing + checkers * (threshold - 1)


def configurations() -> dict[str, dict[str, Any]]:
    """Return the configuration of every health check there is."""
    return {
        check_id: check.health_check_config
        for partitions in list(route53_backends.values())
        for backend in list(partitions.values())
        for check_id, check in list(backend.health_checks.items())
    }


class Checkers:
    """Probe every endpoint on its interval, and know what is healthy.

    :param proxy: address and port through which AWS's own host names are probed.
    :param resolve: turns another host name into an address; only loopback addresses are ever probed.
    :param routing_control: whether a routing control (ARN) is on.
    """

    def __init__(
        self,
        clock: Clock,
        scale: float,
        *,
        proxy: tuple[str, int],
        resolve: Callable[[str], str | None] = lambda name: None,
        routing_control: Callable[[str], bool | None] = lambda arn: None,
    ) -> None:
        self._clock = clock
        self._scale = scale
        self._prober = Prober(proxy, resolve)
        flip = LATENCY["health_check_flip"] * scale
        self._health = Health(clock, configurations, flip, data_stream(clock), routing_control)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._due: dict[str, float] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def healthy(self, check_id: str) -> bool:
        """Say what Route 53 holds of a check: inverted, calculated, disabled and derived ones as AWS does."""
        return self._health.healthy(check_id)

    def observation(self, check_id: str) -> tuple[str, float] | None:
        """Return what was last seen of an endpoint, and when (epoch seconds)."""
        return self._health.observation(check_id)

    def settle(self) -> bool:
        """Let a fresh lab's checks be what they will be, without AWS's delay; False while one was not probed yet."""
        probed = [check_id for check_id, config in configurations().items() if config["Type"] in PROBED]
        seen = all(self._health.observation(check_id) for check_id in probed)
        if seen:
            self._health.settle()
        return seen

    def start(self) -> None:
        """Probe on a thread of its own."""
        self._stop.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), name="health-checkers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Probe no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)
            self._thread = None

    async def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
            except Exception:  # a reset may be under way: checkers that ended would hold every check for what it was
                traceback.print_exc()
            await asyncio.sleep(LOOK)
        for task in self._under_way.values():
            task.cancel()

    def _look(self) -> None:
        configs = configurations()
        self._health.forget(configs)
        self._due = {check_id: due for check_id, due in self._due.items() if check_id in configs}
        for check_id, config in configs.items():
            self._start_if_due(check_id, config)

    def _start_if_due(self, check_id: str, config: Mapping[str, Any]) -> None:
        now = self._clock.monotonic()
        if config["Type"] not in PROBED or config.get("Disabled") or check_id in self._under_way:
            return
        if now < self._due.get(check_id, now):
            return
        self._due[check_id] = now + fleet(config["RequestInterval"] * self._scale)[1]
        self._under_way[check_id] = asyncio.create_task(self._probe(check_id, config))

    async def _probe(self, check_id: str, config: Mapping[str, Any]) -> None:
        try:
            good, text = await self._prober.probe(config)
            checkers = fleet(config["RequestInterval"] * self._scale)[0]
            needed = looks_needed(good, checkers, int(config["FailureThreshold"]))
            self._health.record(check_id, Probe(good, text, self._clock.wall()), needed)
        except Exception:
            traceback.print_exc()
        finally:  # whatever became of it, the next look is to take place
            self._under_way.pop(check_id, None)
