# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a Region's compute may run: read, and set. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import Compute, ComputeKind

SERVICES = {ComputeKind.ECS: "ecs", ComputeKind.ASG: "autoscaling", ComputeKind.LAMBDA: "lambda"}


def read(clients: Clients, region: str, what: Compute) -> Compute:
    """What may run of it now. Raises ``DrError`` where there is none of that name."""
    found = _READ[what.kind](clients.get(SERVICES[what.kind], region), what)
    if found is None:
        raise DrError(
            f"Reading {what.kind.value} {what.name} in {region}", "there is none", "Check the option compute."
        )
    return found


def apply(clients: Clients, region: str, what: Compute) -> None:
    """Let run what ``what`` says."""
    _SET[what.kind](clients.get(SERVICES[what.kind], region), what)


def call_for(region: str, what: Compute) -> Call:
    """The call that :func:`apply` makes."""
    unreserved = what.kind is ComputeKind.LAMBDA and what.desired is None
    action = {
        ComputeKind.ECS: "UpdateService",
        ComputeKind.ASG: "UpdateAutoScalingGroup",
        ComputeKind.LAMBDA: "DeleteFunctionConcurrency" if unreserved else "PutFunctionConcurrency",
    }[what.kind]
    return Call(SERVICES[what.kind], action, region)


def _read_service(client: Any, what: Compute) -> Compute | None:
    found = client.describe_services(cluster=what.cluster, services=[what.name])["services"]
    return replace(what, desired=found[0]["desiredCount"]) if found else None


def _set_service(client: Any, what: Compute) -> None:
    client.update_service(cluster=what.cluster, service=what.name, desiredCount=what.desired)


def _read_group(client: Any, what: Compute) -> Compute | None:
    found = client.describe_auto_scaling_groups(AutoScalingGroupNames=[what.name])["AutoScalingGroups"]
    if not found:
        return None
    sizes = found[0]
    return replace(what, desired=sizes["DesiredCapacity"], minimum=sizes["MinSize"], maximum=sizes["MaxSize"])


def _set_group(client: Any, what: Compute) -> None:
    client.update_auto_scaling_group(
        AutoScalingGroupName=what.name, MinSize=what.minimum, DesiredCapacity=what.desired, MaxSize=what.maximum
    )


def _read_function(client: Any, what: Compute) -> Compute | None:
    answer = client.get_function_concurrency(FunctionName=what.name)
    return replace(what, desired=answer.get("ReservedConcurrentExecutions"))


def _set_function(client: Any, what: Compute) -> None:
    if what.desired is None:
        client.delete_function_concurrency(FunctionName=what.name)
    else:
        client.put_function_concurrency(FunctionName=what.name, ReservedConcurrentExecutions=what.desired)


_READ: dict[ComputeKind, Callable[[Any, Compute], Compute | None]] = {
    ComputeKind.ECS: _read_service,
    ComputeKind.ASG: _read_group,
    ComputeKind.LAMBDA: _read_function,
}
_SET: dict[ComputeKind, Callable[[Any, Compute], None]] = {
    ComputeKind.ECS: _set_service,
    ComputeKind.ASG: _set_group,
    ComputeKind.LAMBDA: _set_function,
}
