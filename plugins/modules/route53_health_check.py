#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: route53_health_check
version_added: 0.1.0
short_description: Manage Route 53 health checks of every type
description:
  - Creates, updates, inverts, disables, tags and deletes a health check. Beyond M(amazon.aws.route53_health_check)
    it inverts, follows CloudWatch alarms and ARC routing controls, chooses Regions, and compares every field given.
  - An option that is not given leaves that setting as it is. An empty string or list brings O(fqdn), O(resource_path),
    O(regions) and O(child_health_checks) back to their defaults.
  - What Route 53 can't change (type, request interval, latency graphs, routing control, adding or removing an IP
    address) is refused, as a new check would have a new id that no record uses.
  - An update names the version it was compared with. Where somebody else was faster, the check is read and compared
    again.
  - Route 53's control plane, which this uses, exists in us-east-1 only. During a failover, use
    M(multiregion.aws_dr.traffic_latch).
  - Needs C(route53:ListHealthChecks), C(route53:GetHealthCheck), C(route53:ListTagsForResources),
    C(route53:CreateHealthCheck), C(route53:UpdateHealthCheck), C(route53:DeleteHealthCheck) and
    C(route53:ChangeTagsForResource); to delete without O(force) also C(route53:ListHostedZones) and
    C(route53:ListResourceRecordSets).
options:
  state:
    description: Whether the check should exist.
    type: str
    choices: [present, absent]
    default: present
  health_check_id:
    description: The check's id. One that must exist already, unless O(state=absent).
    type: str
    aliases: [id]
  name:
    description:
      - The tag C(Name). Without O(health_check_id) and O(caller_reference) it says which check is meant, and must be
        unique.
      - A new check's caller reference follows from it, so that an interrupted run makes no second check.
    type: str
    aliases: [health_check_name]
  caller_reference:
    description: The string that the check was, or is to be, created with. It says which check is meant.
    type: str
  type:
    description: What the check watches. Required for a new one.
    type: str
    choices: [HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH, TCP, CALCULATED, CLOUDWATCH_METRIC, RECOVERY_CONTROL]
  ip_address:
    description: The endpoint's address. Without it, O(fqdn) is resolved.
    type: str
  port:
    description: The endpoint's port. Required for O(type=TCP), else that of the protocol.
    type: int
  fqdn:
    description: The endpoint's name, or with O(ip_address) the name sent as C(Host).
    type: str
  resource_path:
    description: The path to ask for, with its query. Begins with a slash.
    type: str
  search_string:
    description: What the answer's first 5120 bytes must hold. Required for the types that end in C(_STR_MATCH).
    type: str
    aliases: [string_match]
  request_interval:
    description: Seconds between a checker's requests. Route 53's default is 30. Can't be changed.
    type: int
    choices: [10, 30]
  failure_threshold:
    description: How many checks in a row turn the status. Route 53's default is 3.
    type: int
    choices: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  measure_latency:
    description: Whether latency graphs are drawn. Can't be changed.
    type: bool
  enable_sni:
    description: Whether the checkers send O(fqdn) when they negotiate TLS.
    type: bool
  regions:
    description: Where the checkers are, three Regions at least. An empty list means all.
    type: list
    elements: str
    choices: [us-east-1, us-west-1, us-west-2, eu-west-1, ap-southeast-1, ap-southeast-2, ap-northeast-1, sa-east-1]
  inverted:
    description: Whether healthy and unhealthy change places. Route 53 rejects it for O(type=RECOVERY_CONTROL).
    type: bool
  disabled:
    description: Whether checking stops. Route 53 takes a disabled check for healthy.
    type: bool
  child_health_checks:
    description: The ids of the checks that a calculated one counts.
    type: list
    elements: str
  health_threshold:
    description: How many of O(child_health_checks) must be healthy.
    type: int
  alarm:
    description:
      - The CloudWatch alarm to follow. Route 53 follows its data, not its state, so setting that by hand has no effect.
    type: dict
    suboptions:
      name:
        description: The alarm's name.
        type: str
        required: true
      region:
        description: The alarm's Region.
        type: str
        required: true
  insufficient_data_health_status:
    description: The status while the alarm lacks data. V(LastKnownStatus) for a new check that is told nothing else.
    type: str
    choices: [Healthy, Unhealthy, LastKnownStatus]
  routing_control_arn:
    description: The ARC routing control to follow. Can't be changed.
    type: str
  force:
    description:
      - Deletes the check without looking for record sets and calculated checks that use it.
      - Looking for them reads every hosted zone of the account, at five requests a second.
    type: bool
    default: false
  timeout:
    description: Seconds after which the task fails. Throttled requests are tried again until then.
    type: float
    default: 300.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.run
  - amazon.aws.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: The latch's check on an object in the standby Region, healthy while the object is absent
  multiregion.aws_dr.route53_health_check:
    name: shop latch in eu-west-1
    type: HTTPS_STR_MATCH
    fqdn: shop-latch-eu-west-1.s3.eu-west-1.amazonaws.com
    resource_path: /latch/shop
    search_string: aws-dr-latch:shop
    inverted: true
    request_interval: 10
    failure_threshold: 1
    tags:
      workload: shop
  register: in_ireland

- name: The check of the PRIMARY record, healthy only if both of the latch's checks are
  multiregion.aws_dr.route53_health_check:
    name: shop latch
    type: CALCULATED
    child_health_checks:
      - "{{ in_ireland.health_check.id }}"
      - "{{ in_paris.health_check.id }}"
    health_threshold: 2

- name: Follow an alarm
  multiregion.aws_dr.route53_health_check:
    name: shop replication lag
    type: CLOUDWATCH_METRIC
    alarm:
      name: shop-replication-lag
      region: eu-west-1
    insufficient_data_health_status: LastKnownStatus

- name: Delete a check, unless something uses it
  multiregion.aws_dr.route53_health_check:
    name: shop replication lag
    state: absent
"""

RETURN = r"""
health_check:
  description: The check as it is now, or in check mode would be. Null where there is none.
  returned: success
  type: dict
  contains:
    id:
      description: Its id. Empty in check mode for a check that would be created.
      type: str
    caller_reference:
      description: The string it was created with.
      type: str
    version:
      description: How often it was changed, from 1 on.
      type: int
    type:
      description: What it watches.
      type: str
    ip_address:
      description: The endpoint's address.
      type: str
    port:
      description: The endpoint's port.
      type: int
    fqdn:
      description: The endpoint's name.
      type: str
    resource_path:
      description: The path asked for.
      type: str
    search_string:
      description: What the answer must hold.
      type: str
    request_interval:
      description: Seconds between a checker's requests.
      type: int
    failure_threshold:
      description: How many checks in a row turn the status.
      type: int
    measure_latency:
      description: Whether latency graphs are drawn.
      type: bool
    enable_sni:
      description: Whether the name is sent when TLS is negotiated.
      type: bool
    regions:
      description: Where the checkers are. Empty means everywhere.
      type: list
      elements: str
    inverted:
      description: Whether healthy and unhealthy change places.
      type: bool
    disabled:
      description: Whether it is disabled, and so healthy.
      type: bool
    child_health_checks:
      description: The checks that a calculated one counts.
      type: list
      elements: str
    health_threshold:
      description: How many of them must be healthy.
      type: int
    alarm:
      description: The alarm it follows.
      type: dict
      contains:
        name:
          description: Its name.
          type: str
        region:
          description: Its Region.
          type: str
    insufficient_data_health_status:
      description: The status while the alarm lacks data.
      type: str
    routing_control_arn:
      description: The routing control it follows.
      type: str
    tags:
      description: Its tags.
      type: dict
    linked_service:
      description: The AWS service that made it, null where none did.
      type: str
  sample:
    id: 1f7b1e5c-7d35-4f5e-9b0a-0b7b6f4a2c11
    type: HTTPS_STR_MATCH
    inverted: true
    version: 1
    tags: {Name: shop latch in eu-west-1, workload: shop}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.health_checks import canonical_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import Alarm, Kind, Settings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_check import warnings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.health_check import (
    Identity,
    Keeper,
    Request,
    delete,
)

REGIONS = (
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
)
# Options that are settings by the same name and need no conversion.
_PLAIN = (
    "port",
    "fqdn",
    "resource_path",
    "search_string",
    "request_interval",
    "failure_threshold",
    "measure_latency",
    "enable_sni",
    "inverted",
    "disabled",
    "health_threshold",
    "insufficient_data_health_status",
    "routing_control_arn",
)


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Make the check as asked for, or delete it. Raises ``Refused`` and ``DrError``."""
    guard = guarded(options.get("run"), context)
    account = Account(context.clients, context.clock, context.deadline)
    identity = Identity(options["health_check_id"], options["caller_reference"], options["name"])
    if options["state"] == "absent":
        change = delete(identity, options["force"], account, guard)
    else:
        given = options["tags"]
        tags = None if given is None else {str(key): str(value) for key, value in given.items()}
        request = Request(identity, _settings(options), tags, options["purge_tags"])
        change = Keeper(request, account, guard).make()
    if change.after:
        for finding in warnings(change.after.settings):
            context.warn(f"{finding.observed} {finding.remedy}")
    before, after = (check.as_dict() if check else None for check in (change.before, change.after))
    return Result(bool(change.calls), {"health_check": after}, before or {}, after or {}, change.calls)


def _settings(options: Mapping[str, Any]) -> Settings:
    alarm = options["alarm"]
    values: dict[str, Any] = {name: options[name] for name in _PLAIN}
    for name in ("regions", "child_health_checks"):
        values[name] = None if options[name] is None else tuple(sorted(set(options[name])))
    return Settings(
        kind=Kind(options["type"]) if options["type"] else None,
        ip_address=canonical_address(options["ip_address"]),
        alarm=Alarm(alarm["region"], alarm["name"]) if alarm else None,
        **values,
    )


def argument_spec() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "str"}
    flag: dict[str, Any] = {"type": "bool"}
    alarm = {"name": {"type": "str", "required": True}, "region": {"type": "str", "required": True}}
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "health_check_id": {"type": "str", "aliases": ["id"]},
        "name": {"type": "str", "aliases": ["health_check_name"]},
        "caller_reference": text,
        "type": {"type": "str", "choices": [kind.value for kind in Kind]},
        "ip_address": text,
        "port": {"type": "int"},
        "fqdn": text,
        "resource_path": text,
        "search_string": {"type": "str", "aliases": ["string_match"]},
        "request_interval": {"type": "int", "choices": [10, 30]},
        "failure_threshold": {"type": "int", "choices": list(range(1, 11))},
        "measure_latency": flag,
        "enable_sni": flag,
        "regions": {"type": "list", "elements": "str", "choices": list(REGIONS)},
        "inverted": flag,
        "disabled": flag,
        "child_health_checks": {"type": "list", "elements": "str"},
        "health_threshold": {"type": "int"},
        "alarm": {"type": "dict", "options": alarm},
        "insufficient_data_health_status": {"type": "str", "choices": ["Healthy", "Unhealthy", "LastKnownStatus"]},
        "routing_control_arn": text,
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "force": {"type": "bool", "default": False},
        "run": RUN_SPEC,
        "timeout": timeout_spec(300),
    }


def main() -> None:
    run(
        execute,
        argument_spec=argument_spec(),
        required_one_of=[("health_check_id", "name", "caller_reference")],
        mutually_exclusive=[("health_check_id", "caller_reference")],
    )


if __name__ == "__main__":
    main()
