# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.autoscaling.transform import capacity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Capacity


def group(*instances: tuple[str, str], **more: Any) -> dict[str, Any]:
    shown = [{"LifecycleState": state, "HealthStatus": health} for state, health in instances]
    return {"DesiredCapacity": 2, "MinSize": 0, "MaxSize": 4, "Instances": shown, **more}


def test_only_instances_in_service_and_healthy_serve() -> None:
    seen = capacity(group(("InService", "Healthy"), ("InService", "Unhealthy"), ("Pending", "Healthy")))
    assert seen == Capacity(2, 1, minimum=0, maximum=4)


@pytest.mark.parametrize(("code", "blocked"), [("Failed", "no t3.small"), ("Successful", "")])
def test_the_last_launch_says_why_no_more_come(code: str, blocked: str) -> None:
    activities = [
        {"StatusCode": code, "StatusMessage": "no t3.small"},
        {"StatusCode": "Failed", "StatusMessage": "old"},
    ]
    seen = capacity(group(), activities)
    assert (seen.blocked, seen.final) == (blocked, False)


def test_a_group_that_launches_nothing_never_comes_to_serve() -> None:
    seen = capacity(group(SuspendedProcesses=[{"ProcessName": "Launch"}]))
    assert ("resume" in seen.blocked, seen.final) == (True, True)
