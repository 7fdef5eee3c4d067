#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: latch_canary
version_added: 0.1.0
short_description: Flip a canary latch, and see that its name follows
description:
  - Sets the objects of a latch that no client hangs on, waits until its name has moved, clears them, and waits until it
    has returned. So the path from an object through Route 53's anonymous health checkers to the name is seen to work.
  - It is cleared whatever happens, also when the task is interrupted. What a killed one left is cleared by the next.
options:
  key:
    description: Key of the canary's object, under the same bucket policy as the latch's own.
    type: str
    required: true
  token:
    description: Content of the object, which the canary's health checks look for.
    type: str
    required: true
  latch_key:
    description: Key of the workload's own latch, if it has one. The canary's must be another.
    type: str
  objects:
    description: The latch's buckets.
    type: list
    elements: dict
    required: true
    suboptions:
      bucket:
        description: Name of the bucket.
        type: str
        required: true
      region:
        description: The bucket's Region.
        type: str
        required: true
  record:
    description: The canary's name.
    type: dict
    required: true
    suboptions:
      name:
        description: The name.
        type: str
        required: true
      home:
        description: The addresses that it has while the latch is clear.
        type: list
        elements: str
        required: true
      standby:
        description: The addresses that it has while the latch is set.
        type: list
        elements: str
        required: true
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 300.0
attributes:
  check_mode:
    details: Nothing is done. RV(canary) is null.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each time, the canary's objects are written and deleted. In the end all is as before.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.resolvers
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: See that a latch moves a name
  multiregion.aws_dr.latch_canary:
    key: latch/canary
    token: a-string-that-the-canarys-health-checks-look-for
    objects:
      - bucket: example-shop-latch-eu-west-1
        region: eu-west-1
      - bucket: example-shop-latch-eu-west-3
        region: eu-west-3
    record:
      name: canary.shop.example
      home: [192.0.2.10]
      standby: [198.51.100.10]
"""

RETURN = r"""
canary:
  description: How long the name took. Null in check mode.
  returned: success
  type: dict
  contains:
    there_seconds:
      description: Seconds from the latch's setting until every resolver answered with the standby's addresses.
      type: float
    back_seconds:
      description: Seconds from its clearing until every resolver answered with home's.
      type: float
calls:
  description: The changing AWS calls that were made, or in check mode would be.
  returned: success
  type: list
  elements: dict
timing:
  description: When the task started and ended.
  returned: success
  type: dict
  contains:
    started:
      description: Seconds since the epoch.
      type: float
    ended:
      description: Seconds since the epoch.
      type: float
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RESOLVERS_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import Act, check_objects
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.canary import Name, clear, flip
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.latch import Latch


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Flip it. Raises ``Refused`` for the workload's own latch, ``DrError`` where the name doesn't follow."""
    objects = tuple(LatchObject(each["bucket"], each["region"]) for each in options["objects"])
    findings = list(check_objects(objects, options["token"]))
    if options["key"] == options["latch_key"]:
        remedy = "Give the canary a key of its own: this one moves the workload's traffic."
        findings.append(refusal("not_a_canary", f"key is that of the workload's latch: {options['key']}.", remedy))
    record = options["record"]
    if not record["home"] or not record["standby"] or set(record["home"]) & set(record["standby"]):
        seen = f"record has home {record['home']} and standby {record['standby']}."
        findings.append(refusal("same_addresses", seen, "Give each its own: else nothing can be seen to move."))
    if findings:
        raise Refused(findings)
    calls = tuple(Call("s3", act.value, where.region) for act in (Act.PUT, Act.DELETE) for where in objects)
    if context.check_mode:
        return Result(changed=False, values={"canary": None}, calls=calls)
    latch = Latch(objects, options["key"], options["token"])
    clear(latch, context)
    name = Name(record["name"], record["home"], record["standby"], options["resolvers"])
    flipped = flip(latch, name, context)
    values = {"there_seconds": round(flipped.there, 3), "back_seconds": round(flipped.back, 3)}
    return Result(changed=False, values={"canary": values}, calls=calls)


def main() -> None:
    addresses = {"type": "list", "elements": "str", "required": True}
    run(
        execute,
        argument_spec={
            "key": {"type": "str", "required": True, "no_log": False},
            "token": {"type": "str", "required": True, "no_log": False},
            "latch_key": {"type": "str", "no_log": False},
            "objects": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {"bucket": {"type": "str", "required": True}, "region": {"type": "str", "required": True}},
            },
            "record": {
                "type": "dict",
                "required": True,
                "options": {"name": {"type": "str", "required": True}, "home": addresses, "standby": addresses},
            },
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(300),
        },
    )


if __name__ == "__main__":
    main()
