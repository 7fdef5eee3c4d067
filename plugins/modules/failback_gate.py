#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: failback_gate
version_added: 0.1.0
short_description: Wait until a step of a failback may be made
description:
  - Looks at both Regions, and lets through only once what the step needs is seen. What isn't known holds it up as well,
    as going home is no emergency.
  - It waits where waiting may mend it, until O(timeout), and is refused at once where it can't.
  - Where the home Region is seen to be the writer already, the gates before the switchover are open. A failback that
    was interrupted after it goes on.
  - Nothing is changed. Within a run the gate is a step of its own in the journal, and keeps the lease while it waits.
options:
  step:
    description:
      - V(home_stable) needs O(home) to be well for O(stable_for) seconds, by two witnesses at least and against none.
        It is refused where it turns bad twice meanwhile.
      - V(resync) needs the database in O(home) to be in step with that in O(standby), by both Regions' word.
      - V(losses) needs the lost writes of earlier failovers to be reconciled, or accepted.
      - V(cache) needs the cache in O(home) to follow.
      - V(lift_fence) needs what V(resync) does, and no fence that is owed.
      - V(lifted) needs what V(resync) does, and that the server in O(home) says itself that it is read-only.
      - V(switch_over) needs what V(lifted) and V(losses) do, and that no fence of O(home) is on record.
      - V(clear_latch) needs O(home) to be the writer by both Regions' word and by its server's.
      - V(reverse) and V(reverse_cache) need O(standby) to follow O(home).
    type: str
    choices: [home_stable, resync, losses, cache, lift_fence, lifted, switch_over, clear_latch, reverse, reverse_cache]
    required: true
  stable_for:
    description: How long O(home) has to be well, in seconds.
    type: float
    default: 300.0
  interval:
    description: How often the witnesses are asked, in seconds. More often where O(stable_for) is short.
    type: float
    default: 5.0
  timeout:
    description: Seconds after which the task is refused.
    type: float
    default: 900.0
attributes:
  check_mode:
    details: Everything is looked at once, nothing is waited for, and RV(refusals) says what would hold it up.
  diff_mode:
    support: none
    details: It changes nothing.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.failback
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Wait until Frankfurt's database is in step again
  multiregion.aws_dr.failback_gate:
    step: resync
    workload: shop
    home: eu-central-1
    standby: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    table: aws-dr-state
    timeout: 7200

- name: Wait until Frankfurt has been well for five minutes
  multiregion.aws_dr.failback_gate:
    step: home_stable
    workload: shop
    home: eu-central-1
    standby: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    api_url: https://api.eu-central-1.shop.example/healthz
    stable_for: 300
"""

RETURN = r"""
open:
  description: Whether the step may be made. Only in check mode it may be false.
  returned: success
  type: bool
sides:
  description: Each Region's word on the database.
  returned: success
  type: list
  elements: dict
  contains:
    region:
      description: The Region.
      type: str
    writer:
      description: The writer's Region, as this one's RDS says. Null where that isn't known.
      type: str
    sync:
      description: C(connected) or C(pending-resync), of its own member. Null where AWS doesn't say.
      type: str
    status:
      description: Its own cluster's status.
      type: str
    writable:
      description: Whether its server says that it takes writes. Null where that couldn't be asked.
      type: bool
    why:
      description: Why something is unknown.
      type: str
home_writes:
  description: Whether both Regions say that O(home) is the writer, with nothing under way.
  returned: success
  type: bool
fence:
  description: State of the fence of O(home), by the state table. Null where there is none.
  returned: success
  type: str
runs:
  description: Ids of the runs in the history, newest first. Null where it couldn't be read.
  returned: success
  type: list
  elements: str
home_good_for:
  description: How long O(home) was seen to be well, in seconds. Null where it wasn't watched.
  returned: success
  type: float
refusals:
  description: What holds the step up, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused, and in check mode
  type: list
  elements: dict
calls:
  description: The changing AWS calls. Always empty.
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.failback_options import WAY_SPEC
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Step
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback import gate
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_stability import wrong_with
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.failback import as_values, look, witnesses
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.failback_gate import (
    losses_of,
    wait_at,
    wait_stable,
    way_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Wait at the gate. Raises ``Refused`` where the step may not be made, ``DrError`` for a wrong name."""
    step = Step(options["step"])
    if context.check_mode:
        return _look_once(step, options, context)
    guard = guarded(options["run"], context)
    way = way_of(options)
    with guard.step(f"gate_{step.value}") as noted:
        if step is Step.HOME_STABLE:
            passed = wait_stable(way, options["stable_for"], options["interval"], guard.context)
        else:
            passed = wait_at(step, way, losses_of(options), guard.context)
        good_for = passed.watch.good_for if passed.watch else None
        noted.saw(home_good_for=good_for, accepted_unreconciled=options["accept_unreconciled"])
    values = as_values(passed.seen) if passed.seen else {}
    return Result(changed=False, values={"open": True, **values, "home_good_for": good_for, "refusals": []})


def _look_once(step: Step, options: Mapping[str, Any], context: Context) -> Result:
    way = way_of(options)
    seen = look(way, context, losses_of(options))
    refusals = []
    if step is Step.HOME_STABLE:
        wrong = wrong_with(witnesses(way, context, seen.fence))
        if wrong:
            context.warn(f"{way.home} isn't well now: {wrong}.")
    else:
        refusals = [each.finding.as_dict() for each in gate(step, seen)]
    values = {"open": not refusals, **as_values(seen), "home_good_for": None, "refusals": refusals}
    return Result(changed=False, values=values)


def main() -> None:
    run(
        execute,
        argument_spec={
            "step": {"type": "str", "choices": [step.value for step in Step], "required": True},
            **WAY_SPEC,
            "stable_for": {"type": "float", "default": 300.0},
            "interval": {"type": "float", "default": 5.0},
            "run": RUN_SPEC,
            "timeout": timeout_spec(900),
        },
    )


if __name__ == "__main__":
    main()
