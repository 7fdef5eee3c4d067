#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: s3_replication_info
version_added: 0.1.0
short_description: See how far buckets are behind, or wait until they aren't
description:
  - Reads, for any number of pairs of buckets at once, what waits to be replicated. The metrics are read in the
    destination's Region, the only one that has them, so that the source's Region may be lost. What the source says of
    its rules is read where it answers.
  - What could not be read is null and V(unknown), never zero.
  - With O(wait_for=drained), waits until nothing is pending on fresh samples. The metrics are minutes late, so that a
    sample alone says nothing of the last object. An object written to each source on purpose, a sentinel, whose
    version is awaited at the destination, makes up for that.
  - Needs C(cloudwatch:GetMetricData), C(s3:GetReplicationConfiguration) and C(s3:GetBucketVersioning). With
    O(sentinel_key) also C(s3:PutObject) on that key of the sources, and C(s3:GetObjectVersion) and C(s3:ListBucket) at
    the destinations.
options:
  pairs:
    description: The directions to look at, each from a source to a destination.
    type: list
    elements: dict
    required: true
    suboptions:
      source:
        description: The bucket that is written to.
        type: dict
        required: true
        suboptions: &bucket
          bucket:
            description: Its name.
            type: str
            required: true
          region:
            description: Its Region.
            type: str
            required: true
      destination:
        description: The bucket that it replicates to.
        type: dict
        required: true
        suboptions: *bucket
      rule_ids:
        description:
          - Ids of the rules whose backlogs count, added up.
          - Default is the one that M(multiregion.aws_dr.s3_bucket_replication) makes.
        type: list
        elements: str
  wait_for:
    description: V(drained) waits until every pair is.
    type: str
    choices: [drained]
  sentinel_key:
    description:
      - Key of the object that is written to every source, and awaited at its destination. With O(wait_for) only.
      - It gets one more version each time. Let a lifecycle rule expire the old ones.
      - Without it, a sample is waited for whose minute began after the task did.
    type: str
  max_sample_age:
    description: A sample that is older, in seconds, no longer counts.
    type: float
    default: 300.0
  required:
    description:
      - The Regions whose answers are waited for. The others are taken as far as they have arrived by then, so that a
        failover need not wait for the Region that is lost.
      - Left out, all of them. Ignored with O(wait_for).
    type: list
    elements: str
  timeout:
    description: Seconds after which whatever has not been read is unknown, or with O(wait_for) the task fails.
    type: float
    default: 10.0
attributes:
  check_mode:
    details: Nothing is written and nothing waited for. What would be written is listed.
  diff_mode:
    support: none
    details: It shows what is, not what it changes.
  idempotent:
    support: partial
    details: With O(sentinel_key) every run writes the sentinel anew. Without it nothing is changed.
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
- name: What would be lost of the assets, asked of the standby Region only
  multiregion.aws_dr.s3_replication_info:
    pairs:
      - source: {bucket: shop-assets-eu-central-1, region: eu-central-1}
        destination: {bucket: shop-assets-eu-west-1, region: eu-west-1}
    required: [eu-west-1]
    timeout: 5
  register: storage

- name: Once writes have stopped, see the last object arrive
  multiregion.aws_dr.s3_replication_info:
    pairs:
      - source: {bucket: shop-assets-eu-central-1, region: eu-central-1}
        destination: {bucket: shop-assets-eu-west-1, region: eu-west-1}
    wait_for: drained
    sentinel_key: aws-dr/sentinel
    timeout: 900
"""

RETURN = r"""
state:
  description: The worst of the pairs. V(behind), then V(unknown), V(drained).
  returned: success
  type: str
  sample: drained
pairs:
  description: The pairs in the order given.
  returned: success
  type: list
  elements: dict
  contains:
    source:
      description: The source and its Region.
      type: dict
    destination:
      description: The destination and its Region.
      type: dict
    state:
      description: V(drained), V(behind) or V(unknown), by fresh samples and the sentinel.
      type: str
    reasons:
      description: Why it is not known to be drained.
      type: list
      elements: str
    operations_pending:
      description: Operations that wait. Null when unknown.
      type: dict
      contains:
        value:
          description: How many.
          type: float
        source:
          description: The metric, and the Region it was read in.
          type: str
        sampled_at:
          description: When the minute began that the sample is of, in seconds since the epoch.
          type: float
        age_s:
          description: How long before the reading that was, in seconds.
          type: float
    bytes_pending:
      description: Bytes that wait, like C(operations_pending).
      type: dict
    latency_s:
      description: Seconds by which the destination is behind, like C(operations_pending).
      type: dict
    rules:
      description: The rules as the source has them. V(enabled), V(disabled), V(missing), or V(unknown) if unreadable.
      type: list
      elements: dict
    versioning:
      description: Versioning of C(source) and C(destination). V(enabled), V(suspended), V(off) or V(unknown).
      type: dict
    sentinel:
      description: The sentinel, with C(version_id), C(written_at) and C(arrived_at). Null where none was written.
      type: dict
    loss:
      description: What may be lost if the source were lost now.
      type: dict
      contains:
        known:
          description: V(measured) where the sentinel arrived and nothing was pending, V(bounded) or V(unknown).
          type: str
        seconds:
          description: Seconds of writes. Never between 0 and 900, as S3 promises no better. Null when unknown.
          type: float
        operations:
          description: Operations that waited when last sampled.
          type: float
        bytes:
          description: Bytes that waited when last sampled.
          type: float
        basis:
          description: What that is concluded from.
          type: str
calls:
  description: The changing AWS calls that were made, or in check mode would be made. The sentinels' writes.
  returned: success
  type: list
  elements: dict
  sample: [{service: s3, action: PutObject, region: eu-central-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.layer_options import PAIRS_SPEC
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import check_pairs, loss, worst
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.storage import look_at_pairs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.drain import (
    Drained,
    calls_of,
    judge,
    wait_until_drained,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """See every pair, or wait for all of them. Raises ``Refused`` and ``DrError``."""
    pairs = tuple(Pair.from_options(each) for each in options["pairs"])
    found = check_pairs(pairs)
    if found:
        raise Refused(found)
    key, max_age = options["sentinel_key"], options["max_sample_age"]
    if options["wait_for"] and not context.check_mode:
        drained = wait_until_drained(pairs, key, max_age, guarded(options["run"], context))
    else:
        required = None if options["wait_for"] else options["required"]
        seen = look_at_pairs(pairs, context.clients, context.clock, context.deadline, required)
        drained = judge(seen, context.clock.wall(), max_age)
    return Result(
        changed=bool(key),
        values=_values(drained, context.clock.wall(), max_age),
        calls=calls_of(pairs) if key else (),
    )


def _values(drained: Drained, now: float, max_age: float) -> dict[str, Any]:
    pairs = [
        {
            **seen.as_dict(now),
            "state": verdict.drain.value,
            "reasons": list(verdict.reasons),
            "loss": loss(seen, now, max_age).as_dict(),
        }
        for seen, verdict in zip(drained.seen, drained.verdicts, strict=True)
    ]
    return {"state": worst(verdict.drain for verdict in drained.verdicts).value, "pairs": pairs}


def argument_spec() -> dict[str, Any]:
    return {
        "pairs": PAIRS_SPEC,
        "wait_for": {"type": "str", "choices": ["drained"]},
        "sentinel_key": {"type": "str", "no_log": False},
        "max_sample_age": {"type": "float", "default": 300.0},
        "required": {"type": "list", "elements": "str"},
        "run": RUN_SPEC,
        "timeout": timeout_spec(10),
    }


def main() -> None:
    run(execute, argument_spec=argument_spec(), required_by={"sentinel_key": ["wait_for"]})


if __name__ == "__main__":
    main()
