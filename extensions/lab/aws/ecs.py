# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS services whose tasks take their time; the service ``api`` is the API that really runs in its Region."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.models import Service, ecs_backends
from moto.ecs.responses import EC2ContainerServiceResponse as Response

from lab.aws import overlay
from lab.aws.effects import Spawn, Task
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.ramp import Ramps
from lab.settings import API_SERVICE

Original = Callable[[Any], Any]
NO_CAPACITY = (
    "(service {name}) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later"
    " or in a different availability zone."
)


class Actions:
    """The API actions. Each takes moto's response object, whose parameters are the call's.

    :param seconds: until a task runs.
    """

    def __init__(self, ramps: Ramps, plane: DataPlane, clock: Clock, seconds: float, spawn: Spawn) -> None:
        self._ramps, self._plane, self._clock = ramps, plane, clock
        self._seconds, self._spawn = seconds, spawn
        self._lock = threading.RLock()
        self._serving: dict[str, tuple[bool, Task[None] | None]] = {}

    def install(self) -> None:
        """Lay the actions over moto's."""
        for name in ("create_service", "update_service"):
            overlay.wrap(Response, name, self.change)
        overlay.wrap(Response, "describe_services", self.describe)
        overlay.wrap(Response, "delete_service", self.delete)

    def change(self, response: Response, original: Original) -> Any:
        """CreateService, UpdateService: what is wanted changes, what runs follows."""
        result = original(response)
        service = result.result["service"]
        self._ramps.want(response.region, _key(service), service.desired_count or 0, self._seconds)
        self._show(response.region, service)
        return result

    def describe(self, response: Response, original: Original) -> ActionResult:
        """DescribeServices."""
        result = original(response)
        for service in result.result["services"]:
            self._show(response.region, service)
        return ActionResult(result.result)

    def delete(self, response: Response, original: Original) -> Any:
        """DeleteService: its tasks end."""
        result = original(response)
        service = result.result["service"]
        self._ramps.want(response.region, _key(service), 0, 0.0)
        self._show(response.region, service)
        return result

    def advance(self) -> None:
        """Let the APIs follow what runs by now."""
        for backends in list(ecs_backends.values()):
            for region, backend in list(backends.items()):
                for service in list(backend.services.values()):
                    if _key(service) == API_SERVICE:
                        self._running(region, service)

    def reset(self) -> None:
        """Forget what was done to the APIs: they run, in a fresh lab."""
        with self._lock:
            self._serving.clear()

    def _running(self, region: str, service: Service) -> int:
        """How many tasks run; those of the API only once its process does, and until it has ended."""
        running = self._ramps.serving(region, _key(service))
        if _key(service) != API_SERVICE:
            return running
        with self._lock:
            serving, task = self._serving.get(region, (True, None))
            failed = task is not None and task.error is not None
            if (failed or serving != (running > 0)) and (task is None or task.done):
                serving = running > 0
                task = Task(partial(self._plane.serve, region, serving), self._spawn)
                self._serving[region] = (serving, task)
            if task is None or task.succeeded:
                return running if serving else 0
            return 0 if serving else max(running, 1)

    def _show(self, region: str, service: Service) -> None:
        """Let moto's service be as it is by now."""
        key, desired = _key(service), service.desired_count or 0
        running = self._running(region, service)
        service.running_count, service.pending_count = running, self._ramps.coming(region, key)
        steady = running == desired
        for deployment in service.deployments:
            state = "COMPLETED" if steady else "IN_PROGRESS"
            deployment.update(
                desiredCount=desired,
                runningCount=running,
                pendingCount=service.pending_count,
                rolloutState=state,
                rolloutStateReason=f"ECS deployment {deployment['id']} {state.lower().replace('_', ' ')}.",
            )
        service.events = []
        if self._ramps.short(region, key) > 0:
            text = NO_CAPACITY.format(name=service.name)
            service.events = [{"id": str(uuid.uuid4()), "createdAt": self._clock.wall(), "message": text}]


def _key(service: Service) -> str:
    return f"ecs/{service.cluster_name}/{service.name}"
