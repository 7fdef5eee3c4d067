#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: kms_replica_key
version_added: 0.1.0
short_description: Keep a multi-Region KMS key's replica, and move its primary
description:
  - Each Region's key of a multi-Region key encrypts and decrypts by itself, whatever becomes of the others.
    So a failover needs the replica to be there, made beforehand, and nothing else.
  - Moving the primary goes through the current primary's Region. It is for planned runs only.
  - Needs C(kms:DescribeKey) in both Regions. For O(state=present) also C(kms:ReplicateKey) and C(kms:GetKeyPolicy) in
    O(source), and C(kms:CreateKey), C(kms:ListAliases), C(kms:CreateAlias), C(kms:GetKeyPolicy) and
    C(kms:PutKeyPolicy) in O(target). For O(state=primary) C(kms:UpdatePrimaryRegion) on both keys.
options:
  key_id:
    description: The key's id, its ARN in either Region, or an alias that it has in O(source).
    type: str
    required: true
  state:
    description:
      - V(present) makes the replica in O(target) where there is none, and sees to its policy and aliases.
      - V(primary) makes the key in O(target) the primary.
    type: str
    choices: [present, primary]
    default: present
  source:
    description: The Region of the primary key.
    type: str
    required: true
  target:
    description: The replica's Region.
    type: str
    required: true
  policy:
    description:
      - The replica's key policy. A policy is of one Region, and KMS copies none.
      - Without it a new replica gets the primary's, and that of an existing one stays as it is.
    type: json
  aliases:
    description: Aliases that the replica must have in O(target). Others that it has are kept.
    type: list
    elements: str
    default: []
  description:
    description: A new replica's description.
    type: str
    default: ""
  mode:
    description: The run's mode. V(unplanned) refuses O(state=primary), which then isn't needed.
    type: str
    choices: [planned, unplanned]
    default: planned
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 120.0
attributes:
  check_mode:
    details: Both Regions are read.
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
- name: Have the key in Ireland as well
  multiregion.aws_dr.kms_replica_key:
    key_id: alias/shop
    source: eu-central-1
    target: eu-west-1
    aliases: [alias/shop]

- name: Move its primary, after a planned failover
  multiregion.aws_dr.kms_replica_key:
    key_id: alias/shop
    state: primary
    source: eu-central-1
    target: eu-west-1
"""

RETURN = r"""
key:
  description: The key in the target's Region as it is now. Null in check mode where it would only be made.
  returned: success
  type: dict
  contains:
    id:
      description: Its id, the same in every Region.
      type: str
    arn:
      description: Its ARN.
      type: str
    region:
      description: Its Region.
      type: str
    state:
      description: KMS's word for its state.
      type: str
    primary_region:
      description: The primary's Region.
      type: str
    replica_regions:
      description: The Regions of all replicas.
      type: list
      elements: str
  sample:
    id: mrk-8b9115ab6ac742459f52d164b2dbe23a
    arn: arn:aws:kms:eu-west-1:123456789012:key/mrk-8b9115ab6ac742459f52d164b2dbe23a
    region: eu-west-1
    state: Enabled
    primary_region: eu-central-1
    replica_regions: [eu-west-1]
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: kms, action: ReplicateKey, region: eu-central-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RUN_SPEC,
    WAIT_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.keys import Act, check_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.replica_key import Done, Keeper, Seen, Wanted


def argument_spec() -> dict[str, Any]:
    return {
        "key_id": {"type": "str", "required": True, "no_log": False},
        "state": {"type": "str", "choices": ["present", "primary"], "default": "present"},
        "source": {"type": "str", "required": True},
        "target": {"type": "str", "required": True},
        "policy": {"type": "json"},
        "aliases": {"type": "list", "elements": "str", "default": []},
        "description": {"type": "str", "default": ""},
        "mode": {"type": "str", "choices": ["planned", "unplanned"], "default": "planned"},
        "wait": WAIT_SPEC,
        "timeout": timeout_spec(120),
        "run": RUN_SPEC,
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """See to the replica, or move the primary. Raises ``Refused`` and ``DrError``."""
    moves = options["state"] == "primary"
    refused = check_request(moves and options["mode"] == "unplanned")
    if refused:
        raise Refused(refused)
    wanted = Wanted(
        key_id=options["key_id"],
        source=options["source"],
        target=options["target"],
        policy=options["policy"],
        aliases=tuple(options["aliases"]),
        description=options["description"],
        wait=options["wait"],
    )
    keeper = Keeper(wanted, guarded(options["run"], context))
    done = keeper.primary() if moves else keeper.present()
    return Result(
        changed=bool(done.changes),
        values={"key": done.after.key.as_dict() if done.after.key else None},
        before=_part(done.before),
        after=_after(done, wanted, moves),
        calls=done.calls,
    )


def _part(seen: Seen) -> dict[str, Any]:
    return {
        "present": seen.key is not None,
        "primary_region": seen.key.primary_region if seen.key else "",
        "aliases": sorted(seen.aliases),
        "policy": seen.policy,
    }


def _after(done: Done, wanted: Wanted, moves: bool) -> dict[str, Any]:
    """What the target's Region has after the calls, also where they were not made."""
    if moves:
        return _part(done.before) | {"primary_region": wanted.target}
    primary = done.before.key.primary_region if done.before.key else wanted.source
    changed = any(change.act in (Act.POLICY, Act.REPLICATE) for change in done.changes)
    policy = wanted.policy if changed else done.before.policy
    return {"present": True, "primary_region": primary, "aliases": sorted(wanted.aliases), "policy": policy}


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
