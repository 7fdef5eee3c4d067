#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: elasticache_global_replication_group
version_added: 0.1.0
short_description: Make an ElastiCache global datastore, and associate or disassociate its members
description:
  - Makes a global datastore of a replication group that exists, and gives it a secondary in each further Region.
  - AWS can't associate a group that exists. A secondary is made by this, and takes node type, engine, shards, token and
    encryption from the datastore.
  - Which member is the primary is not changed here. Use
    M(multiregion.aws_dr.elasticache_global_replication_group_failover).
options:
  name:
    description: The datastore's name, without the five letters that AWS puts before it.
    type: str
    required: true
  state:
    description:
      - V(present) makes the datastore and adds the members that are missing.
      - V(absent) disassociates every secondary and deletes the datastore. All replication groups stay, each with its
        data, as primaries of their own.
    type: str
    choices: [present, absent]
    default: present
  members:
    description:
      - The members, one a Region. The first is the primary of a datastore that is yet to be made.
      - The datastore is looked for in their Regions.
    type: list
    elements: dict
    required: true
    suboptions:
      region:
        description: The Region's name.
        type: str
        required: true
      replication_group_id:
        description: Identifier of the replication group. That of the first member must exist.
        type: str
        required: true
      port:
        description: The port of a secondary that is made.
        type: int
      num_cache_clusters:
        description: How many nodes a secondary that is made has in each shard.
        type: int
      automatic_failover_enabled:
        description: Whether a replica takes over within the Region, for a secondary that is made.
        type: bool
      multi_az_enabled:
        description: Whether the nodes of a secondary that is made are in several Availability Zones.
        type: bool
      cache_subnet_group_name:
        description: Subnet group of a secondary that is made.
        type: str
      security_group_ids:
        description: Security groups of a secondary that is made.
        type: list
        elements: str
      kms_key_id:
        description: Key in that Region for the encryption at rest of a secondary that is made.
        type: str
  purge_members:
    description:
      - Disassociates the secondaries that O(members) does not name.
      - A primary that it does not name is refused.
    type: bool
    default: false
  description:
    description: Description of a datastore and of the secondaries that are made.
    type: str
    default: multiregion.aws_dr
  timeout:
    description: Seconds after which the task fails. Run again, it goes on from what AWS says.
    type: float
    default: 1800.0
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
- name: Replicate the cache in Frankfurt to Ireland
  multiregion.aws_dr.elasticache_global_replication_group:
    name: shop
    members:
      - region: eu-central-1
        replication_group_id: shop-eu-central-1
      - region: eu-west-1
        replication_group_id: shop-eu-west-1
        cache_subnet_group_name: private
        security_group_ids: [sg-0123456789abcdef0]

- name: Let the two go their own ways
  multiregion.aws_dr.elasticache_global_replication_group:
    name: shop
    state: absent
    members:
      - region: eu-central-1
        replication_group_id: shop-eu-central-1
      - region: eu-west-1
        replication_group_id: shop-eu-west-1
"""

RETURN = r"""
cache:
  description: The global datastore as it was last seen. Null when there is none.
  returned: success
  type: dict
  contains:
    id:
      description: Its identifier, with the five letters that AWS puts before the name.
      type: str
    status:
      description: Its status.
      type: str
    primary:
      description: The Region of its primary.
      type: str
    engine_version:
      description: Its engine's version.
      type: str
    node_type:
      description: Its node type.
      type: str
    members:
      description: Its members, each with C(region), C(replication_group_id), C(role) and C(status).
      type: list
      elements: dict
calls:
  description: The changing AWS calls that were made, or in check mode would be made.
  returned: success
  type: list
  elements: dict
  sample: [{service: elasticache, action: CreateReplicationGroup, region: eu-west-1}]
refusals:
  description: Why nothing was changed, each with C(code), C(observed), C(remedy), C(severity) and C(runbook).
  returned: when refused
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, WAIT_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import Datastore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.cache_members import Place, WantedMembers
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cache_members import Shape, converge
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded

MEMBER_SPEC: dict[str, Any] = {
    "region": {"type": "str", "required": True},
    "replication_group_id": {"type": "str", "required": True},
    "port": {"type": "int"},
    "num_cache_clusters": {"type": "int"},
    "automatic_failover_enabled": {"type": "bool"},
    "multi_az_enabled": {"type": "bool"},
    "cache_subnet_group_name": {"type": "str"},
    "security_group_ids": {"type": "list", "elements": "str"},
    "kms_key_id": {"type": "str", "no_log": False},
}
# As the API has them.
NAMES = {
    "replication_group_id": "ReplicationGroupId",
    "port": "Port",
    "num_cache_clusters": "NumCacheClusters",
    "automatic_failover_enabled": "AutomaticFailoverEnabled",
    "multi_az_enabled": "MultiAZEnabled",
    "cache_subnet_group_name": "CacheSubnetGroupName",
    "security_group_ids": "SecurityGroupIds",
    "kms_key_id": "KmsKeyId",
}


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Converge. Raises ``Refused`` and ``DrError``."""
    members = options["members"]
    wanted = WantedMembers(
        members=tuple(Place(member["region"], member["replication_group_id"]) for member in members),
        present=options["state"] == "present",
        purge=options["purge_members"],
    )
    groups = {member["region"]: _group(member, options["description"]) for member in members}
    shape = Shape(options["name"], options["description"], groups)
    found = converge(shape, wanted, options["wait"], guarded(options["run"], context))
    return Result(
        changed=bool(found.calls),
        values={"cache": found.after.as_dict() if found.after else None},
        before=_places(found.before),
        after=_wanted_places(found.before, wanted) if found.calls else _places(found.before),
        calls=found.calls,
    )


def _group(member: Mapping[str, Any], description: str) -> dict[str, Any]:
    given = {name: member[option] for option, name in NAMES.items() if member.get(option) is not None}
    return {**given, "ReplicationGroupDescription": description}


def _places(store: Datastore | None) -> dict[str, Any]:
    return {"members": {member.region: member.group for member in store.members} if store else {}}


def _wanted_places(before: Datastore | None, wanted: WantedMembers) -> dict[str, Any]:
    if not wanted.present:
        return {"members": {}}
    kept = {} if wanted.purge else _places(before)["members"]
    return {"members": {**kept, **{place.region: place.group for place in wanted.members}}}


def main() -> None:
    run(
        execute,
        argument_spec={
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "members": {"type": "list", "elements": "dict", "required": True, "options": MEMBER_SPEC},
            "purge_members": {"type": "bool", "default": False},
            "description": {"type": "str", "default": "multiregion.aws_dr"},
            "wait": WAIT_SPEC,
            "run": RUN_SPEC,
            "timeout": timeout_spec(1800),
        },
    )


if __name__ == "__main__":
    main()
