#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: s3_bucket_replication
version_added: 0.1.0
short_description: Replicate two S3 buckets to each other
description:
  - Makes, mends, disables or removes one replication rule in each of two buckets, so that each replicates to the other.
    The rule takes every object, delete markers and changes made to replicas, and publishes its backlog as metrics.
  - Every other rule of the buckets stays as it is, and keeps its place. The rule's id is C(aws-dr-to-) and the name of
    the bucket that it replicates to.
  - Both buckets are read and judged before either is changed.
  - A new rule replicates what is written from then on. Objects that are there already need S3 Batch Replication.
  - The change depends on us-east-1. It belongs into the set-up, beforehand, and never into a failover.
  - Never use it on the latch's buckets.
  - Needs C(s3:GetReplicationConfiguration), C(s3:PutReplicationConfiguration) and C(s3:GetBucketVersioning) on both
    buckets, and C(iam:PassRole) on the roles.
options:
  state:
    description:
      - V(present) makes the rules, or mends them.
      - V(disabled) disables them, where they are.
      - V(absent) removes them.
    type: str
    choices: [present, disabled, absent]
    default: present
  buckets:
    description: The two buckets. Both must exist and keep versions.
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
      role:
        description: ARN of the role that S3 assumes to copy from this bucket. Default is O(role).
        type: str
      kms_key_arn:
        description:
          - ARN of the KMS key that replicas in this bucket are encrypted with, where KMS encrypted what they are of.
          - Left out, objects that KMS encrypted are not replicated to this bucket.
        type: str
  role:
    description: ARN of the role that S3 assumes to copy. Needed with O(state=present), here or for each bucket.
    type: str
  time_control:
    description: Whether to pay for Replication Time Control, which promises 99.99 % of the objects within 15 minutes.
    type: bool
    default: false
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 60.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Replicate the assets both ways
  multiregion.aws_dr.s3_bucket_replication:
    buckets:
      - bucket: shop-assets-eu-central-1
        region: eu-central-1
      - bucket: shop-assets-eu-west-1
        region: eu-west-1
    role: arn:aws:iam::123456789012:role/shop-replication

- name: With a key of KMS in each Region, and a promised time
  multiregion.aws_dr.s3_bucket_replication:
    buckets:
      - bucket: shop-invoices-eu-central-1
        region: eu-central-1
        kms_key_arn: arn:aws:kms:eu-central-1:123456789012:key/mrk-1234abcd
      - bucket: shop-invoices-eu-west-1
        region: eu-west-1
        kms_key_arn: arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd
    role: arn:aws:iam::123456789012:role/shop-replication
    time_control: true
"""

RETURN = r"""
replication:
  description: The two directions, as they are now or in check mode would be.
  returned: success
  type: list
  elements: dict
  contains:
    source:
      description: The bucket that has the rule, and its Region.
      type: dict
    destination:
      description: The bucket that it replicates to, and its Region.
      type: dict
    rule:
      description: The rule. Null where there is none.
      type: dict
      contains:
        id:
          description: Its id, which is also the dimension C(RuleId) of its metrics.
          type: str
        status:
          description: V(enabled) or V(disabled).
          type: str
        priority:
          description: Its priority among the bucket's rules.
          type: int
        destination:
          description: The bucket that it replicates to.
          type: str
        everything:
          description: Whether it takes every object.
          type: bool
        delete_markers:
          description: Whether it replicates delete markers.
          type: bool
        replica_modifications:
          description: Whether it replicates changes made to replicas.
          type: bool
        metrics:
          description: Whether it publishes its backlog.
          type: bool
        time_control:
          description: Whether Replication Time Control is on.
          type: bool
        kms_key_arn:
          description: The destination's KMS key. Empty where objects that KMS encrypted are not replicated.
          type: str
    other_rules:
      description: Ids of the bucket's other rules.
      type: list
      elements: str
    changed:
      description: Whether this task changed it, or in check mode would.
      type: bool
needs_us_east_1:
  description: Whether the change depended on us-east-1, or in check mode would. Reading doesn't.
  returned: success
  type: bool
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: s3, action: PutBucketReplication, region: eu-central-1}]
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket, ReplicationConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.bucket_replication import (
    Direction,
    Plan,
    State,
    check_request,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.bucket_replication import (
    Done,
    calls_of,
    carry_out,
    plan_both,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded

US_EAST_1 = "Changing a bucket's replication depends on us-east-1: do it beforehand, never during a failover."


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Plan both directions, then change what isn't as wanted. Raises ``Refused`` and ``DrError``."""
    state = State(options["state"])
    given = options["buckets"]
    roles = [each["role"] or options["role"] for each in given]
    found = check_request([Bucket(each["bucket"], each["region"]) for each in given], roles, state)
    if found:
        raise Refused(found)
    plans = plan_both(_directions(options), state, context)
    if any(plan.act for plan in plans):
        context.warn(US_EAST_1)
    if context.check_mode:
        return _result([Done(plan, plan.act is not None) for plan in plans])
    return _result(carry_out(plans, state, guarded(options["run"], context)))


def _directions(options: Mapping[str, Any]) -> list[Direction]:
    one, two = options["buckets"]
    return [
        Direction(
            source=Bucket(source["bucket"], source["region"]),
            destination=Bucket(destination["bucket"], destination["region"]),
            role=source["role"] or options["role"] or "",
            time_control=options["time_control"],
            kms_key_arn=destination["kms_key_arn"] or "",
        )
        for source, destination in ((one, two), (two, one))
    ]


def _result(done: Sequence[Done]) -> Result:
    plans = [each.plan for each in done]
    changed = [each.plan for each in done if each.changed]
    return Result(
        changed=bool(changed),
        values={"replication": [_shown(each) for each in done], "needs_us_east_1": bool(changed)},
        before={plan.direction.source.name: _config(plan.before) for plan in plans},
        after={plan.direction.source.name: _config(plan.after) for plan in plans},
        calls=tuple(call for plan in changed for call in calls_of(plan)),
    )


def _shown(done: Done) -> dict[str, Any]:
    plan: Plan = done.plan
    rule_id = plan.direction.rule_id
    rule = plan.after.rule(rule_id) if plan.after else None
    return {
        "source": plan.direction.source.as_dict(),
        "destination": plan.direction.destination.as_dict(),
        "rule": rule.as_dict() if rule else None,
        "other_rules": [each.id for each in plan.after.rules if each.id != rule_id] if plan.after else [],
        "changed": done.changed,
    }


def _config(config: ReplicationConfig | None) -> dict[str, Any]:
    return config.as_dict() if config else {}


BUCKET_SPEC: dict[str, Any] = {
    "bucket": {"type": "str", "required": True},
    "region": {"type": "str", "required": True},
    "role": {"type": "str"},
    "kms_key_arn": {"type": "str", "no_log": False},
}


def argument_spec() -> dict[str, Any]:
    return {
        "state": {"type": "str", "choices": ["present", "disabled", "absent"], "default": "present"},
        "buckets": {"type": "list", "elements": "dict", "required": True, "options": BUCKET_SPEC},
        "role": {"type": "str"},
        "time_control": {"type": "bool", "default": False},
        "run": RUN_SPEC,
        "timeout": timeout_spec(60),
    }


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
