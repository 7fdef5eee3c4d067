#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: data_consistency_info
version_added: 0.1.0
short_description: Say whether both Regions hold the same data, and what differs by how much
description:
  - Compares the databases table by table, by count and hash, both sides at once. Where a table differs, 256 buckets of
    keys locate the rows, and their keys are named. The servers do the work, and no table is ever held in memory.
  - The replica is first brought to a point that the writer has reached. On a workload that goes on writing, both
    snapshots are still not of the same moment. So rows that differ are read again, each time after the replica has
    replayed what the writer had done, until they are equal, or stand still and differ. Rows that never stand still are
    counted as C(unsettled).
  - Compares buckets by their listings (version, ETag, size, delete markers) with the replication status of what
    differs, secrets by their versions, stages and status, SSM parameters by name, type and value, and the cache by its
    number of keys and a sample of its values.
  - Values are compared by a hash whose key is forgotten with the task. Keys of rows and names of objects are returned.
  - A layer that can't be asked is V(unknown).
options:
  regions:
    description: The two Regions.
    type: list
    elements: str
    required: true
  layers:
    description: What to compare, of that which the other options describe.
    type: list
    elements: str
    choices: [database, buckets, secrets, parameters, cache]
    default: [database, buckets, secrets, parameters, cache]
  database:
    description:
      - The database. Its tables are read in sessions that can't write. The secret's user needs SELECT on them.
      - Only where O(marker=true), or where the servers don't tell their position in the log, a row is written to the
        writer's table C(aws_dr_writer_proof).
  tables:
    description: The tables to compare, as patterns of C(schema.table). Empty means all.
    type: list
    elements: str
    default: []
  exclude_tables:
    description: Tables to leave out, as patterns of C(schema.table).
    type: list
    elements: str
    default: []
  max_rows:
    description: How many differing rows of a table, or objects of a bucket, are looked at one by one.
    type: int
    default: 1000
  shown:
    description: How many of those are named in the result.
    type: int
    default: 20
  marker:
    description: Mark the replicated point by a row, instead of by the position in the writer's log.
    type: bool
    default: false
  buckets:
    description: The buckets.
    type: dict
    suboptions:
      pairs:
        description: Pairs of buckets that replicate. Given for both directions, a pair is compared once.
        type: list
        elements: dict
        required: true
        suboptions:
          source:
            description: A bucket.
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
            description: The other one.
            type: dict
            required: true
            suboptions: *bucket
          rule_ids:
            description: Not looked at.
            type: list
            elements: str
      prefix:
        description: Only keys that begin with this.
        type: str
      sentinel_key:
        description: Not looked at.
        type: str
  secrets:
    description: Names or ARNs of the replicated secrets.
    type: list
    elements: str
    default: []
  parameters:
    description: The SSM parameters.
    type: dict
    suboptions:
      paths:
        description: The paths below which they are.
        type: list
        elements: str
        required: true
      overrides:
        description: By Region and name, the value that a parameter must have there, whatever it has in the other one.
        type: dict
      key_id:
        description: Not looked at.
        type: str
  cache:
    description: The cache.
    type: dict
    suboptions:
      global_replication_group_id:
        description: Identifier of the global datastore.
        type: str
        required: true
      prove:
        description: How it is reached, with C(secret_id) of its token and C(ca_path).
        type: dict
      required:
        description: Not looked at.
        type: bool
  sample:
    description: How many of the cache's values are compared.
    type: int
    default: 100
  timeout:
    description: Seconds after which whatever has not been compared is V(unknown).
    type: float
    default: 600.0
attributes:
  diff_mode:
    support: none
    details: It changes nothing.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Compare everything
  multiregion.aws_dr.data_consistency_info:
    regions: [eu-central-1, eu-west-1]
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    exclude_tables: [public.sessions, "audit.*"]
    secrets: [shop/db]
    parameters:
      paths: [/shop]
  register: compared

- name: Show what differs
  ansible.builtin.debug:
    msg: "{{ compared.lines }}"
"""

RETURN = r"""
status:
  description: The worst status of the layers. V(differs), then V(unknown), V(same).
  returned: success
  type: str
  sample: same
layers:
  description: The layers that were compared, by name.
  returned: success
  type: dict
  contains:
    database:
      description: Each layer has these keys.
      type: dict
      contains:
        status:
          description: V(same), V(differs) or V(unknown).
          type: str
        compared:
          description: How many things were compared, that is tables, pairs of buckets, secrets, paths, caches.
          type: int
        differing:
          description: How many rows, objects, secrets, parameters or keys differ.
          type: int
        point:
          description: How both sides were brought to one state, and what is approximate.
          type: str
        seconds:
          description: How long it took.
          type: float
        lines:
          description:
            - Each thing compared, with C(what), C(status), C(counts) of both Regions (null where unknown),
              C(differing), C(examples), C(note) and C(details).
            - A table's details have C(rows), C(changed), C(only_first), C(only_second), C(unsettled), C(complete) and
              C(keys).
          type: list
          elements: dict
lines:
  description: All of it as a table.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.layer_options import LAYERS_SPEC
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import LayerName, worst
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.consistency import table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.consistency import compare_all


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Compare what is described. Raises ``Refused`` for a request that can't be right."""
    _validate(options)
    layers = compare_all(options, context)
    values = {
        "status": worst(layer.status for layer in layers).value,
        "layers": {layer.name.value: layer.as_dict() for layer in layers},
        "lines": table(layers, options["regions"]),
    }
    return Result(changed=False, values=values)


def _validate(options: Mapping[str, Any]) -> None:
    regions = options["regions"]
    if len(regions) != 2 or regions[0] == regions[1]:
        raise Refused((refusal("regions_wrong", f"The Regions are {regions}.", "Give two of them."),))
    described = [name.value for name in LayerName if options[name.value] and name.value in options["layers"]]
    if not described:
        what = "Nothing of what is to be compared is described."
        raise Refused(
            (refusal("nothing_to_compare", what, "Give a database, buckets, secrets, parameters or a cache."),)
        )
    for name in ("max_rows", "shown", "sample"):
        if options[name] < 0:
            raise Refused((refusal("number_wrong", f"{name} is {options[name]}.", "Give 0 or more."),))
    for resolver in options["resolvers"]:
        split_address(resolver)


LAYERS = [name.value for name in LayerName]
TEXTS: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
SPEC: dict[str, Any] = {
    "regions": {"type": "list", "elements": "str", "required": True},
    "layers": {"type": "list", "elements": "str", "choices": LAYERS, "default": LAYERS},
    "database": DATABASE_SPEC,
    "tables": TEXTS,
    "exclude_tables": TEXTS,
    "max_rows": {"type": "int", "default": 1000},
    "shown": {"type": "int", "default": 20},
    "marker": {"type": "bool", "default": False},
    "buckets": {"type": "dict", "options": {**LAYERS_SPEC["buckets"]["options"], "prefix": {"type": "str"}}},
    "secrets": LAYERS_SPEC["secrets"],
    "parameters": LAYERS_SPEC["parameters"],
    "cache": {
        "type": "dict",
        "options": {
            "global_replication_group_id": {"type": "str", "required": True},
            "prove": {"type": "dict"},
            "required": {"type": "bool"},
        },
    },
    "sample": {"type": "int", "default": 100},
    "resolvers": RESOLVERS_SPEC,
    "timeout": timeout_spec(600),
}


def main() -> None:
    run(execute, argument_spec=SPEC)


if __name__ == "__main__":
    main()
