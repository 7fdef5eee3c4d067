#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: ssm_parameter_sync
version_added: 0.1.0
short_description: Bring the SSM parameters of one Region to another
description:
  - Compares the parameters below O(paths) in two Regions, and writes to O(target) what it lacks or has otherwise.
    Parameters are of one Region, and nothing of AWS's replicates them.
  - SecureStrings are encrypted with the target's own key. No value is shown, neither in the result nor in a diff, where
    a C(value_id) stands for it. It is equal for equal values, and differs from task to task.
  - Value, type, data type, description, allowed pattern and, of a SecureString, the key are compared and written.
    Labels, tags and parameter policies aren't. The tier is the smallest that holds the value.
  - For an unplanned failover leave O(source) out. Then O(overrides) alone are set, and nobody waits for a Region that
    is lost.
  - Needs C(ssm:GetParametersByPath) and C(ssm:DescribeParameters) in both Regions, C(kms:Decrypt) on both keys, and in
    O(target) C(ssm:PutParameter), C(kms:Encrypt), C(ssm:GetParameter) and, with O(purge), C(ssm:DeleteParameters).
options:
  paths:
    description: Paths below which parameters are compared, such as C(/shop).
    type: list
    elements: str
    required: true
  source:
    description:
      - The Region to copy from. It gets 10 seconds to answer.
      - Without it, or where it gives no answer, only O(overrides) are set, and all others are unknown.
    type: str
  target:
    description: The Region to copy to.
    type: str
    required: true
  include:
    description: Patterns of full names, of which one must match. An asterisk also matches slashes.
    type: list
    elements: str
    default: ["*"]
  exclude:
    description: Patterns of full names that are left alone in O(target), as what differs by Region.
    type: list
    elements: str
    default: []
  overrides:
    description:
      - Values that parameters must have in O(target), by full name, whatever they are in O(source). Endpoints, say.
      - They are no secrets. The override of a SecureString isn't written.
    type: dict
    default: {}
  key_id:
    description:
      - The key in O(target) that encrypts its SecureStrings, as an alias, id or ARN. Default is AWS's own for SSM.
    type: str
  purge:
    description: Deletes from O(target) what O(source) doesn't have, if it could be read. What is excluded is kept.
    type: bool
    default: false
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
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Copy what changed in Frankfurt to Ireland, each with its own endpoint
  multiregion.aws_dr.ssm_parameter_sync:
    paths: [/shop]
    source: eu-central-1
    target: eu-west-1
    exclude: [/shop/region/*]
    overrides:
      /shop/endpoint: https://api.eu-west-1.shop.example
    key_id: alias/shop

- name: Set what Ireland must have, without a word from Frankfurt
  multiregion.aws_dr.ssm_parameter_sync:
    paths: [/shop]
    target: eu-west-1
    overrides:
      /shop/endpoint: https://api.eu-west-1.shop.example
"""

RETURN = r"""
parameters:
  description: What was found and done, by name. In check mode, what would be done.
  returned: success
  type: dict
  contains:
    source_read:
      description: Whether the source was asked and gave an answer.
      type: bool
    in_sync:
      description: Whether the target now has what it should. Null where something is unknown.
      type: bool
    written:
      description: Names of the parameters that were written.
      type: list
      elements: str
    deleted:
      description: Names of those that were deleted.
      type: list
      elements: str
    unchanged:
      description: How many were as they should be.
      type: int
    extra:
      description: Names of those that only the target has, and keeps.
      type: list
      elements: str
    unknown:
      description: Names of those that couldn't be compared, and stay as they are.
      type: list
      elements: str
    conflicts:
      description:
        - Those that can't be written, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
        - The codes are C(type_differs) and C(override_of_secure_string). They don't keep the others from being written.
      type: list
      elements: dict
  sample:
    source_read: true
    in_sync: true
    written: [/shop/payment/limit]
    deleted: []
    unchanged: 4
    extra: []
    unknown: []
    conflicts: []
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: ssm, action: PutParameter, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.fingerprint import Fingerprints
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Override
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import Sync, Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.parameters import apply, calls, compare


def argument_spec() -> dict[str, Any]:
    names: dict[str, Any] = {"type": "list", "elements": "str"}
    return {
        "paths": {**names, "required": True},
        "source": {"type": "str"},
        "target": {"type": "str", "required": True},
        "include": {**names, "default": ["*"]},
        "exclude": {**names, "default": []},
        "overrides": {"type": "dict", "default": {}},
        "key_id": {"type": "str", "no_log": False},
        "purge": {"type": "bool", "default": False},
        "timeout": timeout_spec(120),
        "run": RUN_SPEC,
    }


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Compare, and write what the target lacks. Raises ``Refused`` and ``DrError``."""
    guard = guarded(options["run"], context)
    wanted = _wanted(options)
    sync, source_read = compare(wanted, guard.context)
    for conflict in sync.conflicts:
        context.warn(f"[{conflict.code}] {conflict.observed} {conflict.remedy}")
    if not context.check_mode:
        apply(sync, wanted.target, guard)
    made = calls(sync, wanted.target)
    before, after = _diff(sync)
    values = {"parameters": {"source_read": source_read, **_shown(sync)}}
    return Result(changed=bool(made), values=values, before=before, after=after, calls=made)


def _wanted(options: Mapping[str, Any]) -> Wanted:
    return Wanted(
        paths=tuple(options["paths"]),
        source=options["source"] or "",
        target=options["target"],
        include=tuple(options["include"]),
        exclude=tuple(options["exclude"]),
        overrides=tuple(Override(name, str(value)) for name, value in options["overrides"].items()),
        key_id=options["key_id"] or "",
        purge=options["purge"],
    )


def _shown(sync: Sync) -> dict[str, Any]:
    return {
        "in_sync": sync.in_sync,
        "written": [put.after.name for put in sync.puts],
        "deleted": [parameter.name for parameter in sync.deletes],
        "unchanged": len(sync.unchanged),
        "extra": list(sync.extra),
        "unknown": list(sync.unknown),
        "conflicts": [conflict.as_dict() for conflict in sync.conflicts],
    }


def _diff(sync: Sync) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changes, by name, with nothing that tells a value."""
    ids = Fingerprints()
    had = [put.before for put in sync.puts if put.before] + list(sync.deletes)
    before = {parameter.name: parameter.shown(ids.of(parameter.value)) for parameter in had}
    return before, {put.after.name: put.after.shown(ids.of(put.after.value)) for put in sync.puts}


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
