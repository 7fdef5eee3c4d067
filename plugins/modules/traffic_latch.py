#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_latch
version_added: 0.1.0
short_description: Set, clear or read the latch that moves a workload's traffic
description:
  - A latch is an object in each of several S3 buckets. Inverted Route 53 health checks look for it, so that creating it
    moves a name's traffic to the secondary record, and keeps it there until the latch is cleared.
    Only data planes are used, that of S3 in each bucket's Region and that of Route 53.
  - One object is enough to move traffic. All of them hold it there when a bucket's Region is lost.
  - Before any object is changed, O(target) is proved to be the database's writer by a committed write. Where the latch
    already is as asked for, nothing is proved and nothing is changed.
  - All buckets are dealt with at once. One that gives no answer holds up no other.
  - Needs C(s3:GetObject), C(s3:PutObject) and C(s3:DeleteObject) on the key, and C(s3:ListBucket), without which S3
    doesn't say that an object isn't there. The object is then unknown, and is written or deleted anyway.
options:
  state:
    description:
      - V(set) writes the objects, where they are absent or hold something else than O(token).
      - V(clear) deletes them, where they are present.
      - V(read) only reads them.
    type: str
    choices: [set, clear, read]
    required: true
  objects:
    description: The latch's objects.
    type: list
    elements: dict
    required: true
    suboptions:
      bucket:
        description: The bucket's name.
        type: str
        required: true
      region:
        description: The bucket's Region.
        type: str
        required: true
  key:
    description: The objects' key, the same in every bucket.
    type: str
    required: true
  token:
    description: The objects' content, which the health checks look for. No secret, as anonymous checkers read it.
    type: str
    required: true
  target:
    description: The Region that traffic goes to. Its database must be the writer. Required with O(database).
    type: str
  database:
    description:
      - The database whose writer in O(target) is proved before traffic moves.
      - Required with O(state=set) and O(state=clear), unless O(allow_unverified_writer=true).
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
    description: Seconds after which the task fails, or reports as unknown the buckets that gave no answer.
    type: float
    default: 120.0
attributes:
  check_mode:
    details: The latch is read. RDS is asked whether O(target) is the writer, nothing is proved. A warning says if not.
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
  multiregion.aws_dr.traffic_latch:
    state: set
    objects:
      - bucket: shop-latch-eu-west-1
        region: eu-west-1
      - bucket: shop-latch-eu-west-3
        region: eu-west-3
    key: latch/shop
    token: aws-dr-latch:shop
    target: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    record:
      name: api.shop.example
      expect: [192.0.2.62]

- name: See where the latch stands
  multiregion.aws_dr.traffic_latch:
    state: read
    objects:
      - bucket: shop-latch-eu-west-1
        region: eu-west-1
      - bucket: shop-latch-eu-west-3
        region: eu-west-3
    key: latch/shop
    token: aws-dr-latch:shop
  register: seen
"""

RETURN = r"""
latch:
  description: The latch as it is now, or in check mode would be.
  returned: success
  type: dict
  contains:
    state:
      description:
        - V(set) or V(clear) when every object is. V(partial) when only some are set.
        - V(unknown) when none is known to be set and a bucket gave no answer.
      type: str
    moved:
      description: Whether enough objects are as asked for to move traffic. With O(state=read), whether any is set.
      type: bool
    held:
      description: Whether all objects are as asked for. With O(state=read), whether all are set.
      type: bool
    landed_at:
      description: When traffic was sent on its way, in seconds since the epoch. Null when it was so already.
      type: float
    objects:
      description: Each object.
      type: list
      elements: dict
      contains:
        bucket:
          description: Its bucket.
          type: str
        region:
          description: The bucket's Region.
          type: str
        state:
          description: V(set), V(clear), V(other) for another content than the token, or V(unknown).
          type: str
        changed:
          description: Whether this task changed it, or in check mode would.
          type: bool
        error:
          description: Why its state is unknown. Else empty.
          type: str
  sample:
    state: set
    moved: true
    held: true
    landed_at: 1767225660.2
    objects:
      - {bucket: shop-latch-eu-west-1, region: eu-west-1, state: set, changed: true, error: ""}
      - {bucket: shop-latch-eu-west-3, region: eu-west-3, state: set, changed: true, error: ""}
record:
  description: The answer that was waited for. Null without O(record), with O(wait=false) and in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: The name.
      type: str
    addresses:
      description: What it resolves to.
      type: list
      elements: str
    ttl:
      description: The largest TTL among the answers, in seconds.
      type: int
    seen_at:
      description: When every name server first answered so, in seconds since the epoch.
      type: float
writer:
  description: The proof of the writer. Null when nothing had to be changed, and in check mode.
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
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: s3, action: PutObject, region: eu-west-1}]
refusals:
  description:
    - Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
    - In check mode, what would be refused if the writer were where it is now.
  returned: when refused, and in check mode
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RUN_SPEC,
    WAIT_SPEC,
    WRITER_GATE_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Landing, LatchObject, LatchState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import (
    Act,
    check_objects,
    check_request,
    moves,
    overall,
    planned,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Step, guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.latch import (
    Latch,
    calls_of,
    read_latch,
    switch,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.record_watch import SeenRecord, wait_for_record
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate

STEP = "switch_traffic"


def argument_spec() -> dict[str, Any]:
    text = {"type": "str", "required": True}
    return {
        "state": {"type": "str", "choices": ["set", "clear", "read"], "required": True},
        "objects": {"type": "list", "elements": "dict", "required": True, "options": {"bucket": text, "region": text}},
        "key": {"type": "str", "required": True, "no_log": False},
        "token": {"type": "str", "required": True, "no_log": False},
        "target": {"type": "str"},
        **WRITER_GATE_SPEC,
        "record": {
            "type": "dict",
            "options": {"name": text, "expect": {"type": "list", "elements": "str", "required": True}},
        },
        "wait": WAIT_SPEC,
        "run": RUN_SPEC,
        "timeout": timeout_spec(120),
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Set, clear or read the latch. Raises ``Refused`` and ``DrError``."""
    objects = tuple(LatchObject(each["bucket"], each["region"]) for each in options["objects"])
    latch = Latch(objects, options["key"], options["token"])
    wrong = _wrong_request(options, latch)
    if wrong:
        raise Refused(wrong)
    if options["state"] == "read":
        seen = _latch(LatchState.SET, read_latch(latch, context))
        return Result(changed=False, values={"latch": seen, "record": None, "writer": None})
    wanted = LatchState(options["state"])
    gate = WriterGate(options["database"], options["target"], options["resolvers"], context)
    if context.check_mode:
        return _would_switch(latch, wanted, gate, context)
    guard = guarded(options.get("run"), context)
    context = guard.context
    begun: list[Step] = []
    with ExitStack() as steps:

        def begin() -> None:
            """Called before the first object is changed, if any has to be."""
            gate.prove()
            begun.append(steps.enter_context(guard.step(STEP, _all_calls(wanted, latch))))

        switched = switch(latch, wanted, begin, lambda: _watch(options, context), context)
        states = {landing.where.bucket: landing.after.value for landing in switched.landings}
        for step in begun:
            step.saw(latch=_state(switched.landings), objects=states)
        with having_made(calls_of(wanted, switched.landings)):
            _judge(wanted, switched.landings, context)
    if not begun:
        guard.already(STEP, latch=wanted.value)
    record: SeenRecord | None = switched.watched
    values = {
        "latch": _latch(wanted, switched.landings, switched.landed_at),
        "record": record.as_dict() if record else None,
        "writer": gate.proof.as_dict() if gate.proof else None,
    }
    return _result(wanted, switched.landings, values)


def _wrong_request(options: Mapping[str, Any], latch: Latch) -> Sequence[Any]:
    if options["state"] == "read":
        return check_objects(latch.objects, latch.token)
    verified = options["database"] is not None
    return check_request(latch.objects, latch.token, verified, options["target"], options["allow_unverified_writer"])


def _all_calls(wanted: LatchState, latch: Latch) -> tuple[Call, ...]:
    act = Act.PUT if wanted is LatchState.SET else Act.DELETE
    return tuple(Call("s3", act.value, each.region) for each in latch.objects)


def _watch(options: Mapping[str, Any], context: Context) -> SeenRecord | None:
    record = options["record"]
    if not record or not options["wait"]:
        return None
    return wait_for_record(record["name"], record["expect"], options["resolvers"], context)


def _would_switch(latch: Latch, wanted: LatchState, gate: WriterGate, context: Context) -> Result:
    landings = tuple(planned(wanted, landing) for landing in read_latch(latch, context))
    would_refuse = gate.look() if any(landing.changed for landing in landings) else ()
    refusals = [finding.as_dict() for finding in would_refuse]
    values = {"latch": _latch(wanted, landings), "record": None, "writer": None, "refusals": refusals}
    return _result(wanted, landings, values)


def _judge(wanted: LatchState, landings: Sequence[Landing], context: Context) -> None:
    """Raise where traffic hasn't moved, warn where it has and may not stay."""
    failed = [f"{each.where.bucket} in {each.where.region}: {each.error}" for each in landings if each.error]
    if not moves(wanted, [landing.after for landing in landings]):
        landed = [landing.where.bucket for landing in landings if landing.changed] or ["none"]
        unclear = any(landing.unclear for landing in landings)
        where = "Whether traffic moves is unknown." if unclear else "Traffic stays where it is."
        raise DrError(
            f"Bringing the latch to {wanted.value}",
            f"changed: {', '.join(landed)}; failed: {'; '.join(failed)}".rstrip("."),
            f"{where} Check the buckets and the permissions, then run again.",
        )
    if failed:
        faults = "; ".join(failed)
        context.warn(f"The latch moves traffic but doesn't hold it yet: {faults}. Run again until held is true.")


def _state(landings: Sequence[Landing]) -> str:
    return overall(landing.after for landing in landings).value


def _latch(wanted: LatchState, landings: Sequence[Landing], landed_at: float | None = None) -> dict[str, Any]:
    states = [landing.after for landing in landings]
    return {
        "state": _state(landings),
        "moved": moves(wanted, states),
        "held": overall(states) is wanted,
        "landed_at": landed_at,
        "objects": [landing.as_dict() for landing in landings],
    }


def _result(wanted: LatchState, landings: Sequence[Landing], values: Mapping[str, Any]) -> Result:
    calls = calls_of(wanted, landings)
    return Result(
        changed=bool(calls),
        values=values,
        before={landing.where.bucket: landing.before.value for landing in landings},
        after={landing.where.bucket: landing.after.value for landing in landings},
        calls=calls,
    )


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
