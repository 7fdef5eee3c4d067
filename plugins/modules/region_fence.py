#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: region_fence
version_added: 0.2.0
short_description: Keep a Region from acknowledging writes, or let it again
description:
  - Fences a workload's old Region before its other Region is promoted, so that clients which still reach the old one
    get no more acknowledgements for writes that would be lost; and takes the fence down again.
  - Everything is asked of the fenced Region itself, within O(timeout). A Region that gives no answer is not taken for
    a fenced one. Its fence is then owed.
  - The fence is proved by writes that fail, over a new connection through the cluster's endpoint and over one that was
    open before the fence, as the application's connections are.
  - What there was before is returned, and within a O(run) stands in its journal before anything is changed.
  - A planned switchover stops writes by itself and needs no fence. To stop the application before it, use
    O(state=fenced) with O(methods=compute) or O(methods=hook), and O(state=unfenced) afterwards.
  - Needs C(rds:DescribeGlobalClusters), C(rds:DescribeDBClusters), C(rds:DescribeDBSubnetGroups),
    C(secretsmanager:GetSecretValue) and C(ec2:DescribeNetworkAcls).
  - V(network_acl) also needs C(ec2:CreateNetworkAclEntry) and C(ec2:DeleteNetworkAclEntry). V(compute) needs, for what
    it stops, C(ecs:DescribeServices) and C(ecs:UpdateService), C(autoscaling:DescribeAutoScalingGroups) and
    C(autoscaling:UpdateAutoScalingGroup), C(lambda:GetFunctionConcurrency), C(lambda:PutFunctionConcurrency) and
    C(lambda:DeleteFunctionConcurrency). Its sessions are ended by a member of C(pg_signal_backend).
options:
  state:
    description:
      - V(fenced) puts the fence up, by the first of O(methods) that holds.
      - V(unfenced) takes down what any of O(methods) has put up.
      - V(read) only looks. What a hook has done can't be seen, and is unknown.
    type: str
    choices: [fenced, unfenced, read]
    required: true
  workload:
    description: The workload that the fence is for. With O(run), where the fence stands is kept in the state table.
    type: str
  region:
    description: The Region to fence. It is never taken from the environment.
    type: str
    required: true
    aliases: [aws_region, ec2_region]
  database:
    description:
      - The database that must not take writes any more. Its member in O(region) is fenced.
      - The proof is a write to its table C(aws_dr_writer_proof).
    required: true
  allow_unfenced:
    description:
      - Goes on where the fence couldn't be put up, or only in part. The result's C(state) says so, and a warning.
      - A Region that takes no connection is then asked for 0.25 seconds, else for 2. One that hangs, or whose TLS
        handshake does, is then given up after 0.5 seconds, else after 2. A Region that answers slowly once it is
        connected then has 2 seconds to say which database it is, else 10, and half of O(timeout) at most.
      - Without it that is a refusal, or a failure where something has been changed.
    type: bool
    default: false
  before:
    description:
      - What RV(fence.before) said when the fence was put up. Needed to set compute going again.
      - With O(state=fenced) it is what a first run returned, so that a second one doesn't take the fence for what was
        before.
    type: dict
    default: {}
  timeout:
    description: Seconds for all of it.
    type: float
    default: 20.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.fence
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    details: A hook is not run. No connection to the database is opened, and nothing is proved.
  idempotent:
    support: partial
    details: Whether a hook changes anything is not known. It counts as a change.
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Fence Frankfurt, and go on without if it can't be reached
  multiregion.aws_dr.region_fence:
    state: fenced
    region: eu-central-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    api_url: https://api.eu-central-1.shop.example/healthz
    allow_unfenced: true
  register: fence

- name: Take it down, when Frankfurt is to be the writer again
  multiregion.aws_dr.region_fence:
    state: unfenced
    region: eu-central-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    before: "{{ fence.fence.before }}"
"""

RETURN = r"""
fence:
  description: Where the fence stands, or in check mode would.
  returned: success
  type: dict
  contains:
    region:
      description: The Region.
      type: str
    state:
      description:
        - V(fenced) or V(unfenced).
        - V(owed) when nothing of it stands, as the Region couldn't be reached or something spoke against it.
        - V(partial) when some of it stands, or a write was accepted all the same.
        - V(unknown) when something was changed, or may have been, and nobody could look.
      type: str
    method:
      description: The method that holds. Null where none does, and with O(state=unfenced) and O(state=read).
      type: str
    proved:
      description: V(true) when writes were seen to be refused, V(false) when one was accepted, else V(unknown).
      type: str
    how:
      description: What the proof is, or what is missing from it.
      type: str
    before:
      description: What there was before, for O(before). C(reached) says whether the database answered then.
      type: dict
    entries:
      description: This module's entries in the network ACLs, each with C(acl) and C(entry).
      type: list
      elements: dict
    at:
      description: When it was done, in seconds since the epoch. Null when there was nothing to do.
      type: float
    trouble:
      description: What went wrong on the way. Else empty.
      type: str
  sample:
    region: eu-central-1
    state: fenced
    method: network_acl
    proved: "true"
    how: a write over a new connection was refused (no answer within 2.0 s)
    before: {reached: true, network_acls: {acl-1: [in 100 allow -1 0.0.0.0/0 0-65535]}, compute: []}
    entries: [{acl: acl-1, entry: in 1 deny 6 0.0.0.0/0 5432-5432}]
    at: 1767225660.2
    trouble: ""
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: ec2, action: CreateNetworkAclEntry, region: eu-central-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import all_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    FENCE_SPEC,
    RESOLVERS_SPEC,
    RUN_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cluster_snapshot import SnapshotState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import FenceState, Proved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import before_by, check_request, owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence import (
    Fence,
    look,
    put_up,
    take_down,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_request import wanted_fence
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import open_store


def argument_spec() -> dict[str, Any]:
    return {
        "state": {"type": "str", "choices": ["fenced", "unfenced", "read"], "required": True},
        "workload": {"type": "str"},
        "region": {"type": "str", "required": True, "aliases": ["aws_region", "ec2_region"]},
        "database": {**DATABASE_SPEC, "required": True},
        **FENCE_SPEC,
        "allow_unfenced": {"type": "bool", "default": False},
        "before": {"type": "dict", "default": {}},
        "resolvers": RESOLVERS_SPEC,
        "run": RUN_SPEC,
        "timeout": timeout_spec(20),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Put the fence up, take it down, or look at it. Raises ``Refused`` and ``DrError``."""
    wanted = wanted_fence(options, options["before"] or _before(options, context))
    wrong = check_request(wanted.methods, wanted.compute, wanted.hook, wanted.first_rule)
    if wrong:
        raise Refused(wrong)
    if options["state"] == "read":
        return _result(look(wanted, context))
    guard = guarded(options["run"], context)
    if options["state"] == "fenced":
        fence = put_up(wanted, guard, hurried=options["allow_unfenced"])
        _keep(fence, options, context)
        _judge(fence, options["allow_unfenced"], context)
        return _result(fence)
    fence = take_down(wanted, guard)
    _keep(fence, options, context)
    if fence.state is not FenceState.UNFENCED:
        raise DrError(
            f"Taking the fence of {wanted.region} down",
            f"it is {fence.state.value}; {fence.trouble}".rstrip("; "),
            "Its database may still be cut off from its clients. Mend that, then run again.",
        )
    return _result(fence)


def _before(options: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """What there was before the fence that stands, by its record: whoever lifts it needn't be who put it up.

    An attempt that was killed before it wrote one has left it in the run's journal.
    """
    if not options["run"] or not options["workload"]:
        return {}
    token = RunToken.from_options(options["run"])
    if not token.fence:
        return {}
    store = open_store(token, context)
    jobs: dict[str, Callable[[], Any]] = {
        "Reading the fence's record": lambda: store.read_fence(options["workload"], options["region"]),
        "Reading the run's journal": lambda: store.read_events(token.id),
    }
    known, events = all_of(jobs, context.deadline, context.clock).values()
    stands = known is not None and known.state not in (FenceState.UNFENCED.value, FenceState.OWED.value)
    return known.before if stands else before_by(events)


def _keep(fence: Fence, options: Mapping[str, Any], context: Context) -> None:
    """Write the record. What was done has been done: that it couldn't be written must not hide it."""
    try:
        _record(fence, options, context)
    except DrError as error:
        context.warn(f"No record says that the fence of {fence.region} is {fence.state.value}: {error}")


def _record(fence: Fence, options: Mapping[str, Any], context: Context) -> None:
    """Where it stands, or that it is owed, is kept for whoever sees that Region again. Raises ``DrError``."""
    if context.check_mode or not options["run"] or not options["workload"]:
        return
    token = RunToken.from_options(options["run"])
    if not token.fence:
        return
    store, kept = open_store(token, context), fence.as_dict()
    record = FenceRecord(
        workload=options["workload"],
        region=fence.region,
        state=fence.state.value,
        method=str(kept["method"] or ""),
        before=kept["before"],
        at=context.clock.wall(),
        run_id=token.id,
        how=fence.how,
    )
    known = store.read_fence(record.workload, record.region) if options["state"] == "unfenced" else None
    if known is not None:  # what became of the lost primary's snapshot doesn't go with the fence
        left = known.snapshot_state or (SnapshotState.OWED.value if known.snapshot_owed else "")
        record = replace(
            record, snapshot=known.snapshot, snapshot_state=left, run_id=known.run_id if left else token.id
        )
    store.write_fence(record)


def _judge(fence: Fence, allow_unfenced: bool, context: Context) -> None:
    """Raise where the Region isn't fenced and must be; warn of whatever isn't proved."""
    if fence.state is FenceState.FENCED:
        if fence.proved is not Proved.TRUE and not context.check_mode:
            context.warn(f"{fence.region} is fenced, and that is not proved: {fence.how}.")
        return
    seen = "; ".join(filter(None, (*(finding.observed for finding in fence.findings), fence.trouble, fence.how)))
    if allow_unfenced:
        context.warn(
            f"{fence.region} may acknowledge writes that will be lost: its fence is {fence.state.value}: {seen}"
        )
    elif fence.changed:
        remedy, values = owed(fence.region, seen).remedy, {"fence": fence.as_dict()}
        error = DrError(f"Fencing {fence.region}", f"it is {fence.state.value}; {seen}", remedy, values)
        error.made = fence.calls  # what was put up is to be taken down by whoever gives up
        raise error
    else:
        raise Refused((*fence.findings, owed(fence.region, fence.trouble or seen)))


def _result(fence: Fence) -> Result:
    entries = [f"{each['acl']}: {each['entry']}" for each in fence.entries]
    made = [] if fence.state is FenceState.UNFENCED else entries
    return Result(
        changed=fence.changed,
        values={"fence": fence.as_dict()},
        before={"state": "unfenced" if fence.changed and made else fence.state.value},
        after={"state": fence.state.value, "entries": made},
        calls=fence.calls,
    )


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
