#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: s3_replication_backfill
version_added: 0.1.0
short_description: Replicate what a bucket's replication has left behind
description:
  - Replication takes new versions only, and gives some up. What it never saw (status C(NONE)) or gave up (C(FAILED)) is
    replicated by a job of S3 Batch Operations, by the bucket's own rules.
  - S3 lists the versions itself. Nothing is listed here, however many there are.
  - Within a run, a second attempt finds the job of the first one.
  - Needs C(s3:CreateJob), C(s3:DescribeJob), and C(iam:PassRole) on O(role).
options:
  sources:
    description: The buckets, each in its Region.
    type: list
    elements: dict
    required: true
    suboptions:
      bucket:
        description: Its name.
        type: str
        required: true
      region:
        description: Its Region.
        type: str
        required: true
  role:
    description:
      - ARN of the role that S3 Batch Operations replicates with. It needs C(s3:InitiateReplication),
        C(s3:GetReplicationConfiguration) and C(s3:PutInventoryConfiguration) on the buckets.
    type: str
    required: true
  timeout:
    description: Seconds after which the task fails. The jobs go on by themselves.
    type: float
    default: 900.0
attributes:
  check_mode:
    details: Nothing is asked of S3.
  diff_mode:
    support: none
    details: It isn't known beforehand what has been left behind.
  idempotent:
    support: partial
    details: Every run has a job of its own. One that finds nothing left behind replicates nothing.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.run
  - multiregion.aws_dr.wait
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Have everything in Frankfurt again before going home
  multiregion.aws_dr.s3_replication_backfill:
    sources:
      - bucket: shop-assets-eu-west-1
        region: eu-west-1
    role: arn:aws:iam::123456789012:role/shop-backfill
    timeout: 7200
"""

RETURN = r"""
jobs:
  description: The jobs, as they were last seen.
  returned: success, and where versions were left behind
  type: list
  elements: dict
  contains:
    id:
      description: The job's id.
      type: str
    bucket:
      description: Its bucket.
      type: str
    region:
      description: The bucket's Region.
      type: str
    status:
      description: Its status, as S3 has it. Empty where it wasn't waited for.
      type: str
    total:
      description: How many versions it found. Null where that isn't known.
      type: int
    succeeded:
      description: How many of them it replicated.
      type: int
    failed:
      description: How many it could not.
      type: int
    reasons:
      description: Why the job failed.
      type: list
      elements: str
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: s3control, action: CreateJob, region: eu-west-1}]
refusals:
  description: Why nothing was done, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

import secrets
from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, WAIT_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.backfill import check_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.backfill import Wanted, finish, start
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Start a job for each bucket, and wait for them. Raises ``Refused`` and ``DrError``."""
    sources = tuple(Bucket(each["bucket"], each["region"]) for each in options["sources"])
    wrong = check_request(sources, options["role"])
    if wrong:
        raise Refused(wrong)
    run_id = (options["run"] or {}).get("id") or secrets.token_hex(8)
    wanted = Wanted(sources, options["role"], run_id)
    if context.check_mode:
        return Result(changed=bool(sources), values={"jobs": []}, calls=wanted.calls())
    guard = guarded(options["run"], context)
    jobs = start(wanted, guard)
    if options["wait"]:
        with having_made(wanted.calls()):
            jobs = finish(jobs, guard.context)
    return Result(changed=bool(jobs), values={"jobs": [job.as_dict() for job in jobs]}, calls=wanted.calls())


def main() -> None:
    text = {"type": "str", "required": True}
    run(
        execute,
        argument_spec={
            "sources": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {"bucket": text, "region": text},
            },
            "role": text,
            "wait": WAIT_SPEC,
            "run": RUN_SPEC,
            "timeout": timeout_spec(900),
        },
    )


if __name__ == "__main__":
    main()
