# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups whose instances take their time, and can't always be had."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from lab.aws import overlay
from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock
from lab.aws.ramp import Ramps

Original = Callable[[Any], Any]
NO_CAPACITY = (
    "We currently do not have sufficient {type} capacity in the Availability Zone you requested ({zone}). Our system"
    " will be working on provisioning additional capacity. Launching EC2 instance failed."
)


class _Shown:
    """One of moto's objects with some of its attributes as they really are."""

    def __init__(self, of: Any, **attributes: Any) -> None:
        self.__dict__.update(attributes)
        self._of = of

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


class Actions:
    """The API actions. Each takes moto's response object, whose parameters are the call's.

    :param seconds: until an instance is in service.
    """

    def __init__(self, ramps: Ramps, clock: Clock, seconds: float) -> None:
        self._ramps = ramps
        self._clock = clock
        self._seconds = seconds

    def install(self) -> None:
        """Lay the actions over moto's."""
        for name, action in (
            ("create_auto_scaling_group", self.change),
            ("update_auto_scaling_group", self.change),
            ("set_desired_capacity", self.change),
            ("resume_processes", self.change),
            ("delete_auto_scaling_group", self.delete),
            ("describe_auto_scaling_groups", self.describe),
        ):
            overlay.wrap(AutoScalingResponse, name, action)
        overlay.put(AutoScalingResponse, "describe_scaling_activities", self.activities)

    def change(self, response: AutoScalingResponse, original: Original) -> Any:
        """Whatever changes what a group wants: within its bounds only."""
        name = response._get_param("AutoScalingGroupName")
        group = response.autoscaling_backend.autoscaling_groups.get(name)
        if group is not None:
            _within_bounds(response, group)
        result = original(response)
        self._follow(response, response.autoscaling_backend.autoscaling_groups[name])
        return result

    def delete(self, response: AutoScalingResponse, original: Original) -> Any:
        """DeleteAutoScalingGroup."""
        result = original(response)
        self._ramps.want(response.region, _key(response._get_param("AutoScalingGroupName")), 0, 0.0)
        return result

    def describe(self, response: AutoScalingResponse, original: Original) -> ActionResult:
        """DescribeAutoScalingGroups: with the instances that there are by now."""
        result = original(response).result
        groups = [_Shown(group, instances=self._instances(response.region, group)) for group in _groups(result)]
        return ActionResult({**result, "AutoScalingGroups": groups})

    def activities(self, response: AutoScalingResponse) -> ActionResult:
        """DescribeScalingActivities: those that failed, for there lies the news."""
        name = response._get_param("AutoScalingGroupName")
        groups = response.autoscaling_backend.autoscaling_groups
        found = [groups[name]] if name in groups else ([] if name else list(groups.values()))
        short = [group for group in found if self._ramps.short(response.region, _key(group.name)) > 0]
        return ActionResult({"Activities": [self._failure(group) for group in short if not _suspended(group)]})

    def _follow(self, response: AutoScalingResponse, group: FakeAutoScalingGroup) -> None:
        key, wanted = _key(group.name), group.desired_capacity or 0
        if _suspended(group):
            have = self._ramps.serving(response.region, key) + self._ramps.coming(response.region, key)
            wanted = min(wanted, have)
        self._ramps.want(response.region, key, wanted, self._seconds)

    def _instances(self, region: str, group: FakeAutoScalingGroup) -> list[_Shown]:
        key = _key(group.name)
        serving = self._ramps.serving(region, key)
        there = serving + self._ramps.coming(region, key)
        states = sorted(group.instance_states, key=lambda state: state.instance_id)[:there]
        return [_instance(state, number < serving) for number, state in enumerate(states)]

    def _failure(self, group: FakeAutoScalingGroup) -> dict[str, Any]:
        zone = str(group.availability_zones[0])
        now = datetime.datetime.fromtimestamp(self._clock.wall(), datetime.UTC)
        return {
            "ActivityId": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{group.name}/{int(self._clock.wall())}")),
            "AutoScalingGroupName": group.name,
            "Description": f"Launching a new EC2 instance. Status Reason: could not launch in {zone}.",
            "Cause": "an instance was started in response to a difference between desired and actual capacity.",
            "StartTime": now,
            "EndTime": now,
            "StatusCode": "Failed",
            "StatusMessage": NO_CAPACITY.format(type=group.instance_type, zone=zone),
            "Progress": 100,
        }


def _groups(result: Any) -> list[FakeAutoScalingGroup]:
    return list(result["AutoScalingGroups"])


def _key(name: str) -> str:
    return f"asg/{name}"


def _suspended(group: FakeAutoScalingGroup) -> bool:
    return any(each["ProcessName"] == "Launch" for each in group.suspended_processes)


def _instance(state: InstanceState, in_service: bool) -> _Shown:
    if in_service:
        return _Shown(state)
    return _Shown(state, lifecycle_state="Pending", health_status="Healthy")


def _within_bounds(response: AutoScalingResponse, group: FakeAutoScalingGroup) -> None:
    desired = response._get_int_param("DesiredCapacity")
    low = response._get_int_param("MinSize")
    high = response._get_int_param("MaxSize")
    low, high = (group.min_size if low is None else low), (group.max_size if high is None else high)
    if desired is not None and not low <= desired <= high:
        raise AwsError(
            "ValidationError",
            f"Desired capacity:{desired} must be between the specified min size:{low} and max size:{high}",
        )
