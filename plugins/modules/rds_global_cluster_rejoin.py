#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: rds_global_cluster_rejoin
version_added: 0.2.0
short_description: Make one global database again of the two that a detach has left
description:
  - A failover's last resort detaches its target, which then writes by itself. AWS joins the two no more, and takes a
    cluster that exists into a global cluster only as its first one.
  - This module takes the old primary out of the old global cluster, deletes that one once it is empty, makes a new one
    of its name out of the detached cluster, and adds a new secondary in O(home), with the old primary's name, network,
    settings and instances, which AWS fills from the writer. Endpoints stay what they were.
  - The old primary gives its name away and is kept aside, its instances too, with C(-kept-) and the time at the end.
    No database, instance or snapshot is deleted. RV(rejoin.kept) names what to delete by hand, once its lost writes are
    dealt with.
  - Nothing is begun unless the old primary is known to be fenced and a snapshot of it is kept, as
    P(multiregion.aws_dr.region_return#module) sees to, and unless the cluster in O(standby) takes a write.
  - It knows the cluster by the tag that a detach leaves on it, and takes that off last. Run again after it was
    interrupted it goes on from what AWS says. Where both are joined it changes nothing.
  - Filling the new secondary takes as long as the database is large. That isn't waited for.
  - Not taken over are roles, the Data API, custom endpoints and autoscaling of replicas.
  - Needs C(rds:DescribeGlobalClusters), C(rds:DescribeDBClusters), C(rds:DescribeDBInstances),
    C(rds:RemoveFromGlobalCluster), C(rds:DeleteGlobalCluster), C(rds:CreateGlobalCluster), C(rds:CreateDBCluster),
    C(rds:CreateDBInstance), C(rds:ModifyDBCluster), C(rds:ModifyDBInstance), C(rds:AddTagsToResource),
    C(rds:RemoveTagsFromResource), C(dynamodb:GetItem) and C(secretsmanager:GetSecretValue).
options:
  workload:
    description: The workload, under which the fence of O(home) is on record.
    type: str
    required: true
  home:
    description: The Region of the old primary, and of the new secondary.
    type: str
    required: true
  standby:
    description: The Region whose cluster was detached, and writes.
    type: str
    required: true
  database:
    required: true
  table:
    description: Name of the state table. It is read in O(standby).
    type: str
    required: true
  poll_interval:
    description: Seconds between two looks.
    type: float
    default: 5.0
  timeout:
    description: Seconds after which the task fails. Run again, it goes on.
    type: float
    default: 3600.0
attributes:
  check_mode:
    details: Everything is looked at. RV(refusals) says what would be refused, and nothing is proved.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
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
- name: Join Frankfurt's database again
  multiregion.aws_dr.rds_global_cluster_rejoin:
    workload: shop
    home: eu-central-1
    standby: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    table: aws-dr-state
"""

RETURN = r"""
rejoin:
  description: How it stands.
  returned: success
  type: dict
  contains:
    joined:
      description: Whether both are one global database. In check mode, whether they are now.
      type: bool
    steps:
      description: What was done, or in check mode would be done, in order.
      type: list
      elements: str
    kept:
      description: The old primaries that are kept aside, each with C(cluster), C(instances) and C(snapshot).
      type: list
      elements: dict
  sample:
    joined: true
    steps: [rejoin_mark_old_primary, rejoin_take_out_old_primary, rejoin_drop_global_cluster]
    kept:
      - cluster: shop-eu-central-1-kept-20261130193700
        instances: [shop-eu-central-1-1-kept-20261130193655]
        snapshot: lost-shop-eu-central-1-2026-11-30-16-03-22
refusals:
  description: What holds it up, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused, and in check mode
  type: list
  elements: dict
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
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

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    RUN_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.rejoin import RejoinSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import rejoin as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.rejoin import Rejoiner, Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Join what is apart. Raises ``Refused`` and ``DrError``."""
    if options["home"] == options["standby"]:
        observed = f"Home and standby are the same Region: {options['home']}."
        raise Refused((refusal("same_region_twice", observed, "Name the workload's two Regions, each once."),))
    guard = guarded(options["run"], context)
    gate = WriterGate(options["database"], options["standby"], options["resolvers"], guard.context)
    wanted = Wanted(
        workload=options["workload"],
        global_cluster_id=options["database"]["global_cluster_id"],
        home=options["home"],
        standby=options["standby"],
        table=options["table"],
    )
    rejoiner = Rejoiner(wanted, guard, options["poll_interval"], gate.prove)
    if rejoiner.is_joined():
        return _result(True, (), (), None)
    if context.check_mode:
        return _planned(rejoiner.look(), wanted)
    seen = rejoiner.join()
    return _result(True, rejoiner.acts, tuple(rejoiner.calls), seen)


def _planned(seen: RejoinSeen, wanted: Wanted) -> Result:
    acts = plan.foretold(seen)
    calls = tuple(
        Call("rds", plan.CALLS[act], wanted.standby if act in plan.AT_STANDBY else wanted.home) for act in acts
    )
    return _result(False, acts, calls, seen, plan.refusals(seen))


def _result(
    joined: bool,
    acts: Sequence[plan.Act],
    calls: tuple[Call, ...],
    seen: RejoinSeen | None,
    refused: Sequence[Finding] = (),
) -> Result:
    """What was done or would be; ``seen`` is from the end, ``None`` where nothing was to be done."""
    kept = plan.kept_aside(seen) if seen is not None else []
    values = {
        "rejoin": {"joined": joined, "steps": [act.value for act in acts], "kept": kept},
        "refusals": [each.as_dict() for each in refused],
    }
    before, after = ({"joined": False}, {"joined": True}) if acts else (None, None)
    return Result(bool(calls), values, before, after, calls)


def main() -> None:
    run(
        execute,
        argument_spec={
            "workload": {"type": "str", "required": True},
            "home": {"type": "str", "required": True},
            "standby": {"type": "str", "required": True},
            "database": {**DATABASE_SPEC, "required": True},
            "table": {"type": "str", "required": True},
            "poll_interval": {"type": "float", "default": 5.0},
            "resolvers": RESOLVERS_SPEC,
            "run": RUN_SPEC,
            "timeout": timeout_spec(3600),
        },
    )


if __name__ == "__main__":
    main()
