#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: secretsmanager_replica
version_added: 0.1.0
short_description: Check, promote or link a Secrets Manager replica
description:
  - A replica is readable as it is. A failover only has to see that it is there.
  - Promoting it is needed only for writing or rotating the secret in that Region, and can't be undone.
    Its way back is to be linked again, which ends its value.
  - No value is shown. Where two have to be compared, it is done in memory.
  - Needs C(secretsmanager:DescribeSecret) in both Regions, C(secretsmanager:StopReplicationToReplica) in O(target) to
    promote, C(secretsmanager:ReplicateSecretToRegions) in O(source) to link, and for O(state=linked) also
    C(secretsmanager:GetSecretValue) in both.
options:
  secret_id:
    description: The secret's name, or its ARN in either Region.
    type: str
    required: true
  state:
    description:
      - V(in_sync) reads. It is refused where O(target) has no readable secret and, with O(source), where that isn't in
        sync with it after O(timeout). A source that gives no answer doesn't refuse.
      - V(promoted) makes the replica in O(target) a secret of its own, through O(target) alone.
      - V(present) adds a replica in O(target), where there is no secret of that name.
      - V(linked) makes the secret in O(target) a replica of the one in O(source), also where there is one already.
        It is refused where that has another value.
    type: str
    choices: [in_sync, promoted, present, linked]
    required: true
  target:
    description: The replica's Region.
    type: str
    required: true
  source:
    description:
      - The primary's Region. It gets 10 seconds to answer. Required for O(state=present) and O(state=linked).
      - Leave it out in an unplanned failover. Then nothing is compared.
    type: str
  force:
    description:
      - With O(state=linked), gives up the value that O(target) has. With O(state=promoted), promotes a replica that is
        known to be behind O(source).
    type: bool
    default: false
  key_id:
    description: The key in O(target) that encrypts a new replica. Default is AWS's own for Secrets Manager.
    type: str
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 60.0
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
- name: See before a planned failover that Ireland has the same secret as Frankfurt
  multiregion.aws_dr.secretsmanager_replica:
    secret_id: shop/db
    state: in_sync
    source: eu-central-1
    target: eu-west-1

- name: Rotate in Ireland while Frankfurt is lost
  multiregion.aws_dr.secretsmanager_replica:
    secret_id: shop/db
    state: promoted
    target: eu-west-1

- name: Let Frankfurt follow Ireland, once it is back
  multiregion.aws_dr.secretsmanager_replica:
    secret_id: shop/db
    state: linked
    source: eu-west-1
    target: eu-central-1
    force: true # what Frankfurt has is older
"""

RETURN = r"""
secret:
  description: The secret as it is now, or in check mode would be.
  returned: success
  type: dict
  contains:
    name:
      description: What was given as O(secret_id).
      type: str
    region:
      description: The target's Region.
      type: str
    standing:
      description: V(replica), V(primary), which has replicas, V(standalone) or V(missing).
      type: str
    primary_region:
      description: The Region of its primary. Empty where AWS names none.
      type: str
    status:
      description:
        - V(InSync), V(InProgress), V(Failed) or V(unknown), in the source's words where that was read.
        - A replica's own word is as old as its last contact with the primary.
      type: str
    in_sync:
      description: Whether the target has what the source has. Null where that can't be known.
      type: bool
    source_read:
      description: Whether the source was asked and gave an answer.
      type: bool
    version:
      description: Id of the current version in the target.
      type: str
    source_version:
      description: Id of the current version in the source. Empty where it wasn't read.
      type: str
  sample:
    name: shop/db
    region: eu-west-1
    standing: replica
    primary_region: eu-central-1
    status: InSync
    in_sync: true
    source_read: true
    version: 77363c18-5afb-474a-a1f4-9780a1e77126
    source_version: 77363c18-5afb-474a-a1f4-9780a1e77126
findings:
  description: What is worth knowing, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: success
  type: list
  elements: dict
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: secretsmanager, action: StopReplicationToReplica, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RUN_SPEC,
    WAIT_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import SecretPair, Standing
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.secrets import State
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.secret_replica import Wanted, bring


def argument_spec() -> dict[str, Any]:
    return {
        "secret_id": {"type": "str", "required": True, "no_log": False},
        "state": {"type": "str", "choices": [state.value for state in State], "required": True},
        "target": {"type": "str", "required": True},
        "source": {"type": "str"},
        "force": {"type": "bool", "default": False},
        "key_id": {"type": "str", "no_log": False},
        "wait": WAIT_SPEC,
        "timeout": timeout_spec(60),
        "run": RUN_SPEC,
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Check, promote or link a replica. Raises ``Refused`` and ``DrError``."""
    wanted = Wanted(
        secret_id=options["secret_id"],
        target=options["target"],
        source=options["source"] or "",
        state=State(options["state"]),
        force=options["force"],
        key_id=options["key_id"] or "",
        wait=options["wait"],
    )
    done = bring(wanted, guarded(options["run"], context))
    for finding in done.findings:
        context.warn(f"[{finding.code}] {finding.observed} {finding.remedy}")
    secret = _shown(done.after) | (_planned(wanted) if context.check_mode and done.calls else {})
    return Result(
        changed=bool(done.calls),
        values={"secret": secret, "findings": [finding.as_dict() for finding in done.findings]},
        before=_part(_shown(done.before)),
        after=_part(secret),
        calls=done.calls,
    )


def _shown(pair: SecretPair) -> dict[str, Any]:
    return {
        "name": pair.secret_id,
        "region": pair.target_region,
        "standing": pair.standing.value,
        "primary_region": pair.target.primary_region if pair.target else "",
        "status": pair.status.value,
        "in_sync": pair.in_sync,
        "source_read": pair.source_read,
        "version": pair.target.current_version if pair.target else "",
        "source_version": pair.source.current_version if pair.source else "",
    }


def _planned(wanted: Wanted) -> dict[str, Any]:
    """What the change is to bring about."""
    if wanted.state is State.PROMOTED:
        return {"standing": Standing.STANDALONE.value, "primary_region": ""}
    return {"standing": Standing.REPLICA.value, "primary_region": wanted.source}


def _part(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in ("standing", "primary_region", "version")}


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
