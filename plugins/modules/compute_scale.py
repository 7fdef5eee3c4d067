#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: compute_scale
version_added: 0.1.0
short_description: Scale a Region's compute, and wait until it serves
description:
  - Scales Auto Scaling groups, ECS services and provisioned concurrency of Lambda aliases of one Region, all at once.
  - Starting and waiting can be two tasks. The start returns an operation, and the wait takes it and never starts any.
  - It only ever scales up, unless O(allow_scale_down=true). What has more than is asked for is left as it is.
  - A group serves when as many instances as it wants are in service and healthy, a service when as many tasks run and
    its deployment has rolled out, an alias when its provisioned concurrency is ready.
  - A target that fails or is late keeps no other from being scaled. The task fails then, and still returns RV(capacity)
    and RV(operation).
options:
  region:
    description: The Region whose compute is scaled.
    type: str
    required: true
  targets:
    description: What is scaled. Required with O(state=scaled) and O(state=started).
    type: list
    elements: dict
    suboptions:
      kind:
        description: What it is. An Auto Scaling group, an ECS service, or an alias or version of a Lambda function.
        type: str
        choices: [asg, ecs, lambda]
        required: true
      name:
        description: Name of the Auto Scaling group.
        type: str
      cluster:
        description: Name of the service's cluster.
        type: str
      service:
        description: Name of the ECS service.
        type: str
      function:
        description: Name of the Lambda function.
        type: str
      alias:
        description: The function's alias or version.
        type: str
      desired:
        description: How many instances, tasks or execution environments are to serve.
        type: int
        required: true
      minimum:
        description: The least that an Auto Scaling group keeps. Only ever raised, unless O(allow_scale_down=true).
        type: int
      maximum:
        description:
          - The most that an Auto Scaling group may have. Only ever raised, unless O(allow_scale_down=true).
          - Where it stands in the way of O(targets[].desired), it is raised to that.
        type: int
  state:
    description:
      - V(scaled) scales and waits until all targets serve.
      - V(started) scales and returns at once with RV(operation).
      - V(finished) waits until what O(operation) started serves, and starts nothing.
    type: str
    choices: [scaled, started, finished]
    default: scaled
  operation:
    description: What an earlier task with O(state=started) returned as RV(operation). Required with O(state=finished).
    type: dict
    suboptions:
      region:
        description: The Region.
        type: str
        required: true
      goals:
        description: What was started.
        type: list
        elements: dict
        required: true
        suboptions:
          kind:
            description: What it is.
            type: str
            choices: [asg, ecs, lambda]
            required: true
          name:
            description: Name of the group, service or alias.
            type: str
            required: true
          parent:
            description: The service's cluster, or the alias's function.
            type: str
          desired:
            description: How many units are to serve.
            type: int
            required: true
          before:
            description: How many units were wanted before.
            type: int
      requested_at:
        description: When it was requested, in seconds since the epoch.
        type: float
  allow_scale_down:
    description: Scales down as well, to what is asked for. For fencing a Region and for the way back.
    type: bool
    default: false
  timeout:
    description: Seconds after which the task fails. What was started goes on, and the task run again goes on waiting.
    type: float
    default: 600.0
attributes:
  check_mode:
    details: The targets are read. Nothing is scaled, nor waited for.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Start scaling Ireland up, while its database is being promoted
  multiregion.aws_dr.compute_scale:
    region: eu-west-1
    state: started
    targets:
      - kind: asg
        name: shop-web
        desired: 6
        minimum: 2
        maximum: 12
      - kind: ecs
        cluster: shop
        service: api
        desired: 4
      - kind: lambda
        function: shop-orders
        alias: live
        desired: 20
  register: scaling

- name: Wait until it serves
  multiregion.aws_dr.compute_scale:
    region: eu-west-1
    state: finished
    operation: "{{ scaling.operation }}"

- name: Stop the API of a Region that is left
  multiregion.aws_dr.compute_scale:
    region: eu-central-1
    allow_scale_down: true
    targets:
      - kind: ecs
        cluster: shop
        service: api
        desired: 0
"""

RETURN = r"""
capacity:
  description: The targets as they are now. In check mode, and right after a start, as they were just before.
  returned: success, and when a target failed
  type: dict
  contains:
    region:
      description: The Region.
      type: str
    served:
      description: Whether every target serves as many units as it is to.
      type: bool
    targets:
      description: Each target.
      type: list
      elements: dict
      contains:
        id:
          description: Its kind and name.
          type: str
        kind:
          description: What it is.
          type: str
        before:
          description: How many units were wanted before. Null where that is unknown.
          type: int
        desired:
          description: How many units are to serve.
          type: int
        serving:
          description: How many units serve. Null where that is unknown.
          type: int
        served:
          description: Whether that is enough, and nothing is being replaced.
          type: bool
        changed:
          description: Whether this task scaled it, or in check mode would.
          type: bool
        error:
          description: Why it doesn't serve, such as the capacity that AWS doesn't have. Else empty.
          type: str
  sample:
    region: eu-west-1
    served: true
    targets:
      - {id: "ecs:shop/api", kind: ecs, before: 1, desired: 4, serving: 4, served: true, changed: true, error: ""}
operation:
  description: What O(state=finished) takes.
  returned: success, and when a target failed
  type: dict
  sample:
    region: eu-west-1
    goals: [{kind: ecs, name: api, parent: shop, desired: 4, before: 1}]
    requested_at: 1767225660.2
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success, and when a target failed
  type: list
  elements: dict
  sample: [{service: ecs, action: UpdateService, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Target
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.capacity import check_targets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.capacity import (
    Outcome,
    finish,
    goals_of,
    operation_of,
    start,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard, guarded

TEXT = {"type": "str"}
NEEDED = {"type": "str", "required": True}
COUNT = {"type": "int"}
KIND = {"type": "str", "choices": ["asg", "ecs", "lambda"], "required": True}
WANTED = {"type": "int", "required": True}


def _dicts(options: Mapping[str, Any], required: bool = False) -> dict[str, Any]:
    return {"type": "list", "elements": "dict", "required": required, "options": options}


def argument_spec() -> dict[str, Any]:
    names = dict.fromkeys(("name", "cluster", "service", "function", "alias"), TEXT)
    goal = {"kind": KIND, "name": NEEDED, "parent": TEXT, "desired": WANTED, "before": COUNT}
    operation = {"region": NEEDED, "goals": _dicts(goal, required=True), "requested_at": {"type": "float"}}
    return {
        "region": {**NEEDED, "aliases": ["aws_region"]},
        "targets": _dicts({"kind": KIND, **names, "desired": WANTED, "minimum": COUNT, "maximum": COUNT}),
        "state": {"type": "str", "choices": ["scaled", "started", "finished"], "default": "scaled"},
        "operation": {"type": "dict", "options": operation},
        "allow_scale_down": {"type": "bool", "default": False},
        "run": RUN_SPEC,
        "timeout": timeout_spec(600),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Start, wait, or both. Raises ``Refused``, and ``DrError`` with what was nevertheless done."""
    guard, region = guarded(options["run"], context), options["region"]
    if options["state"] == "finished":
        return _result(region, _wait(options, guard), options["operation"], began=False)
    targets = [Target.from_options(given) for given in options["targets"]]
    wrong = check_targets(targets)
    if wrong:
        raise Refused(wrong)
    begun = start(region, targets, options["allow_scale_down"], guard)
    operation = operation_of(region, begun, context.clock.wall())
    if options["state"] == "started" or context.check_mode:
        return _result(region, begun, operation)
    sound = [outcome for outcome in begun if not outcome.error]
    ends = {end.goal.target.id: end for end in finish(region, [each.goal for each in sound], guard.context)}
    return _result(region, [_joined(each, ends.get(each.goal.target.id)) for each in begun], operation)


def _wait(options: Mapping[str, Any], guard: Guard) -> tuple[Outcome, ...]:
    operation = options["operation"]
    if operation["region"] != options["region"]:
        seen = f"The operation is of {operation['region']}, the region is {options['region']}."
        raise Refused((refusal("other_operation", seen, "Give the operation that the start in this Region returned."),))
    goals = goals_of(operation)
    if guard.context.check_mode:
        return tuple(Outcome(goal, None) for goal in goals)
    return finish(options["region"], goals, guard.context)


def _joined(begun: Outcome, end: Outcome | None) -> Outcome:
    return begun if end is None else Outcome(end.goal, end.seen, begun.call, end.error)


def _result(region: str, outcomes: Sequence[Outcome], operation: Mapping[str, Any], began: bool = True) -> Result:
    calls = tuple(outcome.call for outcome in outcomes if outcome.call)
    served = all(outcome.served for outcome in outcomes)
    targets = [outcome.as_dict() for outcome in outcomes]
    values = {"capacity": {"region": region, "served": served, "targets": targets}, "operation": dict(operation)}
    failures = [f"{outcome.goal.target.id}: {outcome.error}".rstrip(".") for outcome in outcomes if outcome.error]
    if failures:
        raise DrError(
            f"Scaling the compute of {region}" if began else f"Waiting for the compute of {region} to serve",
            "; ".join(failures),
            "All else that was started goes on. Mend what is named, or lower what is wanted, then run again.",
            values={**values, "changed": bool(calls), "calls": [call.as_dict() for call in calls]},
        )
    before = {outcome.goal.target.id: outcome.goal.before for outcome in outcomes}
    after = {outcome.goal.target.id: outcome.goal.desired for outcome in outcomes}
    return Result(bool(calls), values, before if began else None, after if began else None, calls)


def main() -> None:
    needs_targets = [("state", state, ["targets"]) for state in ("scaled", "started")]
    run(execute, argument_spec=argument_spec(), required_if=[*needs_targets, ("state", "finished", ["operation"])])


if __name__ == "__main__":
    main()
