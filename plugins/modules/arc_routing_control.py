#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: arc_routing_control
version_added: 0.1.0
short_description: Move a workload's traffic by its ARC routing controls
description:
  - Switches the routing controls of Application Recovery Controller (ARC) so that those of O(target) are on and all
    others are off, in one transaction. Health checks of the type RECOVERY_CONTROL follow them, and so do the records.
  - Only the cluster's data plane is used, through its five endpoints, asked in random order, each for a few seconds,
    until one answers. Give them in full, as AWS advises, for in a disaster there may be nobody to ask for them.
  - Before anything is switched, O(target) is proved to be the database's writer by a committed write. Where the
    controls are already as asked for, nothing is proved and nothing is changed.
  - A safety rule that forbids the change is a refusal with the code C(safety_rule).
  - Needs C(route53-recovery-cluster:UpdateRoutingControlStates) and C(route53-recovery-cluster:GetRoutingControlState).
options:
  state:
    description:
      - V(switched) switches the controls.
      - V(read) only reads them.
    type: str
    choices: [switched, read]
    required: true
  endpoints:
    description: The cluster's endpoints.
    type: list
    elements: dict
    required: true
    suboptions:
      region:
        description: The endpoint's Region.
        type: str
        required: true
      url:
        description: Its address, as C(DescribeCluster) gives it.
        type: str
        required: true
  controls:
    description: The workload's routing controls.
    type: list
    elements: dict
    required: true
    suboptions:
      arn:
        description: The routing control's ARN.
        type: str
        required: true
      region:
        description: The Region whose traffic it lets through.
        type: str
        required: true
  target:
    description:
      - The Region that traffic goes to. Its database must be the writer, and the credentials are its.
      - Required with O(state=switched).
    type: str
  database:
    description:
      - The database whose writer in O(target) is proved before traffic moves.
      - Required with O(state=switched), unless O(allow_unverified_writer=true).
  safety_rules_to_override:
    description: ARNs of safety rules that this change may break. Each has to be named, none is ever overridden else.
    type: list
    elements: str
    default: []
  record:
    description: A name to watch until it resolves as expected, at every one of O(resolvers).
    type: dict
    suboptions:
      name:
        description: The name that clients use.
        type: str
        required: true
      expect:
        description: The addresses that it may resolve to once traffic has moved.
        type: list
        elements: str
        required: true
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 120.0
attributes:
  check_mode:
    details: The controls are read. RDS is asked whether O(target) is the writer. A warning says if not.
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
  multiregion.aws_dr.arc_routing_control:
    state: switched
    target: eu-west-1
    endpoints: "{{ aws_dr_routing_control.endpoints }}"
    controls:
      - arn: arn:aws:route53-recovery-control::123456789012:controlpanel/0123456789abcdef/routingcontrol/1111
        region: eu-central-1
      - arn: arn:aws:route53-recovery-control::123456789012:controlpanel/0123456789abcdef/routingcontrol/2222
        region: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    record:
      name: api.shop.example
      expect: [192.0.2.62]
"""

RETURN = r"""
routing_controls:
  description: The controls as they are now, or in check mode would be.
  returned: success
  type: dict
  contains:
    target:
      description: The Region that traffic goes to. Null with O(state=read).
      type: str
    endpoint:
      description: The Region of the endpoint that answered.
      type: str
    switched_at:
      description: When traffic was sent on its way, in seconds since the epoch. Null when it was so already.
      type: float
    controls:
      description: Each control.
      type: list
      elements: dict
      contains:
        arn:
          description: Its ARN.
          type: str
        region:
          description: The Region whose traffic it lets through.
          type: str
        before:
          description: V(On), V(Off), or V(unknown).
          type: str
        state:
          description: V(On), V(Off), or V(unknown).
          type: str
        changed:
          description: Whether this task switched it, or in check mode would.
          type: bool
record:
  description: The answer that was waited for. Null without O(record), with O(wait=false) and in check mode.
  returned: success
  type: dict
  sample: {name: api.shop.example, addresses: [192.0.2.62], ttl: 60, seen_at: 1767225661.9}
writer:
  description: The proof of the writer. Null when nothing had to be switched, and in check mode.
  returned: success
  type: dict
  sample: {region: eu-west-1, server_id: shop-eu-west-1-1}
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: route53-recovery-cluster, action: UpdateRoutingControlStates, region: us-west-2}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RUN_SPEC,
    WAIT_SPEC,
    WRITER_GATE_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.routing_control import (
    Control,
    ControlChange,
    Endpoint,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.routing_control import (
    changes,
    check_cluster,
    check_switch,
    unknown_controls,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.record_watch import Moved, wait_for_record
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.routing_control import (
    Cluster,
    read_back,
    read_states,
    switch,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate

SWITCHED = Moved(
    "the routing controls are switched",
    "that the records' health checks are of the type RECOVERY_CONTROL and name these controls",
)


def argument_spec() -> dict[str, Any]:
    text = {"type": "str", "required": True}
    pairs = {"type": "list", "elements": "dict", "required": True}
    expect = {"type": "list", "elements": "str", "required": True}
    return {
        "state": {"type": "str", "choices": ["switched", "read"], "required": True},
        "endpoints": {**pairs, "options": {"region": text, "url": text}},
        "controls": {**pairs, "options": {"arn": text, "region": text}},
        "target": {"type": "str"},
        **WRITER_GATE_SPEC,
        "safety_rules_to_override": {"type": "list", "elements": "str", "default": []},
        "record": {"type": "dict", "options": {"name": text, "expect": expect}},
        "run": RUN_SPEC,
        "wait": WAIT_SPEC,
        "timeout": timeout_spec(120),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Switch or read. Raises ``Refused`` and ``DrError``."""
    endpoints = [Endpoint(each["region"], each["url"]) for each in options["endpoints"]]
    controls = [Control(each["arn"], each["region"]) for each in options["controls"]]
    target, reading = options["target"], options["state"] == "read"
    wrong = check_cluster(controls, endpoints)
    if not reading:
        verified = options["database"] is not None
        wrong = (*wrong, *check_switch(controls, target, verified, options["allow_unverified_writer"]))
    if wrong:
        raise Refused(wrong)
    guard = guarded(options["run"], context)
    # Who only reads may have named no target: any of the workload's Regions has credentials.
    cluster = Cluster(endpoints, target or controls[0].region, guard.context)
    seen = read_states(cluster, controls, guard.context)
    unknown = unknown_controls(controls, seen)
    if unknown:
        raise Refused(unknown)
    if reading:
        return _result(cluster, None, [ControlChange(each, seen[each.arn], seen[each.arn]) for each in controls])
    wanted = changes(controls, target, seen)
    gate = WriterGate(options["database"], target, options["resolvers"], guard.context)
    moves = any(change.changed for change in wanted)
    if context.check_mode:
        if moves:
            gate.look()
        return _result(cluster, target, wanted)
    switched_at = None
    if moves:
        gate.prove()
        with guard.step("switch_routing_controls", [_call(cluster)]) as step:
            switch(cluster, wanted, options["safety_rules_to_override"], guard.context)
            switched_at = context.clock.wall()
            after = read_back(cluster, wanted, guard.context)
            step.saw(target=target, states={arn: state.value for arn, state in after.items()})
    else:
        guard.already("switch_routing_controls", target=target)
    record = _watch(options, guard.context)
    proof = gate.proof.as_dict() if gate.proof else None
    return _result(cluster, target, wanted, switched_at, record, proof)


def _watch(options: Mapping[str, Any], context: Context) -> dict[str, Any] | None:
    record = options["record"]
    if not record or not options["wait"]:
        return None
    return wait_for_record(record["name"], record["expect"], options["resolvers"], context, SWITCHED).as_dict()


def _call(cluster: Cluster) -> Call:
    """The endpoint that answered the reading is the first to be asked again."""
    region = cluster.answered.region if cluster.answered else ""
    return Call("route53-recovery-cluster", "UpdateRoutingControlStates", region)


def _result(
    cluster: Cluster,
    target: str | None,
    wanted: Sequence[ControlChange],
    switched_at: float | None = None,
    record: Mapping[str, Any] | None = None,
    writer: Mapping[str, Any] | None = None,
) -> Result:
    changed = any(change.changed for change in wanted)
    seen = {
        "target": target,
        "endpoint": cluster.answered.region if cluster.answered else None,
        "switched_at": switched_at,
        "controls": [change.as_dict() for change in wanted],
    }
    return Result(
        changed=changed,
        values={"routing_controls": seen, "record": record, "writer": writer},
        before={change.control.arn: change.before.value for change in wanted},
        after={change.control.arn: change.after.value for change in wanted},
        calls=(_call(cluster),) if changed else (),
    )


def main() -> None:
    run(execute, argument_spec=argument_spec(), required_if=[("state", "switched", ["target"])])


if __name__ == "__main__":
    main()
