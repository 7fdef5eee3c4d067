#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: rds_global_cluster_failover
version_added: 0.1.0
short_description: Move the writer of an Aurora global cluster to another Region
description:
  - Moves the writer of an Aurora global cluster to the member named by O(target), by a switchover that loses nothing
    (O(mode=planned)) or by a failover that may lose what has not been replicated (O(mode=unplanned)).
  - Starting and waiting can be two tasks. The start returns an operation, and the wait takes it and never starts any.
  - If the target is the writer already, nothing is changed. If an operation towards it is under way, it is followed.
  - A switchover is requested in the Region of the current primary. A failover is requested in the target's Region, and
    no answer of any other Region is waited for.
  - When the answer to the request is unclear, the global cluster is looked at again before anything else is done.
options:
  global_cluster_id:
    description: Identifier of the global cluster.
    type: str
    required: true
  regions:
    description:
      - The two Regions in which the workload lives. The target and the current writer must both be in them.
      - So a writer that is somewhere unexpected stops the task.
    type: list
    elements: str
    required: true
  target:
    description: Where the writer should be, as a Region's name or as the ARN of the member cluster.
    type: str
    required: true
  mode:
    description:
      - V(planned) is a switchover. Both Regions must answer; where that of the current primary does not within 5
        seconds, the module refuses with the code C(source_unreachable).
      - V(unplanned) is a failover that may lose data, for when that Region is lost. It needs O(accept_data_loss=true).
    type: str
    choices: [planned, unplanned]
    default: planned
  accept_data_loss:
    description:
      - Confirms that writes which have not been replicated yet may be lost.
      - Anything but V(true) is refused with O(mode=unplanned).
    type: bool
    default: false
  detach:
    description:
      - The last resort of O(mode=unplanned). Where RDS has refused the failover for O(detach_after) seconds, with
        nothing under way, the target's cluster is taken out of the global cluster (C(RemoveFromGlobalCluster)).
      - The cluster stands alone then and takes writes. It has no global endpoint, never joins again by itself, and
        nothing fences the old primary, which comes back as a second writer.
      - The cluster is tagged C(multiregion.aws_dr/detached-from) first. By that it is known as the writer afterwards.
    type: bool
    default: false
  detach_after:
    description:
      - Seconds for which a failover must have been refused before the target is detached.
      - With O(mode=unplanned) it is also how long a switchover under way towards the target may take. If it ends
        in vain, a failover is started; if it doesn't end, the module refuses with the code C(switchover_hangs).
    type: float
    default: 120.0
  state:
    description:
      - V(promoted) starts the operation and waits for its end.
      - V(started) starts it and returns at once with RV(operation).
      - V(finished) waits for the end of the O(operation) given, and starts nothing.
      - With O(database), a switchover is over for it as soon as the target is the writer and was proved to be. RDS may
        still be bringing in the old writer as a replica then, which no client needs to wait for.
    type: str
    choices: [promoted, started, finished]
    default: promoted
  operation:
    description: What an earlier task with O(state=started) returned as RV(operation). Required with O(state=finished).
    type: dict
    suboptions:
      id:
        description: Identifier of the request.
        type: str
        required: true
      kind:
        description: What kind of operation it is.
        type: str
        choices: [switchover, failover, detach]
        required: true
      from:
        description: ARN of the writer before it, empty where it was unknown.
        type: str
        required: true
      to:
        description: ARN of the writer to be.
        type: str
        required: true
      started:
        description: Whether the earlier task started it.
        type: bool
        default: false
      already:
        description: Whether the target was the writer already.
        type: bool
        default: false
      requested_at:
        description: When it was requested, in seconds since the epoch, or V(0) when it was found under way.
        type: float
        default: 0.0
  database:
    description:
      - The database whose writer is proved, by a real committed write through the target's own cluster endpoint.
      - Without it, the task ends when RDS says that the target is the writer.
      - O(database.global_cluster_id) must be the same as O(global_cluster_id).
  poll_interval:
    description:
      - Seconds between two looks at the global cluster.
      - In the first 10 seconds it is looked at every 0.25 seconds, or more often where this option says so.
    type: float
    default: 0.5
  timeout:
    description: Seconds after which the task fails. The operation goes on, and the task run again goes on waiting.
    type: float
    default: 900.0
attributes:
  check_mode:
    details: With O(state=finished), and after O(state=promoted), nothing is waited for and the writer is not proved.
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
- name: Switch over to Ireland, and prove that its database takes writes
  multiregion.aws_dr.rds_global_cluster_failover:
    global_cluster_id: shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db

- name: Start a failover, because Frankfurt is lost
  multiregion.aws_dr.rds_global_cluster_failover:
    global_cluster_id: shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    mode: unplanned
    accept_data_loss: true
    state: started
  register: promotion

- name: Start it, and where RDS refuses it for two minutes, detach the target
  multiregion.aws_dr.rds_global_cluster_failover:
    global_cluster_id: shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    mode: unplanned
    accept_data_loss: true
    detach: true
    state: started
  register: promotion

- name: Wait for it, once everything else that takes time is on its way
  multiregion.aws_dr.rds_global_cluster_failover:
    global_cluster_id: shop
    regions: [eu-central-1, eu-west-1]
    target: eu-west-1
    state: finished
    operation: "{{ promotion.operation }}"
"""

RETURN = r"""
operation:
  description: The operation that was started, followed, or not needed.
  returned: success
  type: dict
  contains:
    id:
      description: Identifier of the request, made by this module. RDS gives none.
      type: str
    kind:
      description: V(switchover), V(failover) or V(detach).
      type: str
    from:
      description: ARN of the writer before it. Empty where there was nothing to do or no writer.
      type: str
    to:
      description: ARN of the writer to be.
      type: str
    started:
      description: Whether this task started it, or the task that the operation was taken from.
      type: bool
    already:
      description: Whether the target was the writer already, with nothing under way.
      type: bool
    requested_at:
      description: When it was requested, in seconds since the epoch. 0 when this task did not start it.
      type: float
  sample:
    id: shop/failover/1767225600
    kind: failover
    from: arn:aws:rds:eu-central-1:123456789012:cluster:shop-eu-central-1
    to: arn:aws:rds:eu-west-1:123456789012:cluster:shop-eu-west-1
    started: true
    already: false
    requested_at: 1767225600.1
global_cluster:
  description: The global cluster as it was last seen. After O(state=started), as it was just before the start.
  returned: success
  type: dict
  contains:
    id:
      description: Its identifier.
      type: str
    status:
      description: Its status.
      type: str
    detached:
      description:
        - Whether its only member is a cluster that was detached from it and stands alone.
        - RV(global_cluster.status) is that cluster's own then.
      type: bool
    endpoint:
      description: Its writer endpoint.
      type: str
    engine_version:
      description: Its engine's version.
      type: str
    writer:
      description: The Region of its writer, null when there is none.
      type: str
    members:
      description: Its members, each with C(arn), C(region), C(is_writer), C(readers) and C(sync), null when unknown.
      type: list
      elements: dict
    failover:
      description: The operation under way, with C(status), C(from), C(to) and C(data_loss_allowed), or null.
      type: dict
writer:
  description:
    - The proof of the writer, a row that was committed.
    - Null without O(database), in check mode and with O(state=started).
  returned: success
  type: dict
  contains:
    region:
      description: The Region that was proved.
      type: str
    server_id:
      description: Identifier of the instance that wrote.
      type: str
    server_id_source:
      description: What the identifier was read from.
      type: str
    endpoint:
      description: The cluster endpoint that was written through.
      type: str
    address:
      description: What it resolved to.
      type: str
    nonce:
      description: What was written.
      type: str
    seconds:
      description: How long it took to resolve, connect and write.
      type: float
    written_at:
      description: When the write was acknowledged, in seconds since the epoch.
      type: float
write_blocks:
  description:
    - After a failover, what RDS's events say about keeping the old writer from writing.
    - RDS-EVENT-0390 says that it is blocked. RDS-EVENT-0391 says that blocking it timed out, which is also a warning.
  returned: success
  type: list
  elements: dict
  contains:
    event:
      description: The event, recognised by its message.
      type: str
    cluster:
      description: Identifier of the cluster.
      type: str
    region:
      description: Its Region.
      type: str
    seen_at:
      description: The event's time in seconds since the epoch.
      type: float
    message:
      description: The event's message.
      type: str
calls:
  description:
    - The changing AWS calls that were made, or in check mode would be made.
    - Of a task that failed, those that it had made, or may have; C(changed) is true if there are any.
  returned: always
  type: list
  elements: dict
  sample: [{service: rds, action: FailoverGlobalCluster, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    RUN_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    GlobalCluster,
    Kind,
    Operation,
    region_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode, Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard, guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.promotion import Begun, begin
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.promotion_look import read_for
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.promotion_wait import Finished, Proving, finish

OPERATION_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {
        "id": {"type": "str", "required": True},
        "kind": {"type": "str", "choices": [kind.value for kind in Kind], "required": True},
        "from": {"type": "str", "required": True},
        "to": {"type": "str", "required": True},
        "started": {"type": "bool", "default": False},
        "already": {"type": "bool", "default": False},
        "requested_at": {"type": "float", "default": 0.0},
    },
}


def argument_spec() -> dict[str, Any]:
    return {
        "global_cluster_id": {"type": "str", "required": True},
        "regions": {"type": "list", "elements": "str", "required": True},
        "target": {"type": "str", "required": True},
        "mode": {"type": "str", "choices": ["planned", "unplanned"], "default": "planned"},
        "accept_data_loss": {"type": "bool", "default": False},
        "detach": {"type": "bool", "default": False},
        "detach_after": {"type": "float", "default": 120.0},
        "state": {"type": "str", "choices": ["promoted", "started", "finished"], "default": "promoted"},
        "operation": OPERATION_SPEC,
        "database": DATABASE_SPEC,
        "resolvers": RESOLVERS_SPEC,
        "poll_interval": {"type": "float", "default": 0.5},
        "run": RUN_SPEC,
        "timeout": timeout_spec(900),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Start, wait, or both. Raises ``Refused`` and ``DrError``."""
    wanted = Wanted(
        global_cluster_id=options["global_cluster_id"],
        target=options["target"],
        mode=Mode(options["mode"]),
        regions=tuple(options["regions"]),
        accept_data_loss=options["accept_data_loss"] is True,
        detach=options["detach"] is True,
        detach_after=options["detach_after"],
    )
    wrong = _wrong_options(options, wanted)
    if wrong:
        raise Refused(wrong)
    guard = guarded(options.get("run"), context)
    if options["state"] == "finished":
        operation = _operation(options["operation"])
        return _result(operation, _finish(operation, options, wanted, guard))
    begun = begin(wanted, guard)
    if options["state"] == "started" or context.check_mode:
        return _result(begun.operation, Finished(begun.before), begun)
    with having_made(begun.calls):
        return _result(begun.operation, _finish(begun.operation, options, wanted, guard), begun)


def _wrong_options(options: Mapping[str, Any], wanted: Wanted) -> tuple[Finding, ...]:
    database, operation = options["database"], options["operation"]
    positive = ("poll_interval", "detach_after", "timeout")
    if any(options[name] <= 0 for name in positive):
        seen = ", ".join(f"{name} is {options[name]}" for name in positive) + "."
        return (refusal("not_positive", seen, "Give all in seconds, more than 0."),)
    if database and database["global_cluster_id"] != wanted.global_cluster_id:
        named = database["global_cluster_id"]
        seen = f"global_cluster_id is {wanted.global_cluster_id}, database.global_cluster_id is {named}."
        return (refusal("other_database", seen, "Make them equal: the writer that is moved is the one to prove."),)
    if options["state"] == "finished" and wanted.target not in (operation["to"], region_of(operation["to"])):
        seen = f"The operation goes to {operation['to']}, the target is {wanted.target}."
        return (refusal("other_operation", seen, "Give the operation that the start towards this target returned."),)
    return ()


def _operation(given: Mapping[str, Any]) -> Operation:
    return Operation(
        id=given["id"],
        kind=Kind(given["kind"]),
        from_arn=given["from"],
        to_arn=given["to"],
        started=given["started"],
        already=given["already"],
        requested_at=given["requested_at"],
    )


def _finish(operation: Operation, options: Mapping[str, Any], wanted: Wanted, guard: Guard) -> Finished:
    if guard.context.check_mode:
        return Finished(read_for(wanted, guard.context))
    database = options["database"]
    proving = Proving(Database.from_options(database), tuple(options["resolvers"])) if database else None
    arguments = (operation, wanted.global_cluster_id, proving, options["poll_interval"], guard.context)
    if operation.already:
        return finish(*arguments)
    with guard.step("prove_writer") as step:
        finished = finish(*arguments)
        step.saw(
            **_writer(finished.cluster),
            server=finished.proof.server_id if finished.proof else None,
            write_blocks=[block.event for block in finished.write_blocks],
        )
    return finished


def _result(operation: Operation, finished: Finished, begun: Begun | None = None) -> Result:
    values = {
        "operation": operation.as_dict(),
        "global_cluster": finished.cluster.as_dict(),
        "writer": finished.proof.as_dict() if finished.proof else None,
        "write_blocks": [block.as_dict() for block in finished.write_blocks],
    }
    if begun is None:
        return Result(changed=False, values=values)
    calls = begun.calls
    before = _writer(begun.before)
    after = {"writer": region_of(operation.to_arn)} if calls or operation.started else before
    return Result(changed=bool(calls) or operation.started, values=values, before=before, after=after, calls=calls)


def _writer(cluster: GlobalCluster) -> dict[str, Any]:
    return {"writer": cluster.writer.region if cluster.writer else None}


def main() -> None:
    run(execute, argument_spec=argument_spec(), required_if=[("state", "finished", ["operation"])])


if __name__ == "__main__":
    main()
