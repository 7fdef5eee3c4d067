#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: route53_failover_records
version_added: 0.1.0
short_description: Switch names of a Route 53 zone to one of their two legs
description:
  - Makes one leg answer for any number of names of a zone, in one transactional batch, or in as few as Route 53's
    limits allow.
  - A leg is a record set with its C(SetIdentifier), usually named for its Region. Each name has two, with the failover
    or the weighted routing policy, which is taken from what is there. Values, alias, TTL and health check stay with
    their leg.
  - With the failover policy, the leg O(target) becomes PRIMARY and the other SECONDARY. With the weighted policy, it
    gets weight 100 and the other 0.
  - A changed record set is deleted and created again in the same batch, which counts against the limits as an UPSERT
    does. A DELETE fails if the record set isn't as it was read, so what somebody else changed meanwhile is never
    overwritten. It is then read and planned anew.
  - Before anything is changed, O(target_region) is proved to be the database's writer by a committed write. Where all
    names already are as asked for, nothing is proved and nothing is changed.
  - Changing records is an act of Route 53's control plane, which exists in us-east-1 only. To move traffic without it,
    use M(multiregion.aws_dr.traffic_latch).
  - Needs C(route53:ListHostedZonesByName) or C(route53:GetHostedZone), C(route53:ListResourceRecordSets),
    C(route53:ChangeResourceRecordSets) for DELETE and CREATE, and C(route53:GetChange) to wait.
options:
  zone:
    description: The hosted zone's name, or its id, which is needed where two zones (a private one, say) have that name.
    type: str
    required: true
  names:
    description: The names to switch.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The whole name, with or without its final dot.
        type: str
        required: true
      type:
        description: The record type.
        type: str
        choices: [A, AAAA, CAA, CNAME, HTTPS, MX, NAPTR, PTR, SPF, SRV, SSHFP, SVCB, TLSA, TXT]
        default: A
  target:
    description: The C(SetIdentifier) of the leg that is to answer.
    type: str
    required: true
  target_region:
    description: The Region of that leg, whose database must be the writer. Without it, O(target) is taken for one.
    type: str
  database:
    description:
      - The database whose writer in O(target_region) is proved before traffic moves.
      - Required unless O(allow_unverified_writer=true).
  wait:
    description: Whether to wait until all of Route 53's name servers have the change, which takes up to about a minute.
  timeout:
    description: Seconds after which the task fails. Throttled and overlapping requests are tried again until then.
    type: float
    default: 300.0
attributes:
  check_mode:
    details: >-
      The records are read. Whether O(target_region) is the writer is read from RDS and not proved, and a warning says
      so if it is not.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - multiregion.aws_dr.wait
  - multiregion.aws_dr.writer_gate
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Send clients to Ireland, once its database is proved to be the writer
  multiregion.aws_dr.route53_failover_records:
    zone: shop.example
    names:
      - name: api.shop.example
      - name: www.shop.example
      - name: www.shop.example
        type: AAAA
    target: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db

- name: Switch a workload without a database, in a zone given by its id, without waiting for Route 53's name servers
  multiregion.aws_dr.route53_failover_records:
    zone: Z0123456789EXAMPLE
    names:
      - name: static.example.com
        type: CNAME
    target: blue
    target_region: eu-central-1
    allow_unverified_writer: true
    wait: false
"""

RETURN = r"""
record_sets:
  description: The record sets of all names as they are now, or in check mode would be.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name, with its final dot.
      type: str
    type:
      description: The record type.
      type: str
    set_identifier:
      description: The leg.
      type: str
    failover:
      description: V(PRIMARY) or V(SECONDARY), null with the weighted policy.
      type: str
    weight:
      description: The weight, null with the failover policy.
      type: int
    ttl:
      description: The TTL in seconds, null for an alias.
      type: int
    resource_records:
      description: The values, empty for an alias.
      type: list
      elements: str
    alias:
      description: The alias's target, null where there is none.
      type: dict
      contains:
        hosted_zone_id:
          description: The target's hosted zone.
          type: str
        dns_name:
          description: The target's name.
          type: str
        evaluate_target_health:
          description: Whether the target's health counts.
          type: bool
    health_check_id:
      description: The health check, null where there is none.
      type: str
  sample:
    - name: api.shop.example.
      type: A
      set_identifier: eu-west-1
      failover: PRIMARY
      weight: null
      ttl: 10
      resource_records: [192.0.2.62]
      alias: null
      health_check_id: 1f7b1e5c-7d35-4f5e-9b0a-0b7b6f4a2c11
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: route53, action: ChangeResourceRecordSets, region: us-east-1}]
zone:
  description: The hosted zone.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    name:
      description: Its name, with the final dot.
      type: str
    private:
      description: Whether it is a private zone.
      type: bool
changes:
  description: The batches that Route 53 took in. Empty in check mode, and where nothing was changed.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The change's id.
      type: str
    status:
      description: V(INSYNC) once all of Route 53's name servers have it, else V(PENDING).
      type: str
    names:
      description: The names in it.
      type: list
      elements: dict
  sample:
    - id: C0123456789EXAMPLE
      status: INSYNC
      names: [{name: api.shop.example., type: A}]
in_sync:
  description:
    - Whether all of Route 53's name servers have what was changed.
    - Null where this run changed nothing, or where Route 53 made a change and its answer with the change's id was lost.
  returned: success
  type: bool
writer:
  description: The proof of the writer. Null in check mode, where nothing was changed, and without O(database).
  returned: success
  type: dict
  sample: {region: eu-west-1, server_id: shop-eu-west-1-1, seconds: 0.05}
refusals:
  description:
    - Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
    - In check mode, what would be refused if the writer were where it is now.
  returned: when refused, and in check mode where something would be changed
  type: list
  elements: dict
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.observe import find_zone, read_record_sets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.transform import absolute
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.wait import wait_in_sync
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RUN_SPEC,
    WAIT_SPEC,
    WRITER_GATE_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import RecordName, RecordSet, Zone
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.records import (
    SwitchPlan,
    check_request,
    plan_switch,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.record_switch import CALL, Switched, carry_out
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate

TYPES = ["A", "AAAA", "CAA", "CNAME", "HTTPS", "MX", "NAPTR", "PTR", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"]


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Switch the names to the target. Raises ``Refused`` and ``DrError``."""
    names = tuple(dict.fromkeys(RecordName(absolute(each["name"]), each["type"]) for each in options["names"]))
    wrong = check_request(names, options["database"] is not None, options["allow_unverified_writer"])
    if wrong:
        raise Refused(wrong)
    account = Account(context.clients, context.clock, context.deadline)
    zone = find_zone(account, options["zone"])
    plans: list[SwitchPlan] = []

    def plan_now() -> SwitchPlan:
        planned, refusals = plan_switch(read_record_sets(account, zone, names), names, options["target"], zone)
        if planned is None:
            raise Refused(refusals)
        plans.append(planned)
        return planned

    plan = plan_now()
    for finding in plan.warnings:
        context.warn(f"{finding.observed} {finding.remedy}")
    if not plan.batches:
        return _result(plans, zone, Switched((), False), None, context)
    context.warn(
        "Changing records is a control-plane act in us-east-1, and fails while that is impaired. "
        "A traffic latch needs data planes only."
    )
    gate = WriterGate(options["database"], options["target_region"] or options["target"], options["resolvers"], context)
    if context.check_mode:
        would_be = _result(plans, zone, Switched((), False), gate, context)
        refusals = [finding.as_dict() for finding in gate.look()]
        return replace(would_be, values={**would_be.values, "refusals": refusals})
    guard = guarded(options.get("run"), context)
    with guard.step("switch_traffic", (CALL,) * len(plan.batches)) as step:
        switched = carry_out(plan, plan_now, gate.prove, account, zone)
        step.saw(changes=[each.id for each in switched.submitted])
    if options["wait"]:
        with having_made([CALL] * (len(switched.submitted) + switched.unanswered)):
            in_sync = wait_in_sync(account, switched.submitted, context.clock, context.deadline, guard.context.progress)
        switched = Switched(in_sync, switched.unanswered)
    return _result(plans, zone, switched, gate, context)


def _result(
    plans: list[SwitchPlan], zone: Zone, switched: Switched, gate: WriterGate | None, context: Context
) -> Result:
    """``plans`` has more than one where somebody else changed the records too: the last one's end is how they are."""
    plan, after = plans[0], plans[-1].after
    if switched.unanswered:
        context.warn(
            "A change took effect without an answer that gives its id: whether all name servers have it is unknown."
        )
    known = switched.submitted and not switched.unanswered
    would = len(plan.batches) if context.check_mode else len(switched.submitted) + switched.unanswered
    values = {
        "record_sets": [each.as_dict() for each in after],
        "zone": zone.as_dict(),
        "changes": [each.as_dict() for each in switched.submitted],
        "in_sync": all(each.in_sync for each in switched.submitted) if known else None,
        "writer": gate.proof.as_dict() if gate and gate.proof else None,
    }
    changed = bool(plan.batches) if context.check_mode else switched.changed
    return Result(changed, values, _parts(plan.before), _parts(after), (CALL,) * would)


def _parts(record_sets: tuple[RecordSet, ...]) -> dict[str, dict[str, Any]]:
    """For the diff: by name, what part each leg has."""
    parts: dict[str, dict[str, Any]] = {}
    for each in record_sets:
        parts.setdefault(str(each.key), {})[str(each.set_identifier)] = each.role.value if each.role else each.weight
    return parts


def argument_spec() -> dict[str, Any]:
    name = {"name": {"type": "str", "required": True}, "type": {"type": "str", "choices": TYPES, "default": "A"}}
    return {
        "zone": {"type": "str", "required": True},
        "names": {"type": "list", "elements": "dict", "required": True, "options": name},
        "target": {"type": "str", "required": True},
        "target_region": {"type": "str"},
        **WRITER_GATE_SPEC,
        "run": RUN_SPEC,
        "wait": WAIT_SPEC,
        "timeout": timeout_spec(300),
    }


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
