#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_global_table
version_added: 0.1.0
short_description: Manage the state table, a DynamoDB global table with multi-Region strong consistency
description:
  - Makes the table that locks and the records of runs live in. Its keys are the strings C(pk) and C(sk), it is paid per
    request and encrypted with a key that AWS owns, so that no key of one Region is needed to read it.
  - A table is strongly consistent across exactly three Regions of one of AWS's Region sets. It survives the loss of any
    one of them. Two hold replicas; the third may be a witness, which costs nothing and can't be read.
  - AWS can change neither the mode nor the Regions of such a table, and only an empty table can be made one. So what
    would need that is refused.
  - Set up beforehand; nothing of a failover needs it. It waits until each step has taken effect, minutes for a new
    replica. After an interruption, the next run goes on from there.
  - Needs C(dynamodb:DescribeTable), C(dynamodb:DescribeContinuousBackups), C(dynamodb:DescribeTimeToLive),
    C(dynamodb:ListTagsOfResource), C(dynamodb:Scan), C(dynamodb:CreateTable), C(dynamodb:UpdateTable),
    C(dynamodb:CreateTableReplica), C(dynamodb:CreateGlobalTableWitness), C(dynamodb:UpdateContinuousBackups),
    C(dynamodb:TagResource), C(dynamodb:UntagResource) and, for its service-linked role, C(iam:CreateServiceLinkedRole);
    to delete also C(dynamodb:DeleteTable), C(dynamodb:DeleteTableReplica) and C(dynamodb:DeleteGlobalTableWitness).
options:
  state:
    description: Whether the table should exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The table's name.
    type: str
    required: true
  replicas:
    description:
      - The Regions with a replica, two or three. A new table is made through the first.
      - With O(state=absent) they say where to look.
    type: list
    elements: str
    required: true
  witness_region:
    description:
      - The Region of the witness. Required with two O(replicas), not to be given with three.
      - One outside the European Union, where a replica is inside, is warned about.
    type: str
  deletion_protection:
    description: Whether the table is protected against deletion, in each Region.
    type: bool
    default: true
  point_in_time_recovery:
    description: Whether the table can be restored to any second of the last 35 days, in each Region.
    type: bool
    default: true
  force:
    description:
      - With O(state=absent), deletes a table that is protected or holds items, too. Without it, that is refused.
      - Locks and the records of all runs go with it.
    type: bool
    default: false
  timeout:
    description: Seconds after which the task fails. DynamoDB goes on with what was started.
    type: float
    default: 900.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: The state table, in both Regions, with its witness in a third
  multiregion.aws_dr.dynamodb_global_table:
    name: aws-dr-state
    replicas: [eu-central-1, eu-west-1]
    witness_region: eu-west-3
    tags:
      service: aws-dr

- name: Delete it with all that it holds
  multiregion.aws_dr.dynamodb_global_table:
    name: aws-dr-state
    replicas: [eu-central-1, eu-west-1]
    state: absent
    force: true
"""

RETURN = r"""
table:
  description: The table as it is now, or in check mode would be. Null where there is none.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    arn:
      description: The ARN of its first replica. Empty in check mode for a table that would be created.
      type: str
    status:
      description: The status of its first replica.
      type: str
    consistency:
      description: How its Regions agree, V(strong) or V(eventual). Null where it is in one Region.
      type: str
    replicas:
      description: It in each Region.
      type: list
      elements: dict
      contains:
        region:
          description: The Region.
          type: str
        arn:
          description: Its ARN there.
          type: str
        status:
          description: Its status there.
          type: str
        deletion_protection:
          description: Whether it is protected there.
          type: bool
        point_in_time_recovery:
          description: Whether it can be restored there.
          type: bool
        tags:
          description: Its tags there.
          type: dict
    witness:
      description: The witness, null where there is none.
      type: dict
      contains:
        region:
          description: Its Region.
          type: str
        status:
          description: Its status.
          type: str
  sample:
    name: aws-dr-state
    arn: arn:aws:dynamodb:eu-central-1:123456789012:table/aws-dr-state
    status: ACTIVE
    consistency: strong
    witness: {region: eu-west-3, status: ACTIVE}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.state_table import WantedTable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.state_table import warnings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.state_table import make, remove


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Make the table as asked for, or delete it. Raises ``Refused`` and ``DrError``."""
    wanted = _wanted(options)
    if options["state"] == "absent":
        change = remove(wanted, options["force"], context)
    else:
        for finding in warnings(wanted):
            context.warn(f"{finding.observed} {finding.remedy}")
        change = make(wanted, context)
    before, after = (table.as_dict() if table else None for table in (change.before, change.after))
    return Result(bool(change.calls), {"table": after}, before or {}, after or {}, change.calls)


def _wanted(options: Mapping[str, Any]) -> WantedTable:
    tags = options["tags"]
    return WantedTable(
        name=options["name"],
        replicas=tuple(options["replicas"]),
        witness=options["witness_region"],
        deletion_protection=options["deletion_protection"],
        point_in_time_recovery=options["point_in_time_recovery"],
        tags=None if tags is None else {str(key): str(value) for key, value in tags.items()},
        purge_tags=options["purge_tags"],
    )


def argument_spec() -> dict[str, Any]:
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True},
        "replicas": {"type": "list", "elements": "str", "required": True},
        "witness_region": {"type": "str"},
        "deletion_protection": {"type": "bool", "default": True},
        "point_in_time_recovery": {"type": "bool", "default": True},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "force": {"type": "bool", "default": False},
        "timeout": timeout_spec(900),
    }


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
