# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute as AWS has it: Auto Scaling groups, ECS services and Lambda, over one stock of capacity per Region."""

from __future__ import annotations

from collections.abc import Mapping

from lab.aws import autoscaling, ecs, lambda_sources
from lab.aws.effects import Spawn
from lab.aws.lambda_concurrency import ProvisionedConcurrency
from lab.aws.own_services import Action
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.ramp import Ramps
from lab.aws.timing import Timing


class Compute:
    """The services' actions, and what they have in common."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing, spawn: Spawn) -> None:
        self._ramps = Ramps(clock.monotonic)
        self._groups = autoscaling.Actions(self._ramps, clock, timing.asg_instance)
        self._services = ecs.Actions(self._ramps, plane, clock, timing.ecs_task, spawn)
        self._concurrency = ProvisionedConcurrency(self._ramps, clock, timing.provisioned_concurrency)
        self._sources = lambda_sources.Actions(clock, timing.event_source)

    def install(self) -> None:
        """Lay the actions over moto's."""
        self._groups.install()
        self._services.install()
        self._sources.install()

    def own_actions(self) -> Mapping[str, Mapping[str, Action]]:
        """The actions that moto has no address for, by service."""
        return {"lambda": self._concurrency.actions()}

    def advance(self) -> None:
        """Bring everything up to the clock."""
        self._ramps.advance()
        self._services.advance()

    def limit(self, region: str, units: int | None) -> None:
        """Let a Region have so many instances, tasks and execution environments in all; None: no limit."""
        self._ramps.limit(region, units)

    def limits(self) -> Mapping[str, int]:
        """The limits in force."""
        return self._ramps.limits()

    def heal(self) -> None:
        """Lift all limits."""
        for region in self._ramps.limits():
            self._ramps.limit(region, None)

    def finish(self) -> None:
        """Let everything that is on its way be there: nobody waits for it while a lab is made."""
        self._ramps.finish()
        self._sources.finish()

    def reset(self) -> None:
        """Forget everything."""
        self._ramps.reset()
        self._services.reset()
        self._concurrency.reset()
        self._sources.finish()
