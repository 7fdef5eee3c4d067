#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_origin
version_added: 0.1.0
short_description: Switch a CloudFront distribution to another origin
description:
  - Sends a distribution's cache behaviours to another of its origins, or gives an origin another domain name.
  - The configuration is read with its ETag and replaced as a whole, only if nobody has changed it meanwhile. Where
    somebody has, it is read again and decided anew.
  - Before the update, O(target) is proved to be the database's writer by a committed write. Where the distribution is
    already as asked for, nothing is proved and nothing is changed.
  - CloudFront's control plane is in us-east-1, and a change takes minutes to reach every edge. Prefer an origin whose
    domain name is the failover record, or for what is only read an origin group. Then nothing has to be changed here.
  - Needs C(cloudfront:GetDistribution) and C(cloudfront:UpdateDistribution).
options:
  distribution_id:
    description: The distribution's id.
    type: str
    required: true
  target_origin_id:
    description: Id of the origin, or of the origin group, that the behaviours of O(path_patterns) are to go to.
    type: str
  path_patterns:
    description: Path patterns of the behaviours to switch, as they are configured. V(*) is the default behaviour.
    type: list
    elements: str
    default: ["*"]
  origin_id:
    description: Id of the origin that is to have O(domain_name).
    type: str
  domain_name:
    description: The domain name for O(origin_id).
    type: str
  target:
    description: The Region that traffic goes to. Its database must be the writer. Required with O(database).
    type: str
  database:
    description:
      - The database whose writer in O(target) is proved before the distribution is changed.
      - Required unless O(allow_unverified_writer=true).
  wait:
    description: Whether to wait until the distribution is deployed at every edge, which takes minutes.
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 600.0
attributes:
  check_mode:
    details:
      - The distribution is read. RDS is asked whether O(target) is the writer, nothing is proved. A warning says if it
        isn't.
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
- name: Send what the default behaviour and /static/ serve to Ireland, once its database is the writer
  multiregion.aws_dr.cloudfront_origin:
    distribution_id: E2EXAMPLE1234
    target_origin_id: api-eu-west-1
    path_patterns: ["*", "/static/*"]
    target: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db

- name: Give an origin another domain name, without waiting for the edges
  multiregion.aws_dr.cloudfront_origin:
    distribution_id: E2EXAMPLE1234
    origin_id: api
    domain_name: api.eu-west-1.shop.example
    allow_unverified_writer: true
    wait: false
"""

RETURN = r"""
distribution:
  description: The distribution as it is now, or in check mode would be.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    etag:
      description: Its ETag.
      type: str
    status:
      description: C(InProgress), or C(Deployed) once every edge has it.
      type: str
    origins:
      description: Domain names by origin id.
      type: dict
    behaviors:
      description: The id of the origin that each behaviour goes to, by path pattern.
      type: dict
edits:
  description: What was changed, or in check mode would be.
  returned: success
  type: list
  elements: dict
  contains:
    path_pattern:
      description: The behaviour. Empty where an origin's domain name was changed.
      type: str
    origin_id:
      description: The origin. Empty where a behaviour was changed.
      type: str
    before:
      description: The former origin id or domain name.
      type: str
    after:
      description: The new one.
      type: str
needs_us_east_1:
  description: Whether the task needs us-east-1. Always true, as CloudFront's only control plane is there.
  returned: success
  type: bool
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
    written_at:
      description: When the write was acknowledged, in seconds since the epoch.
      type: float
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: cloudfront, action: UpdateDistribution, region: us-east-1}]
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
    WRITER_GATE_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cloudfront import Edit, Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cloudfront import check_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.distribution import (
    CALLS,
    Switched,
    plan,
    planned,
    read,
    switch,
    wait_deployed,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate

US_EAST_1 = (
    "CloudFront's control plane is in us-east-1, and edges take minutes: prefer an origin that is the failover record."
)


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Switch the origin where it isn't so already. Raises ``Refused`` and ``DrError``."""
    wanted = _wanted(options)
    found = check_request(
        wanted, options["database"] is not None, options["target"], options["allow_unverified_writer"]
    )
    if found:
        raise Refused(found)
    gate = WriterGate(options["database"], options["target"], options["resolvers"], context)
    context.warn(US_EAST_1)
    if context.check_mode:
        seen = read(options["distribution_id"], context)
        edits = plan(wanted, seen)
        if edits:
            gate.look()
        return _result(Switched(seen, planned(seen, edits), edits, changed=bool(edits)), gate)
    guard = guarded(options["run"], context)
    switched = switch(options["distribution_id"], wanted, gate.prove, guard)
    if options["wait"]:
        deployed = wait_deployed(options["distribution_id"], guard.context)
        switched = Switched(switched.before, deployed, switched.edits, switched.changed)
    return _result(switched, gate)


def _wanted(options: Mapping[str, Any]) -> Wanted:
    if options["origin_id"]:
        return Wanted(origin=options["origin_id"], domain=options["domain_name"])
    return Wanted(target_origin=options["target_origin_id"], paths=tuple(options["path_patterns"]))


def _result(switched: Switched, gate: WriterGate) -> Result:
    return Result(
        changed=switched.changed,
        values={
            "distribution": switched.after.as_dict(),
            "edits": [_shown(edit) for edit in switched.edits],
            "needs_us_east_1": True,
            "writer": gate.proof.as_dict() if gate.proof else None,
        },
        before=_places(switched, "before"),
        after=_places(switched, "after"),
        calls=CALLS if switched.changed else (),
    )


def _shown(edit: Edit) -> dict[str, str]:
    return {"path_pattern": edit.path, "origin_id": edit.origin, "before": edit.before, "after": edit.after}


def _places(switched: Switched, which: str) -> dict[str, str]:
    return {edit.path or edit.origin: getattr(edit, which) for edit in switched.edits}


def argument_spec() -> dict[str, Any]:
    return {
        "distribution_id": {"type": "str", "required": True},
        "target_origin_id": {"type": "str"},
        "path_patterns": {"type": "list", "elements": "str", "default": ["*"]},
        "origin_id": {"type": "str"},
        "domain_name": {"type": "str"},
        "target": {"type": "str"},
        **WRITER_GATE_SPEC,
        "run": RUN_SPEC,
        "wait": WAIT_SPEC,
        "timeout": timeout_spec(600),
    }


def main() -> None:
    run(
        execute,
        argument_spec=argument_spec(),
        mutually_exclusive=[("target_origin_id", "origin_id")],
        required_one_of=[("target_origin_id", "origin_id")],
        required_together=[("origin_id", "domain_name")],
    )


if __name__ == "__main__":
    main()
