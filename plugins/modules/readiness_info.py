#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: readiness_info
version_added: 0.1.0
short_description: Say whether a workload can be failed over now, and what would be in the way
description:
  - Reads both Regions, the public name's records and the state table in parallel, under one deadline, and judges what
    was seen for the kind of run that is meant.
  - An unplanned run waits for the target's Region only, and for the latch's objects outside the impaired one. It waits
    neither for that Region nor for us-east-1. What only those could tell is a warning, with what the last preflight saw
    in its stead.
  - What could not be read is unknown, and said so.
options:
  workload:
    description: The workload's name.
    type: str
    required: true
  home:
    description: The Region where it should live. The latch leads away from it.
    type: str
    required: true
  target:
    description: The Region that the run would go to.
    type: str
    required: true
  mode:
    description: V(planned) is a switchover, V(unplanned) a failover.
    type: str
    choices: [planned, unplanned]
    default: planned
  accept_data_loss:
    description:
      - For O(mode=unplanned), that rows which were not replicated yet are lost. Then nothing of the old Region or of
        us-east-1 refuses any more.
    type: bool
    default: false
  legs:
    description: The workload's two halves.
    type: list
    elements: dict
    required: true
    suboptions:
      region:
        description: The Region's name.
        type: str
        required: true
      api_url:
        description: Health URL of the Region's own API.
        type: str
      cluster_id:
        description: Identifier of the leg's DB cluster. Left out, the global cluster's member in the Region is taken.
        type: str
  database:
    description:
      - The database. Its global cluster is described, and with O(preflight=true) each leg's database is asked a query.
        Nothing is written.
    required: true
  latch:
    description: The latch. Left out, none is looked at.
    type: dict
    suboptions:
      key:
        description: Key of the object in each bucket.
        type: str
        required: true
      token:
        description: Content of the object.
        type: str
        required: true
      forward:
        description: The buckets that send clients to the standby Region.
        type: list
        elements: dict
        required: true
        suboptions: &bucket
          bucket:
            description: Name of the bucket.
            type: str
            required: true
          region:
            description: The bucket's Region.
            type: str
            required: true
      reverse:
        description: The buckets that send clients home.
        type: list
        elements: dict
        default: []
        suboptions: *bucket
  record:
    description: The public name. Left out, no record is looked at.
    type: dict
    suboptions:
      name:
        description: The name.
        type: str
        required: true
      addresses:
        description: The addresses that it has, for each Region.
        type: dict
        default: {}
  objectives:
    description: What was promised.
    type: dict
    default: {}
    suboptions:
      rto_seconds:
        description: Recovery time objective.
        type: float
        default: 900.0
      rpo_seconds:
        description: Recovery point objective.
        type: float
        default: 60.0
  table:
    description:
      - Name of the state table, which is reached in the Regions of the legs.
      - Left out, neither lock nor fences are looked at, and there is no baseline.
    type: str
    default: ""
  lock:
    description: What a run of the workload locks. Left out, the global cluster.
    type: str
  run_id:
    description: The run that this belongs to. That it holds the lock is no finding.
    type: str
    default: ""
  controller:
    description: Where the controller itself comes from.
    type: dict
    suboptions:
      image:
        description: The execution image, with its registry.
        type: str
        default: ""
      git:
        description: The Git host that the playbooks come from.
        type: str
        default: ""
      regions:
        description: The Regions that must be well before the controller can run.
        type: list
        elements: str
        default: []
      role:
        description:
          - ARN of the IAM role that failovers run as. A preflight asks IAM whether that one may make the planned calls.
          - Left out, it asks about the role that it runs as itself.
        type: str
        default: ""
  planned_calls:
    description: The AWS calls that the run's steps will make, beside those that every failover makes.
    type: list
    elements: dict
    default: []
    suboptions:
      service:
        description: As boto3 names it.
        type: str
        required: true
      action:
        description: As the API names it.
        type: str
        required: true
      region:
        description: Where it goes to.
        type: str
        required: true
  cache:
    description: The global datastore that is promoted beside the database. Left out, no cache is looked at.
    type: dict
    suboptions:
      global_replication_group_id:
        description: Identifier of the global datastore, with the five letters that AWS puts before its name.
        type: str
        required: true
      required:
        description: Whether what is wrong with the cache may refuse a failover. With V(false) it only warns.
        type: bool
        default: true
      prove:
        description: How the promoted cache is proved. Taken as the inventory has it, and not looked at.
        type: dict
  secrets:
    description: Names or ARNs of the secrets that are replicated. Their values are not read.
    type: list
    elements: str
    default: []
  keys:
    description: Multi-Region keys, by an alias that they have in both Regions, by their id, or by an ARN.
    type: list
    elements: str
    default: []
  buckets:
    description: Buckets with objects that users need. Left out, none is looked at.
    type: dict
    suboptions:
      pairs:
        description:
          - The directions in which they are replicated. What is behind counts in the failover's direction; of the
            other one only whether it replicates at all.
        type: list
        elements: dict
        required: true
        suboptions:
          source: &end
            description: A bucket.
            type: dict
            required: true
            suboptions: *bucket
          destination: *end
          rule_ids:
            description:
              - Ids of the rules whose backlogs count, added up.
              - Default is the one that M(multiregion.aws_dr.s3_bucket_replication) makes.
            type: list
            elements: str
      sentinel_key:
        description: Key of the object that a planned run waits for. Taken as the inventory has it, and not looked at.
        type: str
  compute:
    description:
      - What it computes with in each Region, as many as must serve there before traffic comes.
      - What merely is not scaled up yet warns, as a failover does that. What can not be had refuses a planned one.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: What it is. An Auto Scaling group, an ECS service, or an alias or version of a Lambda function.
        type: str
        choices: [asg, ecs, lambda]
        required: true
      name:
        description: Name of the Auto Scaling group.
        type: str
      cluster:
        description: Name of the service's cluster.
        type: str
      service:
        description: Name of the ECS service.
        type: str
      function:
        description: Name of the Lambda function.
        type: str
      alias:
        description: The function's alias or version.
        type: str
      desired:
        description: How many instances, tasks or execution environments are to serve.
        type: int
        required: true
      minimum:
        description: The least that an Auto Scaling group keeps.
        type: int
      maximum:
        description: The most that an Auto Scaling group may have.
        type: int
  parameters:
    description: The SSM parameters that the target needs. They are not looked at. RV(ledger) has a line for them.
    type: dict
    suboptions:
      paths:
        description: Below which paths they are.
        type: list
        elements: str
        required: true
      key_id:
        description: The target's key. Taken as the inventory has it, and not looked at.
        type: str
      overrides:
        description: What a Region must have. Taken as the inventory has it, and not looked at.
        type: dict
  event_sources:
    description: Lambda functions that are fed in the writer's Region only.
    type: list
    elements: dict
    default: []
    suboptions:
      function:
        description: The function's name, as the mapping has it, with the alias if there is one (V(orders:live)).
        type: str
        required: true
      source:
        description: ARN of the one source that is meant. Default is all of the function's.
        type: str
  routing_control:
    description:
      - ARC's routing controls, where they switch the clients. Left out, none is looked at.
      - A run is content with the endpoint that answers first, a preflight asks each.
      - Safety rules are asked of ARC's control plane in us-west-2, except in an unplanned run.
    type: dict
    suboptions:
      endpoints:
        description: The cluster's endpoints, all five.
        type: list
        elements: dict
        required: true
        suboptions:
          region:
            description: The endpoint's Region.
            type: str
            required: true
          url:
            description: Its address, as C(DescribeCluster) gives it.
            type: str
            required: true
      controls:
        description: The workload's routing controls.
        type: list
        elements: dict
        required: true
        suboptions:
          arn:
            description: The routing control's ARN.
            type: str
            required: true
          region:
            description: The Region whose traffic it lets through.
            type: str
            required: true
      safety_rules_to_override:
        description: ARNs of safety rules that the switch may break.
        type: list
        elements: str
        default: []
  canary:
    description:
      - A latch that no client hangs on, in the buckets of O(latch).
      - With O(preflight=true) its object is asked for as a health checker does, without credentials.
    type: dict
    suboptions:
      key:
        description: Key of its object in each bucket.
        type: str
        required: true
      token:
        description: Content of the object.
        type: str
        required: true
      record:
        description: Its name. Taken as the inventory has it, and not looked at.
        type: dict
  preflight:
    description:
      - Everything is waited for, the databases are asked a query, and IAM is asked whether the role in use may make the
        planned calls. Quotas are compared and O(canary) is looked at. The baseline is not used.
    type: bool
    default: false
  first_failure:
    description:
      - When the workload was first seen to fail, in seconds since the epoch, V(0) when nobody knows.
      - The losses in RV(ledger) count from there.
    type: float
    default: 0.0
  max_lag_age:
    description: A sample of the replication lag that is older, in seconds, is stale.
    type: float
    default: 180.0
  max_baseline_age:
    description: A baseline that is older, in seconds, is too old to stand in.
    type: float
    default: 86400.0
  timeout:
    description: Seconds after which whatever has not been read is unknown. One deadline for everything.
    type: float
    default: 10.0
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
- name: Could it be failed over now?
  multiregion.aws_dr.readiness_info:
    workload: shop
    home: eu-central-1
    target: eu-west-1
    mode: unplanned
    accept_data_loss: true
    legs:
      - region: eu-central-1
      - region: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    table: aws-dr-state
  register: readiness

- name: Stop where it couldn't
  ansible.builtin.assert:
    that: readiness.ready
    fail_msg: "{{ readiness.findings | selectattr('severity', 'equalto', 'refuse') | map(attribute='observed') }}"
"""

RETURN = r"""
ready:
  description: Whether nothing refuses the run.
  returned: success
  type: bool
findings:
  description: What was found, refusals first.
  returned: success
  type: list
  elements: dict
  contains:
    code:
      description: A name that doesn't change.
      type: str
    severity:
      description: V(refuse) or V(warn).
      type: str
    observed:
      description: What was seen.
      type: str
    remedy:
      description: What to do.
      type: str
    runbook:
      description: Where more is said of it.
      type: str
    topic:
      description: What was looked at.
      type: str
    region:
      description: The Region that it is about.
      type: str
observed:
  description: What was seen, by topic and Region. This is what a baseline keeps.
  returned: success
  type: dict
baseline:
  description: The baseline that was read. Null when there is none, and in a preflight.
  returned: success
  type: dict
  contains:
    taken_at:
      description: When it was taken, in seconds since the epoch.
      type: float
    age_s:
      description: How long ago that was, in seconds.
      type: float
    by:
      description: Who took it.
      type: str
reads:
  description: Each look, with its C(topic), C(region), C(seconds), and whether it C(answered) and was C(required).
  returned: success
  type: list
  elements: dict
ledger:
  description:
    - What a failover would lose, layer by layer, out of the same reads. It is as
      P(multiregion.aws_dr.replication_ledger_info#module) returns it.
  returned: success
  type: dict
status:
  description: The worst status of the legs, as P(multiregion.aws_dr.region_health_info#module) has it.
  returned: success
  type: str
writer_region:
  description: The Region that writes now. Null where that couldn't be read.
  returned: success
  type: str
legs:
  description: The legs with their API and database, the replication lag included, as
    P(multiregion.aws_dr.region_health_info#module) returns them.
  returned: success
  type: list
  elements: dict
calls:
  description: The changing AWS calls. Always empty.
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
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.layer_options import LAYERS_SPEC
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.request import check_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import parse_url
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness import assess
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness_values import values, workload_of


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Read and judge. Raises ``Refused`` for a request that can't be looked at, ``DrError`` for a wrong name."""
    case = Case(
        workload=workload_of(options),
        target=options["target"],
        mode=Mode(options["mode"]),
        accept_data_loss=options["accept_data_loss"],
        now=context.clock.wall(),
        preflight=options["preflight"],
        run_id=options["run_id"],
        first_failure=options["first_failure"],
        max_lag_age=options["max_lag_age"],
        max_baseline_age=options["max_baseline_age"],
    )
    _validate(case, options)
    assessment = assess(case, context, options["resolvers"])
    return Result(changed=False, values=values(assessment, context.clock.wall()))


def _validate(case: Case, options: Mapping[str, Any]) -> None:
    findings = check_request(case)
    if findings:
        raise Refused(findings)
    for leg in case.workload.legs:
        if leg.api_url:
            parse_url(leg.api_url)
    for resolver in options["resolvers"]:
        split_address(resolver)


BUCKETS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {"bucket": {"type": "str", "required": True}, "region": {"type": "str", "required": True}},
}
SPEC: dict[str, Any] = {
    "workload": {"type": "str", "required": True},
    "home": {"type": "str", "required": True},
    "target": {"type": "str", "required": True},
    "mode": {"type": "str", "choices": ["planned", "unplanned"], "default": "planned"},
    "accept_data_loss": {"type": "bool", "default": False},
    "legs": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "region": {"type": "str", "required": True},
            "api_url": {"type": "str"},
            "cluster_id": {"type": "str"},
        },
    },
    "database": {**DATABASE_SPEC, "required": True},
    "latch": {
        "type": "dict",
        "options": {
            "key": {"type": "str", "required": True, "no_log": False},
            "token": {"type": "str", "required": True, "no_log": False},
            "forward": {**BUCKETS, "required": True},
            "reverse": {**BUCKETS, "default": []},
        },
    },
    "record": {
        "type": "dict",
        "options": {"name": {"type": "str", "required": True}, "addresses": {"type": "dict", "default": {}}},
    },
    "objectives": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "options": {
            "rto_seconds": {"type": "float", "default": 900.0},
            "rpo_seconds": {"type": "float", "default": 60.0},
        },
    },
    "table": {"type": "str", "default": ""},
    "lock": {"type": "str"},
    "run_id": {"type": "str", "default": ""},
    "controller": {
        "type": "dict",
        "options": {
            "image": {"type": "str", "default": ""},
            "git": {"type": "str", "default": ""},
            "regions": {"type": "list", "elements": "str", "default": []},
            "role": {"type": "str", "default": ""},
        },
    },
    "planned_calls": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {name: {"type": "str", "required": True} for name in ("service", "action", "region")},
    },
    **LAYERS_SPEC,
    "preflight": {"type": "bool", "default": False},
    "first_failure": {"type": "float", "default": 0.0},
    "max_lag_age": {"type": "float", "default": 180.0},
    "max_baseline_age": {"type": "float", "default": 86400.0},
    "resolvers": RESOLVERS_SPEC,
    "timeout": timeout_spec(10),
}


def main() -> None:
    run(execute, argument_spec=SPEC)


if __name__ == "__main__":
    main()
