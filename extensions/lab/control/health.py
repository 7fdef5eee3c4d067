# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was probed to what Route 53 holds for healthy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lab.aws.health_check_config import PROBED
from lab.aws.plane_protocol import Clock

DEPTH = 8
"""How deep calculated checks may lie in each other."""


@dataclass(frozen=True)
class Probe:
    """What one look at an endpoint found; ``at`` in seconds since the epoch."""

    good: bool
    text: str
    at: float


@dataclass(frozen=True)
class Endpoint:
    """What the checkers hold of an endpoint: ``shown`` follows ``good`` after the time that a flip takes."""

    good: bool = True
    shown: bool = True
    flips_at: float | None = None
    contrary: int = 0
    last: Probe | None = None


class Health:
    """All health checks' states; thread-safe. New checks start healthy, inverted ones therefore unhealthy.

    :param configs: the configuration of each check there is.
    :param flip: seconds from the last probe it takes until all checkers agree.
    :param alarm: the state of a CloudWatch alarm's data stream; None when there is not enough data.
    :param routing_control: whether a routing control is on; None when there is no such thing.
    """

    def __init__(
        self,
        clock: Clock,
        configs: Callable[[], Mapping[str, Mapping[str, Any]]],
        flip: float,
        alarm: Callable[[Mapping[str, Any]], bool | None],
        routing_control: Callable[[str], bool | None],
    ) -> None:
        self._clock = clock
        self._configs = configs
        self._flip = flip
        self._alarm = alarm
        self._routing_control = routing_control
        self._lock = threading.RLock()
        self._endpoints: dict[str, Endpoint] = {}
        self._last_known: dict[str, bool] = {}

    def record(self, check_id: str, probe: Probe, threshold: int) -> None:
        """Take a probe in: ``threshold`` of them in a row turn the state."""
        with self._lock:
            have = self._settled(check_id)
            contrary = have.contrary + 1 if probe.good != have.good else 0
            if contrary >= threshold:
                when = self._clock.monotonic() + self._flip
                have = replace(have, good=probe.good, flips_at=when)
                contrary = 0
            self._endpoints[check_id] = replace(have, contrary=contrary, last=probe)
            self._settled(check_id)

    def healthy(self, check_id: str) -> bool:
        """Say what Route 53 holds of a check; one that does not exist is healthy, as a record without one is."""
        return self._healthy(check_id, self._configs(), DEPTH)

    def observation(self, check_id: str) -> tuple[str, float] | None:
        """Return what was last seen, and when (epoch seconds)."""
        with self._lock:
            last = self._endpoints.get(check_id, Endpoint()).last
        return (last.text, last.at) if last else None

    def settle(self) -> None:
        """Let every flip under way be over: each state is what was last seen."""
        with self._lock:
            for check_id, have in self._endpoints.items():
                good = have.last.good if have.last else have.good
                self._endpoints[check_id] = replace(have, good=good, shown=good, flips_at=None, contrary=0)

    def forget(self, keep: Mapping[str, Any]) -> None:
        """Drop the checks that are no more."""
        with self._lock:
            self._endpoints = {check_id: state for check_id, state in self._endpoints.items() if check_id in keep}

    def _healthy(self, check_id: str, configs: Mapping[str, Mapping[str, Any]], depth: int) -> bool:
        config = configs.get(check_id)
        if config is None or config.get("Disabled"):
            return True
        kind = config["Type"]
        if kind == "CALCULATED":
            good = self._calculated(config, configs, depth)
        elif kind == "CLOUDWATCH_METRIC":
            good = self._from_alarm(check_id, config)
        elif kind == "RECOVERY_CONTROL":
            good = bool(self._routing_control(config["RoutingControlArn"]))
        else:
            good = self._probed(check_id, kind)
        return good != bool(config.get("Inverted"))

    def _probed(self, check_id: str, kind: str) -> bool:
        if kind not in PROBED:
            raise ValueError(f"no health check of type {kind}")
        with self._lock:
            return self._settled(check_id).shown

    def _calculated(self, config: Mapping[str, Any], configs: Mapping[str, Mapping[str, Any]], depth: int) -> bool:
        children = [child for child in config["ChildHealthChecks"] if child in configs]
        if depth == 0:
            return True
        return sum(self._healthy(child, configs, depth - 1) for child in children) >= int(config["HealthThreshold"])

    def _from_alarm(self, check_id: str, config: Mapping[str, Any]) -> bool:
        good = self._alarm(config["AlarmIdentifier"])
        with self._lock:
            if good is None:
                policy = config.get("InsufficientDataHealthStatus")
                return self._last_known.get(check_id, True) if policy == "LastKnownStatus" else policy == "Healthy"
            self._last_known[check_id] = good
            return good

    def _settled(self, check_id: str) -> Endpoint:
        """Return a check's state, with a flip that has become due."""
        have = self._endpoints.get(check_id, Endpoint())
        if have.flips_at is not None and self._clock.monotonic() >= have.flips_at:
            have = replace(have, shown=have.good, flips_at=None)
            self._endpoints[check_id] = have
        return have
