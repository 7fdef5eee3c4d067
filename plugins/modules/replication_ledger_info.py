#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: replication_ledger_info
version_added: 0.1.0
short_description: Say what a failover would lose, layer by layer
description:
  - Looks at the replication of every layer of a workload at once, and says for each what a failover to O(target) would
    lose, and whether that is measured, a bound, or unknown. An unknown loss is never called zero.
  - With O(mode=unplanned) only the target's Region is waited for. Secrets and parameters can't be compared then.
  - What can't be read is a line that says so; it doesn't fail the task.
  - Options have the shape of the inventory's variables. A layer whose option is left out has no line.
options:
  target:
    description: The Region that the failover goes to.
    type: str
    required: true
  regions:
    description: The workload's two Regions.
    type: list
    elements: str
    required: true
  mode:
    description: V(planned) or V(unplanned). Of a database, a planned failover loses nothing.
    type: str
    choices: [planned, unplanned]
    default: planned
  first_failure:
    description:
      - When the workload was first seen to fail, in seconds since the epoch, V(0) when nobody knows.
      - With O(mode=unplanned), samples bound a loss only if they are from before it; without it, every lag is unknown.
    type: float
    default: 0.0
  cache:
    description: The global datastore, as C(aws_dr_cache).
    type: dict
    suboptions:
      global_replication_group_id:
        description: Its identifier.
        type: str
        required: true
      prove:
        description: How other tasks prove it. Not read here.
        type: dict
      required:
        description: Whether other tasks insist on it. Not read here.
        type: bool
        default: false
  buckets:
    description: The buckets, as C(aws_dr_buckets). Pairs whose destination is not in O(target) have no line.
    type: dict
    suboptions:
      sentinel_key:
        description: The sentinel of other tasks. Not read here.
        type: str
      pairs:
        description: Buckets by direction.
        type: list
        elements: dict
        required: true
        suboptions:
          source:
            description: Where objects are written.
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
            description: Where they are replicated to.
            type: dict
            required: true
            suboptions: *bucket
          rule_ids:
            description: The rules that replicate them. Default is M(multiregion.aws_dr.s3_bucket_replication)'s own.
            type: list
            elements: str
  secrets:
    description: Names or ARNs of the secrets, as C(aws_dr_secrets).
    type: list
    elements: str
    default: []
  parameters:
    description: The SSM parameters, as C(aws_dr_parameters).
    type: dict
    suboptions:
      paths:
        description: Below which paths they are.
        type: list
        elements: str
        required: true
      key_id:
        description: The target's key for SecureStrings.
        type: str
      overrides:
        description: By Region, the parameters that it must have whatever the other one has.
        type: dict
        default: {}
  timeout:
    description: Seconds that all of it may take.
    type: float
    default: 10.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: What would be lost, by what the standby Region knows
  multiregion.aws_dr.replication_ledger_info:
    target: eu-west-1
    regions: [eu-central-1, eu-west-1]
    mode: unplanned
    first_failure: 1767225600
    database: "{{ aws_dr_database }}"
    cache: "{{ aws_dr_cache }}"
    buckets: "{{ aws_dr_buckets }}"
    secrets: "{{ aws_dr_secrets }}"
    parameters: "{{ aws_dr_parameters }}"
  register: ledger
"""

RETURN = r"""
ledger:
  description: What would be lost.
  returned: success
  type: dict
  contains:
    target:
      description: The Region that the failover goes to.
      type: str
    mode:
      description: V(planned) or V(unplanned).
      type: str
    first_failure:
      description: When the workload was first seen to fail, 0 when nobody knows.
      type: float
    taken_at:
      description: When this was looked at, in seconds since the epoch.
      type: float
    lines:
      description: One line for each thing that can lose something.
      type: list
      elements: dict
      contains:
        layer:
          description: V(database), V(cache), V(buckets), V(secrets) or V(parameters).
          type: str
        item:
          description: Which of them.
          type: str
        known_as:
          description: V(measured), V(bounded) or V(unknown).
          type: str
        seconds:
          description: At most so many seconds of writes. Null when unknown.
          type: float
        basis:
          description: What that is concluded from.
          type: str
        sampled_at:
          description:
            - When the minute of the newest sample began, or when it was read, in seconds since the epoch.
            - Null where there is none.
          type: float
    text:
      description: The lines for people.
      type: list
      elements: str
refusals:
  description: What is wrong with the question, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.layer_options import LAYERS_SPEC
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import DATABASE_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Override
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Pair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import When, texts
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import Wanted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import check_pairs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.ledger import Layers, read


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Look at every layer. Raises ``Refused`` where the question is wrong."""
    layers = _layers(options)
    wrong = _wrong(options, layers)
    if wrong:
        raise Refused(wrong)
    now = context.clock.wall()
    lines = read(layers, When.of(options["mode"] == "planned", options["first_failure"], now), context)
    told = {
        "target": layers.target,
        "mode": options["mode"],
        "first_failure": options["first_failure"],
        "taken_at": now,
        "lines": [line.as_dict() for line in lines],
        "text": texts(lines),
    }
    return Result(changed=False, values={"ledger": told})


def _wrong(options: Mapping[str, Any], layers: Layers) -> tuple[Finding, ...]:
    regions = options["regions"]
    if len(regions) != 2 or len(set(regions)) != 2 or layers.target not in regions:
        seen = f"regions is {', '.join(regions) or 'empty'}, target is {layers.target}."
        return (refusal("target_outside_regions", seen, "Give the workload's two Regions, and one of them as target."),)
    return check_pairs(layers.pairs) if layers.pairs else ()


def _layers(options: Mapping[str, Any]) -> Layers:
    target = options["target"]
    pairs = [Pair.from_options(each) for each in (options["buckets"] or {}).get("pairs", [])]
    source = next((region for region in options["regions"] if region != target), "")
    return Layers(
        target=target,
        source=source,
        global_cluster_id=(options["database"] or {}).get("global_cluster_id", ""),
        datastore_id=(options["cache"] or {}).get("global_replication_group_id", ""),
        pairs=tuple(pair for pair in pairs if pair.destination.region == target),
        secrets=tuple(options["secrets"]),
        parameters=_parameters(options["parameters"], source, target) if options["parameters"] else None,
    )


def _parameters(given: Mapping[str, Any], source: str, target: str) -> Wanted:
    overrides = (given["overrides"] or {}).get(target) or {}
    return Wanted(
        paths=tuple(given["paths"]),
        source=source,
        target=target,
        overrides=tuple(Override(name, str(value)) for name, value in overrides.items()),
        key_id=given["key_id"] or "",
    )


CACHE_SPEC: dict[str, Any] = {
    "global_replication_group_id": {"type": "str", "required": True},
    "prove": {"type": "dict"},
    "required": {"type": "bool", "default": False},
}
PARAMETERS_SPEC: dict[str, Any] = {
    "paths": {"type": "list", "elements": "str", "required": True},
    "key_id": {"type": "str", "no_log": False},
    "overrides": {"type": "dict", "default": {}},
}


def argument_spec() -> dict[str, Any]:
    return {
        "target": {"type": "str", "required": True},
        "regions": {"type": "list", "elements": "str", "required": True},
        "mode": {"type": "str", "choices": ["planned", "unplanned"], "default": "planned"},
        "first_failure": {"type": "float", "default": 0.0},
        "database": DATABASE_SPEC,
        "cache": {"type": "dict", "options": CACHE_SPEC},
        "buckets": LAYERS_SPEC["buckets"],
        "secrets": LAYERS_SPEC["secrets"],
        "parameters": {"type": "dict", "options": PARAMETERS_SPEC},
        "timeout": timeout_spec(10),
    }


def main() -> None:
    run(execute, argument_spec=argument_spec())


if __name__ == "__main__":
    main()
