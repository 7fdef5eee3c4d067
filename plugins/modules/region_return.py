#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: region_return
version_added: 0.2.0
short_description: Fence a lost Region at first contact, and keep its lost primary's snapshot
description:
  - After an unplanned failover the old Region comes back some day. Its old primary may then acknowledge writes that are
    lost, and AWS's snapshot of it, which holds those that already are, expires.
  - As soon as the Region answers, this module puts up the fence that it is owed, proved by a refused write, and copies
    that snapshot to a manual one, which nothing expires.
  - Where AWS has rebuilt the database as a replica in sync, a write that its server refuses settles the fence, and none
    is put up. While the resynchronisation still runs it is put up all the same. Replication doesn't pass it.
  - AWS takes no snapshot of a primary that a detach has left behind, as it doesn't rebuild it. That one is a second
    writer. It is fenced, then a manual snapshot is taken of it.
  - A lost primary that somebody took out of the global cluster is a second writer, too. RDS doesn't tell any more whose
    it was. It is found by the identifier that the run's journal or the workload's baseline has, where that cluster is
    in no global cluster, and treated like one that a detach left behind. Where neither has one it fails and names what
    the Region has, as it may not guess what to fence.
  - A Region that doesn't answer within 3 seconds hasn't returned. That is no failure and no change.
  - What is owed stands in the state table, where P(multiregion.aws_dr.region_fence#module) has left it, or follows from
    the workload's last failover where no fence is configured.
  - Needs what P(multiregion.aws_dr.region_fence#module) needs, and C(rds:DescribeDBClusterSnapshots),
    C(rds:CopyDBClusterSnapshot), C(rds:CreateDBClusterSnapshot) and C(rds:AddTagsToResource).
options:
  state:
    description:
      - V(settled) does what is owed.
      - V(read) only looks, and says whether something is to be done now.
    type: str
    choices: [settled, read]
    default: settled
  workload:
    description: The workload that was failed over.
    type: str
    required: true
  region:
    description: The Region that was lost. It is never taken from the environment.
    type: str
    required: true
    aliases: [aws_region, ec2_region]
  database:
    required: true
  fenced:
    description: Whether the workload's Regions are fenced at all. If not, only the snapshot is seen to.
    type: bool
    default: true
  table_region:
    description:
      - The workload's other Region, in which the table is written. It is read in whichever of both answers first.
  journal:
    description:
      - The file of the journal on this machine, if a failover may have done without the state table. It is only read,
        for what that one left owed. P(multiregion.aws_dr.run_open#module) carries it over into the table.
    type: path
  wait:
    description:
      - Whether to wait until the snapshot is there, as far as O(timeout) allows. It goes on by itself.
  timeout:
    description: Seconds for all of it.
    type: float
    default: 120.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.fence
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - multiregion.aws_dr.state_table
  - multiregion.aws_dr.wait
  - amazon.aws.common.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    details: A hook is not run. No connection to the database is opened, and nothing is proved.
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: See whether Frankfurt is back
  multiregion.aws_dr.region_return:
    state: read
    workload: shop
    region: eu-central-1
    database: "{{ aws_dr_database }}"
    table: aws-dr-state
    table_region: eu-west-1
  register: back

- name: Fence it, and keep what it had not replicated
  multiregion.aws_dr.region_return:
    run: "{{ opened.run }}"
    workload: shop
    region: eu-central-1
    database: "{{ aws_dr_database }}"
    table: aws-dr-state
    table_region: eu-west-1
  when: back.region_return.needed
"""

RETURN = r"""
region_return:
  description: How it stands with the Region.
  returned: success, and when something couldn't be done
  type: dict
  contains:
    region:
      description: The Region.
      type: str
    state:
      description:
        - V(nothing_owed), or V(unreachable) while it hasn't returned.
        - V(owed) while there is something to do or to wait for, V(settled) when all has been done.
      type: str
    needed:
      description: Whether something can be done now.
      type: bool
    seen:
      description: Why the Region was not reached. Else empty.
      type: str
    fence:
      description: What the state table then says of its fence. Null with V(nothing_owed).
      type: dict
    outside:
      description: The lost primary where it stands alone, taken out of the global cluster by somebody. Else empty.
      type: str
    snapshot:
      description:
        - C(state) is V(owed), V(copying), V(kept) or V(none), where AWS took none. C(id) is the manual snapshot.
        - C(how) says how that is known. Null while the Region hasn't answered.
      type: dict
    owed:
      description: What the workload still lacks.
      type: list
      elements: str
    writes:
      description: Whether it is the writer by every Region's word. Its functions stay on their event sources then.
      type: bool
    outcome:
      description: V(degraded) while anything is owed, else V(succeeded). What the run is to be closed with.
      type: str
  sample:
    region: eu-central-1
    state: settled
    needed: false
    seen: ""
    outside: ""
    writes: false
    fence: {workload: shop, region: eu-central-1, state: fenced, method: network_acl}
    snapshot:
      state: kept
      id: lost-shop-eu-central-1-2026-11-30-16-03-22
      how: a copy of rds:unplanned-global-failover-shop-eu-central-1-2026-11-30-16-03-22
    owed: ["eu-central-1 is no standby yet: its database is to become a replica in sync"]
    outcome: degraded
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: ec2, action: CreateNetworkAclEntry, region: eu-central-1}]
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    FENCE_SPEC,
    RESOLVERS_SPEC,
    RUN_SPEC,
    STATE_TABLE_SPEC,
    WAIT_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import check_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_request import wanted_fence
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.region_return import (
    Return,
    Returned,
    judge,
    settle,
)


def argument_spec() -> dict[str, Any]:
    return {
        "state": {"type": "str", "choices": ["settled", "read"], "default": "settled"},
        "workload": {"type": "str", "required": True},
        "region": {"type": "str", "required": True, "aliases": ["aws_region", "ec2_region"]},
        "database": {**DATABASE_SPEC, "required": True},
        "fenced": {"type": "bool", "default": True},
        **FENCE_SPEC,
        "resolvers": RESOLVERS_SPEC,
        **STATE_TABLE_SPEC,
        "journal": {"type": "path"},
        "wait": WAIT_SPEC,
        "run": RUN_SPEC,
        "timeout": timeout_spec(120),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Look, and do what is owed. Raises ``Refused`` and ``DrError``."""
    wanted = wanted_fence(options, {})
    wrong = check_request(wanted.methods, wanted.compute, wanted.hook, wanted.first_rule)
    if wrong and options["fenced"]:
        raise Refused(wrong)
    asked = Return(
        options["workload"],
        wanted if options["fenced"] else None,
        wanted.region,
        wanted.database.global_cluster_id,
        options["table"],
        options["table_region"],
        options["wait"],
        options["journal"],
    )
    seen = judge(asked, context)
    if options["state"] == "read" or not seen.needed:
        return _result(seen)
    done = settle(asked, seen, options["run"], context)
    if done.failed:
        error = DrError(
            f"Fencing {wanted.region}, which is back", done.failed, REMEDY, {"region_return": done.as_dict()}
        )
        error.made = done.calls
        raise error
    return _result(done)


REMEDY = (
    "What isn't fenced may go on acknowledging writes that are lost, and what isn't kept expires. Mend what is named,"
    " or do it by hand, and run it again."
)


def _result(seen: Returned) -> Result:
    before = {"fence": seen.was, "snapshot": seen.snapshot_was}
    after = {"fence": seen.record.state if seen.record else "", "snapshot": seen.snapshot.id if seen.snapshot else ""}
    return Result(seen.changed, {"region_return": seen.as_dict()}, before, after, seen.calls)


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
