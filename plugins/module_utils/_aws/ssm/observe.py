# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a Region's parameters: in threads, under a deadline, again after a passing fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ssm import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter


def read_parameters(
    clients: Clients, region: str, paths: Iterable[str], clock: Clock, deadline: Deadline
) -> tuple[Parameter, ...]:
    """All parameters below the paths. Raises ``TimedOut`` or botocore's errors: half of them is not an answer."""

    def reader(read: Callable[[Any, str], list[dict[str, Any]]], path: str) -> Callable[[], list[dict[str, Any]]]:
        return lambda: again(lambda: read(clients.get("ssm", region), path), clock, deadline)

    reads = {"GetParametersByPath": api.get_parameters_by_path, "DescribeParameters": api.describe_parameters}
    jobs = {
        (f"ssm:{action} of {path} in {region}"): reader(read, path) for path in paths for action, read in reads.items()
    }
    outcomes = gather(jobs, deadline, clock)
    found: dict[str, list[dict[str, Any]]] = {action: [] for action in reads}
    for what, outcome in outcomes.items():
        if outcome.error is not None:
            raise outcome.error
        found[what.split()[0].removeprefix("ssm:")] += outcome.value or []
    return transform.parameters(found["GetParametersByPath"], found["DescribeParameters"])
