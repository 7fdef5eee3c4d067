#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: rds_isolated_copy
version_added: 0.1.0
short_description: Make an isolated copy of a Region's database, prove it, and remove it
description:
  - Clones an Aurora cluster in its own Region (copy-on-write, so the source is neither copied nor slowed), gives the
    clone an instance, and proves by SQL that it takes a write, that its tables can be read, and that the source saw
    nothing of the write. So a promotion is rehearsed on the standby's real data, and production is not touched.
  - What it doesn't rehearse is RDS's own failover of the global cluster.
  - Or restores a snapshot beside the cluster, to be read there.
  - The copy and its instance are tagged from the first moment on. Only what is tagged is ever removed, also what a
    killed drill left behind.
  - Needs C(rds:DescribeDBClusters), C(rds:DescribeDBInstances), C(rds:RestoreDBClusterToPointInTime) or
    C(rds:RestoreDBClusterFromSnapshot), C(rds:CreateDBInstance), C(rds:AddTagsToResource), C(rds:DeleteDBInstance),
    C(rds:DeleteDBCluster) and, for the proof, C(secretsmanager:GetSecretValue).
options:
  state:
    description:
      - V(present) makes the copy where there is none, waits for it and proves it.
      - V(absent) removes the workload's copies, whatever their names, and waits until they are gone.
    type: str
    choices: [present, absent]
    default: present
  region:
    description: The Region of source and copy.
    type: str
    required: true
  workload:
    description: The workload, for the copy's tag.
    type: str
    required: true
  source:
    description:
      - The cluster to copy, by its identifier.
      - Default is the member of O(database.global_cluster_id) in the Region, unless that is the writer. With
        O(snapshot) it may be.
    type: str
  snapshot:
    description:
      - A cluster snapshot in the Region, whose data the copy gets instead of the source's. The source then gives it no
        more than network, settings and size. Nothing is proved, so that its data stay as they were.
      - Without a run it is tagged as C(reconcile)'s, and drills leave it alone.
    type: str
  subnet_group:
    description: With O(snapshot), the DB subnet group that the copy is put into. Default is the source's.
    type: str
  name:
    description: The copy's identifier. Required with O(state=present).
    type: str
  instance_class:
    description: The class of the copy's instance. Default is that of the source's first one.
    type: str
  database:
    description: Required with O(state=present).
  made_by:
    description:
      - With O(state=absent), only the copies that this run made, or V(reconcile) for what was restored from a snapshot.
      - Default is all that drills have left of the workload's.
    type: str
    default: ""
  poll_interval:
    description: Seconds between two looks at a copy that is being made or removed.
    type: float
    default: 5.0
  timeout:
    description: Seconds after which the task fails. Making a copy takes some ten minutes.
    type: float
    default: 2400.0
attributes:
  check_mode:
    details: The Region's clusters are read. Nothing is proved.
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
- name: Rehearse the promotion on a copy
  multiregion.aws_dr.rds_isolated_copy:
    region: eu-west-1
    workload: shop
    name: aws-dr-drill-shop
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
  register: copy

- name: Have a lost primary's data at hand, to be compared
  multiregion.aws_dr.rds_isolated_copy:
    region: eu-central-1
    workload: shop
    name: aws-dr-lost-shop
    snapshot: lost-shop-eu-central-1-2026-11-30-16-03-22
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db

- name: Remove it, and whatever earlier drills left
  multiregion.aws_dr.rds_isolated_copy:
    region: eu-west-1
    workload: shop
    state: absent
"""

RETURN = r"""
copies:
  description: The copy that there is, or in check mode would be; with O(state=absent) those that were removed.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its identifier.
      type: str
    endpoint:
      description: Its own endpoint, which nobody is sent to.
      type: str
    status:
      description: Its status, as RDS said it last.
      type: str
    instances:
      description: Its instances.
      type: list
      elements: str
    run:
      description: The run that made it.
      type: str
proof:
  description: The committed write, with O(state=present). Null in check mode, and with O(snapshot).
  returned: success
  type: dict
reads:
  description: What was read. Null where RV(proof) is.
  returned: success
  type: dict
  contains:
    tables:
      description: How many tables were read.
      type: int
    missing:
      description: Tables that the source has and the copy has not.
      type: list
      elements: str
    isolated:
      description: Whether the source saw nothing of the copy's write.
      type: bool
seconds:
  description: From the request on, until it was restored, its instance ready, the write proved. Null where this task
    didn't begin it, and with O(snapshot).
  returned: success
  type: dict
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
from dataclasses import replace
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import NO_RUN, RECONCILES
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import isolated_copy as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.isolated_copy import Keeper, Wanted, described


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Make and prove the copy, or remove what there is. Raises ``Refused`` and ``DrError``."""
    present = options["state"] == "present"
    wanted = Wanted(
        region=options["region"],
        workload=options["workload"],
        run=_made_by(options) if present else options["made_by"],
        source=options["source"] or "",
        name=options["name"] or "",
        instance_class=options["instance_class"] or "",
        snapshot=options["snapshot"] or "",
        subnet_group=options["subnet_group"] or "",
    )
    keeper = Keeper(wanted, guarded(options["run"], context), options["poll_interval"])
    if present and not wanted.source:
        keeper.wanted = replace(wanted, source=keeper.member_of(options["database"]["global_cluster_id"]))
    if context.check_mode:
        return _planned(keeper, present)
    return _present(keeper, options) if present else _absent(keeper)


def _made_by(options: Mapping[str, Any]) -> str:
    return (options["run"] or {}).get("id") or (RECONCILES if options["snapshot"] else NO_RUN)


def _planned(keeper: Keeper, present: bool) -> Result:
    clusters, wanted = keeper.look(), keeper.wanted
    if not present:
        left = keeper.left(clusters)
        refused, acts = plan.removal_refusals(left), plan.planned(left)
    else:
        refused = keeper.refusals(clusters)
        copy = plan.find(wanted.name, clusters)
        left = (copy,) if copy else ()
        acts = plan.to_make(copy, wanted.made_by)
    if refused:
        raise Refused(refused)
    calls = tuple(Call("rds", act.value, wanted.region) for act in acts)
    values = {"copies": described(left), "proof": None, "reads": None, "seconds": None}
    return Result(bool(calls), values, *_difference(keeper, left, present), calls=calls)


def _present(keeper: Keeper, options: Mapping[str, Any]) -> Result:
    made = keeper.make()
    values: dict[str, Any] = {"copies": described((made,)), "proof": None, "reads": None, "seconds": None}
    if not keeper.wanted.snapshot:
        database = Database.from_options(options["database"])
        proved, seconds = keeper.prove(made, database, tuple(options["resolvers"]))
        values |= {"proof": proved.proof.as_dict(), "reads": proved.reads.as_dict(), "seconds": seconds.as_dict()}
    before = () if keeper.began is not None else (made,)
    return Result(bool(keeper.calls), values, *_difference(keeper, before, True), calls=tuple(keeper.calls))


def _absent(keeper: Keeper) -> Result:
    removed = keeper.remove()
    values = {"copies": described(removed), "proof": None, "reads": None, "seconds": None}
    return Result(bool(keeper.calls), values, *_difference(keeper, removed, False), calls=tuple(keeper.calls))


def _difference(keeper: Keeper, before: tuple[Any, ...], present: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The copies before and after, for diff mode."""
    names = [each.id for each in before]
    after = sorted({*names, keeper.wanted.name}) if present else []
    return {"copies": names}, {"copies": after}


def main() -> None:
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "workload": {"type": "str", "required": True},
            "source": {"type": "str"},
            "snapshot": {"type": "str"},
            "subnet_group": {"type": "str"},
            "name": {"type": "str"},
            "instance_class": {"type": "str"},
            "database": DATABASE_SPEC,
            "made_by": {"type": "str", "default": ""},
            "poll_interval": {"type": "float", "default": 5.0},
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(2400),
            "run": RUN_SPEC,
            "region": {"type": "str", "required": True, "aliases": ["aws_region"]},
        },
        required_if=[("state", "present", ["name", "database"])],
    )


if __name__ == "__main__":
    main()
