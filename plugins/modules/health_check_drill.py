#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: health_check_drill
version_added: 0.1.0
short_description: Make a leg look sick to a health check of its own, and time how it is noticed
description:
  - Makes a Route 53 health check that looks at a leg as production's would, and that no record uses. Once its checkers
    find the leg good, it is pointed at a path that nobody serves, until they hold the leg for unhealthy; then back,
    until they hold it for healthy, and for a while longer. So the checkers' whole way to the leg is seen to work, and
    the leg, its traffic and production's own health checks are not touched.
  - The check is taken away whatever happens, also when the task is interrupted. It is tagged; what a killed task left
    is taken away by the next.
  - Detection is timed for a failure at the first bad look of each checker. A higher failure threshold adds that many
    intervals to it.
  - Needs C(route53:CreateHealthCheck), C(route53:UpdateHealthCheck), C(route53:DeleteHealthCheck),
    C(route53:GetHealthCheckStatus), C(route53:GetHealthCheck), C(route53:ListHealthChecks),
    C(route53:ListTagsForResources) and C(route53:ChangeTagsForResource), all in us-east-1.
options:
  state:
    description:
      - V(simulated) carries the drill out.
      - V(absent) only takes away what earlier ones left of this workload.
    type: str
    choices: [simulated, absent]
    default: simulated
  workload:
    description: The workload, for the check's tag.
    type: str
    required: true
  api_url:
    description: What the leg answers, reachable for Route 53's checkers. Required with O(state=simulated).
    type: str
  request_interval:
    description: Seconds between two looks of one checker.
    type: int
    choices: [10, 30]
    default: 10
  stable_for:
    description: Seconds that it must then be healthy without a break.
    type: float
    default: 60.0
  poll_interval:
    description: Seconds between two questions to Route 53, which takes five a second of a whole account.
    type: float
    default: 1.0
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 600.0
attributes:
  check_mode:
    details: What earlier drills left is looked for. Nothing else is done.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each time, a health check is made and taken away. In the end all is as before.
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
- name: See that a sick leg would be noticed
  multiregion.aws_dr.health_check_drill:
    workload: shop
    api_url: https://api.eu-west-1.shop.example/healthz
    stable_for: 60
  register: noticed
"""

RETURN = r"""
drill:
  description: How long it took. Null in check mode, and with O(state=absent).
  returned: success
  type: dict
  contains:
    detected_seconds:
      description: Seconds from the leg's looking sick until the checkers held it for unhealthy.
      type: float
    recovered_seconds:
      description: Seconds from its looking well until they held it for healthy.
      type: float
    stayed_good_seconds:
      description: How long it was then seen to stay healthy.
      type: float
removed:
  description: The health checks of earlier drills that were taken away, or in check mode would be.
  returned: success
  type: list
  elements: str
calls:
  description: The changing AWS calls that were made, or in check mode would be.
  returned: success
  type: list
  elements: dict
timing:
  description: When the task started and ended.
  returned: success
  type: dict
  contains:
    started:
      description: Seconds since the epoch.
      type: float
    ended:
      description: Seconds since the epoch.
      type: float
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_drill import Address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_drill import planned_actions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import parse_url
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.health_drill import Drill, Wanted, as_calls

NOWHERE = Address(False, "", 0, "")
"""Where a task looks that only takes away."""


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Simulate, or take away what is left. Raises ``DrError``, and ``Refused`` where the run was taken over."""
    simulates = options["state"] == "simulated"
    target = parse_url(options["api_url"]) if simulates else None
    wanted = Wanted(
        workload=options["workload"],
        address=Address(target.https, target.host, target.port, target.path) if target else NOWHERE,
        request_interval=options["request_interval"],
        poll=options["poll_interval"],
        stable_for=options["stable_for"],
    )
    drill = Drill(wanted, guarded(options["run"], context))
    if context.check_mode:
        left = [each.id for each in drill.left()]
        calls = as_calls(planned_actions(len(left), simulates))
        return Result(bool(left) and not simulates, {"drill": None, "removed": left}, calls=calls)
    # What an earlier one left goes first: it may look where nobody answers.
    left = [each.id for each in drill.remove_all()]
    result = drill.carry_out() if simulates else None
    values = {"drill": result.as_dict() if result else None, "removed": left}
    return Result(bool(left), values, calls=tuple(drill.calls))


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["simulated", "absent"], "default": "simulated"},
            "workload": {"type": "str", "required": True},
            "api_url": {"type": "str"},
            "request_interval": {"type": "int", "choices": [10, 30], "default": 10},
            "stable_for": {"type": "float", "default": 60.0},
            "poll_interval": {"type": "float", "default": 1.0},
            "timeout": timeout_spec(600),
            "run": RUN_SPEC,
        },
        required_if=[("state", "simulated", ["api_url"])],
    )


if __name__ == "__main__":
    main()
