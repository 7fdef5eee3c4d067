#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: automation_switch
version_added: 0.1.0
short_description: Switch automatic failover off, and on again
description:
  - The kill switch of automatic failover stands in the state table. While it is engaged,
    M(multiregion.aws_dr.failover_trigger) holds, as it does where the switch can't be read. A failover that has begun
    goes on.
  - There is one for each workload and one for all of them. Either keeps a workload from being failed over by itself.
  - Who set it, when and why is on record. Whoever finds it as wanted leaves that as it is.
options:
  state:
    description: V(engaged) switches automation off. V(released) lets the policy decide again.
    type: str
    choices: [engaged, released]
    required: true
  workload:
    description: The workload. Without it, the switch of all workloads of the state table is meant.
    type: str
  lock:
    description: A lock in that table, the global cluster's identifier. It is read to find the Region that answers.
    type: str
    required: true
  reason:
    description: Why. It stays on record.
    type: str
    required: true
  initiated_by:
    description: Who decided. Default is the user of this machine.
    type: str
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.state_tables
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Nothing is failed over by itself tonight
  multiregion.aws_dr.automation_switch:
    state: engaged
    lock: shop
    reason: the provider works on the lines
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
"""

RETURN = r"""
kill_switch:
  description: The switch as it is now, or in check mode would be.
  returned: success
  type: dict
  contains:
    scope:
      description: The workload, or C(*) for all.
      type: str
    state:
      description: V(engaged) or V(released).
      type: str
    reason:
      description: Why it was set so.
      type: str
    by:
      description: Who set it.
      type: str
    at:
      description: When, in seconds since the epoch.
      type: float
calls:
  description: The changing AWS calls. Always empty, as those on the state table change nothing of a workload.
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    STATE_TABLES_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import holder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import EVERY_WORKLOAD, KillSwitch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.automation import set_switch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Set the switch. Raises ``Refused`` without a reason, ``DrError`` where no Region of the table answers."""
    if not options["reason"].strip():
        raise Refused((refusal("no_reason", "The reason is empty.", "Say why (-e reason=...): it stays on record."),))
    wanted = KillSwitch(
        scope=options["workload"] or EVERY_WORKLOAD,
        engaged=options["state"] == "engaged",
        reason=options["reason"],
        by=options["initiated_by"] or holder(0).user,
        at=context.clock.wall(),
    )
    _region, store = answering_table(options["table"], options["table_regions"], options["lock"], context)
    done = set_switch(wanted, store, context.check_mode)
    before = {"state": "engaged" if done.before is not None and done.before.engaged else "released"}
    return Result(done.changed, {"kill_switch": done.after.as_dict()}, before, {"state": options["state"]})


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["engaged", "released"], "required": True},
            "workload": {"type": "str"},
            "lock": {"type": "str", "required": True},
            "reason": {"type": "str", "required": True},
            "initiated_by": {"type": "str"},
            **STATE_TABLES_SPEC,
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
