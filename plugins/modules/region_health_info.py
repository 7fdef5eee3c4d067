#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: region_health_info
version_added: 0.1.0
short_description: See how the legs of workloads are, all at once
description:
  - Looks at the API, the database, the cache, the storage and the secrets of every leg given, in parallel and under one
    deadline; of one workload, or of any number of them.
  - Each leg is asked through its own Region, so that a lost Region takes nothing else's answer away.
  - What could not be read in time is V(unknown), neither good nor bad. A missing replication lag is never taken for
    zero.
  - No value of a secret is in a result or a log.
options:
  legs:
    description:
      - A workload's halves, one a Region.
      - Either this or O(workloads) is needed.
    type: list
    elements: dict
    suboptions: &leg
      region:
        description: The Region's name.
        type: str
        required: true
      api_url:
        description:
          - Health URL of the Region's own API, by a name that leads to that Region only.
          - Left out, no API is asked.
        type: str
      cluster_id:
        description:
          - Identifier of the leg's DB cluster.
          - Not needed with O(global_cluster_id), whose member in the Region is taken. Given both, it must be that one.
        type: str
      cache_id:
        description:
          - Identifier of the leg's ElastiCache replication group.
          - Not needed with O(global_replication_group_id), whose member in the Region is taken. Given both, it must be
            that one.
        type: str
  workloads:
    description:
      - Several workloads, looked at in one task, each described by the options that describe one.
      - What is wrong with the description of one, such as a name that AWS doesn't know, is then that workload's trouble
        and doesn't end the task.
    type: list
    elements: dict
    suboptions:
      name:
        description: The workload's name.
        type: str
        required: true
      legs:
        description: Its halves, one a Region.
        type: list
        elements: dict
        required: true
        suboptions: *leg
      global_cluster_id:
        description: As O(global_cluster_id).
        type: str
      global_replication_group_id:
        description: As O(global_replication_group_id).
        type: str
      database:
        description: As O(database).
        type: dict
        suboptions:
          global_cluster_id:
            description: Identifier of the global cluster.
            type: str
            required: true
          name:
            description: Name of the database.
            type: str
            required: true
          secret_id:
            description: Name or ARN of the secret with C(username) and C(password).
            type: str
            required: true
          sslmode:
            description: How libpq secures the connection.
            type: str
            default: require
            choices: [disable, allow, prefer, require, verify-ca, verify-full]
          sslrootcert:
            description: File with the certificates to trust.
            type: path
      record:
        description: As O(record).
        type: dict
        suboptions: &record
          name:
            description: The name.
            type: str
            required: true
          addresses:
            description: The addresses that it has, for each Region.
            type: dict
            required: true
      buckets:
        description: As O(buckets).
        type: dict
        suboptions: &buckets
          pairs:
            description: The directions in which they are replicated.
            type: list
            elements: dict
            required: true
            suboptions:
              source:
                description: The bucket that is written to.
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
                description: The bucket that it replicates to.
                type: dict
                required: true
                suboptions: *bucket
              rule_ids:
                description:
                  - Ids of the rules whose backlogs count, added up.
                  - Default is the one that M(multiregion.aws_dr.s3_bucket_replication) makes.
                type: list
                elements: str
          sentinel_key:
            description: Taken as the inventory has it, and not looked at.
            type: str
      bucket_canary_key:
        description: As O(bucket_canary_key).
        type: str
      secrets:
        description: As O(secrets).
        type: list
        elements: str
        default: []
      keys:
        description: As O(keys).
        type: list
        elements: str
        default: []
      thresholds:
        description: As O(thresholds).
        type: dict
        suboptions: &thresholds
          api:
            description: The API's.
            type: dict
            suboptions:
              max_response_ms: &max_response_ms
                description: In place of O(max_response_ms).
                type: float
              min_certificate_days:
                description: A certificate that ends in fewer days makes the API V(degraded). Default is 14.
                type: float
          database:
            description: The database's.
            type: dict
            suboptions: &replicated
              max_response_ms: *max_response_ms
              max_lag_ms:
                description: In place of O(max_lag_ms).
                type: float
              max_lag_age:
                description: In place of O(max_lag_age).
                type: float
          cache:
            description: The cache's.
            type: dict
            suboptions: *replicated
          storage:
            description: The storage's.
            type: dict
            suboptions:
              max_response_ms: *max_response_ms
              max_lag_ms:
                description:
                  - A replication that is further behind, in milliseconds, makes it V(degraded).
                  - Default is 900000, as S3 promises no better.
                type: float
              max_lag_age:
                description: Seconds after which a sample of the backlog no longer counts. Default is 300.
                type: float
              max_pending:
                description: More operations than these that wait to be replicated make it V(degraded). Default is 1000.
                type: float
          secrets:
            description: The secrets'.
            type: dict
            suboptions:
              max_response_ms: *max_response_ms
  global_cluster_id:
    description:
      - Identifier of the Aurora global cluster that the legs' clusters are members of.
      - Without it no role is known, and of the lag only what a cluster alone shows.
      - O(database.global_cluster_id) stands in for it.
    type: str
  global_replication_group_id:
    description:
      - Identifier of the ElastiCache global datastore that the legs' caches are members of.
      - Without it a cache's role and its lag are not known.
    type: str
  buckets:
    description:
      - Buckets with objects that users need. Left out, no storage is looked at.
      - Each must be there, its rules enabled, and what waits to be replicated to it within O(thresholds.storage), which
        its own Region tells.
    type: dict
    suboptions: *buckets
  bucket_canary_key:
    description:
      - Writes an object to every bucket and reads it again, a Region's own under this key and the Region's name.
      - Left out, nothing is written. In check mode, too.
      - Each look makes one more version of it. Let a lifecycle rule expire the old ones.
      - Needs C(s3:PutObject) and C(s3:GetObject) on those keys.
    type: str
  secrets:
    description:
      - Names or ARNs of secrets that must be in both Regions, and in sync.
      - A replica is compared with what its primary's Region says. Where that gives no answer, whether it is in sync is
        V(unknown).
    type: list
    elements: str
    default: []
  record:
    description:
      - The name that clients use. Where it leads to a Region other than the one whose database is the writer, the
        verdict is V(critical).
      - Left out, no name server is asked.
    type: dict
    suboptions: *record
  read_secrets:
    description:
      - Reads the value of each secret, too, which proves its key as well, and forgets it at once.
      - Needs C(secretsmanager:GetSecretValue), and C(kms:Decrypt) on a key of one's own.
    type: bool
    default: false
  keys:
    description: Ids, ARNs or aliases of KMS keys that must be usable in both Regions.
    type: list
    elements: str
    default: []
  ping_cache:
    description:
      - Sends every leg's cache a PING at its primary endpoint too. A cache that wants a token first has answered.
      - An endpoint is reachable from inside its VPC only, and one that does not answer makes the cache V(unhealthy).
    type: bool
    default: false
  database:
    description:
      - Asks every leg's database one real query too, at its cluster endpoint, or at its reader endpoint where it is a
        reader. Nothing is written.
  required:
    description:
      - The Regions whose answers are waited for. The others are taken as far as they have arrived by then, and are
        else V(unknown), so that a failover need not wait for the Region that is lost.
      - Left out, all of them.
    type: list
    elements: str
  expect_status:
    description: The HTTP statuses that an API answers when it is well.
    type: list
    elements: int
    default: [200]
  expect_standby_status:
    description:
      - The same in a Region whose database is a reader. A health check that is good only where a write would work
        answers 503 there.
    type: list
    elements: int
    default: [200, 503]
  max_response_ms:
    description: A service's answer that takes longer, in milliseconds, makes it V(degraded).
    type: float
    default: 1000.0
  thresholds:
    description: A service's own thresholds, in place of the common ones.
    type: dict
    suboptions: *thresholds
  max_lag_ms:
    description: A replication lag above this, in milliseconds, makes the database or the cache V(degraded).
    type: float
    default: 5000.0
  max_lag_age:
    description: A sample of the replication lag that is older, in seconds, no longer counts. The lag is then unknown.
    type: float
    default: 180.0
  ca_path:
    description: File with the certificates to trust for an C(https) URL and a cache with TLS, instead of the system's.
    type: path
  request_timeout:
    description: Seconds that an API, a database or a cache may take to answer one request.
    type: float
    default: 2.0
  timeout:
    description: Seconds after which whatever has not been read is V(unknown). One deadline for all legs.
    type: float
    default: 10.0
attributes:
  check_mode:
    details: No canary object is written. What would be is listed.
  diff_mode:
    support: none
    details: It shows what is, not what it changes.
  idempotent:
    support: partial
    details: With O(bucket_canary_key) every look writes the objects anew. Without it nothing is changed.
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
- name: Look at both Regions
  multiregion.aws_dr.region_health_info:
    global_cluster_id: shop
    legs:
      - region: eu-central-1
        api_url: https://api.eu-central-1.shop.example/healthz
      - region: eu-west-1
        api_url: https://api.eu-west-1.shop.example/healthz
  register: seen

- name: The lag, where it is known
  ansible.builtin.debug:
    msg: "{{ seen.legs | map(attribute='services.database.replication_lag') | select }}"

- name: In a disaster, without waiting for the Region that is lost, and with a query
  multiregion.aws_dr.region_health_info:
    legs:
      - region: eu-central-1
      - region: eu-west-1
    required: [eu-west-1]
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    timeout: 5

- name: All there is, with a certificate that must last a month, and a database that may answer slower than the rest
  multiregion.aws_dr.region_health_info:
    global_cluster_id: shop
    global_replication_group_id: abcde-shop
    legs:
      - region: eu-central-1
        api_url: https://api.eu-central-1.shop.example/healthz
      - region: eu-west-1
        api_url: https://api.eu-west-1.shop.example/healthz
    buckets:
      pairs:
        - source: {bucket: shop-assets-eu-central-1, region: eu-central-1}
          destination: {bucket: shop-assets-eu-west-1, region: eu-west-1}
    bucket_canary_key: aws-dr/health
    secrets: [shop/db]
    keys: [alias/shop]
    thresholds:
      api: {min_certificate_days: 30}
      database: {max_response_ms: 2000}
  register: seen

- name: Tell how it is
  ansible.builtin.debug:
    msg: "{{ seen.summary.line }}"
"""

RETURN = r"""
status:
  description: The worst status of the legs. V(unhealthy), then V(unknown), V(degraded), V(healthy).
  returned: success
  type: str
  sample: healthy
writer_region:
  description: The Region whose database is the writer. Null when no leg, or more than one, is said to be.
  returned: when O(legs) was given
  type: str
  sample: eu-central-1
clients_sent_to:
  description: The Regions that O(record) leads to. Null where it was not given, or no name server said.
  returned: when O(legs) was given
  type: list
  elements: str
  sample: [eu-central-1]
serving_region:
  description:
    - The Region that users are served from, which is the writer's by the word of all Regions that answer. A lost
      Region's own word is not needed.
    - Null when they say nothing, or not the same.
  returned: when O(legs) was given
  type: str
  sample: eu-central-1
summary:
  description: What all of it amounts to.
  returned: success
  type: dict
  contains:
    verdict:
      description:
        - V(ok) when everything is healthy. V(critical) when something in the Region that serves users is unhealthy, or
          clients are sent to no Region whose database writes.
          V(unknown) when no Region says which one that is, or it isn't known whether it serves them. Else V(degraded).
        - Without a database to say it, every Region is taken to serve users.
      type: str
      sample: ok
    astray:
      description: Whether clients are sent to a Region whose database takes no writes, and to no other.
      type: bool
      sample: false
    line:
      description: The same for people.
      type: str
      sample: well; users are served from eu-central-1
    checks:
      description: How many services were looked at.
      type: int
      sample: 10
    counts:
      description: How many of them had each status.
      type: dict
    success_percent:
      description: The share of them that were V(healthy) or V(degraded). Null when nothing was looked at.
      type: float
      sample: 100.0
    slowest:
      description:
        - The answer that took longest, with C(workload), C(region), C(service) and C(response_ms). Null when none was
          timed.
      type: dict
    regions:
      description: The same figures for each Region, by its name.
      type: dict
workloads:
  description:
    - The workloads in the order given, each with its name as C(workload), and what is returned of a single one.
  returned: when O(workloads) was given
  type: list
  elements: dict
legs:
  description: The legs in the order given.
  returned: when O(legs) was given
  type: list
  elements: dict
  contains:
    region:
      description: The Region's name.
      type: str
    status:
      description: The worst status of its services.
      type: str
    role:
      description: What its database is. V(writer), V(reader) or V(unknown).
      type: str
    reasons:
      description: Why it is not healthy, each beginning with the service.
      type: list
      elements: str
    services:
      description: The services that were asked, by name.
      type: dict
      contains:
        api:
          description: The Region's API.
          type: dict
          contains:
            status:
              description: V(healthy), V(degraded), V(unhealthy) or V(unknown).
              type: str
            reasons:
              description: Why it is not healthy.
              type: list
              elements: str
            url:
              description: What was asked for.
              type: str
            http_status:
              description: The status it answered. Null without an answer.
              type: int
            address:
              description: What the name resolved to.
              type: str
            response_ms:
              description: Milliseconds from the look-up to the answer.
              type: float
            certificate_days:
              description: Days until its certificate ends. Null without TLS, and without an answer.
              type: float
        database:
          description: The Region's database.
          type: dict
          contains:
            status:
              description: V(healthy), V(degraded), V(unhealthy) or V(unknown).
              type: str
            reasons:
              description: Why it is not healthy.
              type: list
              elements: str
            cluster_id:
              description: The DB cluster's identifier.
              type: str
            role:
              description: V(writer), V(reader) or V(unknown).
              type: str
            cluster_status:
              description: The cluster's status as AWS has it.
              type: str
            engine_version:
              description: Version of the engine.
              type: str
            instances:
              description: Identifiers of the cluster's instances. A cluster without any can't be promoted.
              type: list
              elements: str
            synchronization_status:
              description: C(connected) or C(pending-resync). Null where AWS does not say.
              type: str
            failover_status:
              description: Status of the operation under way on the global cluster. Null when there is none.
              type: str
            failover_to:
              description: The Region that it leads to. Null when there is none.
              type: str
            replication_lag:
              description: How far a replica is behind. Null when that is unknown, and for a writer.
              type: dict
              contains:
                ms:
                  description: The lag in milliseconds.
                  type: float
                source:
                  description: The CloudWatch metric it is from, read in the replica's Region.
                  type: str
                sampled_at:
                  description: When the minute began that the sample is of, in seconds since the epoch.
                  type: float
                age_s:
                  description: How long before the reading that was, in seconds.
                  type: float
                samples:
                  description:
                    - That metric's samples of the last 15 minutes, newest first, each with C(ms) and C(sampled_at).
                    - A sample was taken somewhere in its minute. What was so before some moment is told by the newest
                      whose minute had ended by then.
                  type: list
                  elements: dict
            response_ms:
              description: Milliseconds from the look-up to the query's answer. Null when none was asked or answered.
              type: float
            server_id:
              description: Identifier of the instance that answered the query, or its address where it has none.
              type: str
            writable:
              description: Whether that server takes writes.
              type: bool
        cache:
          description: The Region's cache.
          type: dict
          contains:
            status:
              description: V(healthy), V(degraded), V(unhealthy) or V(unknown).
              type: str
            reasons:
              description: Why it is not healthy.
              type: list
              elements: str
            replication_group_id:
              description: The replication group's identifier.
              type: str
            role:
              description: V(primary), V(secondary) or V(unknown).
              type: str
            group_status:
              description: The replication group's status as AWS has it.
              type: str
            membership_status:
              description: Its status as a member, C(associated) when it is well. Null for a group looked at alone.
              type: str
            datastore_status:
              description: Status of the global datastore. Null for a group that is looked at alone.
              type: str
            replication_lag:
              description:
                - How far a secondary is behind, from the metric C(GlobalDatastoreReplicationLag).
                - It has the same keys as that of the database. Null when that is unknown, and for a primary.
              type: dict
            response_ms:
              description: Milliseconds from the look-up to the answer to PING. Null when none was asked or answered.
              type: float
        storage:
          description: The Region's buckets, and what is replicated to them.
          type: dict
          contains:
            status:
              description: V(healthy), V(degraded), V(unhealthy) or V(unknown).
              type: str
            reasons:
              description: Why it is not healthy.
              type: list
              elements: str
            buckets:
              description:
                - Each with C(bucket), whether it is C(there), C(response_ms), C(error) and C(canary).
                - The latter has C(key), whether it was C(good), C(response_ms) and C(error), and is null where none was
                  to be written.
              type: list
              elements: dict
            replication:
              description:
                - What is replicated to the Region, pair by pair, as M(multiregion.aws_dr.s3_replication_info) has it.
              type: list
              elements: dict
            response_ms:
              description: Milliseconds of the slowest bucket or canary.
              type: float
        secrets:
          description: The Region's secrets and keys.
          type: dict
          contains:
            status:
              description: V(healthy), V(degraded), V(unhealthy) or V(unknown).
              type: str
            reasons:
              description: Why it is not healthy.
              type: list
              elements: str
            secrets:
              description:
                - Each with C(secret_id), its C(standing), whether it is C(in_sync), C(replication_status), whether its
                  value is C(readable), and C(error). Null is unknown.
                - It stands there as V(primary), V(replica), V(standalone) or V(missing).
              type: list
              elements: dict
            kms_keys:
              description: Each with C(key_id), its C(state), whether it is C(usable), and C(error). Null is unknown.
              type: list
              elements: dict
            response_ms:
              description: Milliseconds of the slowest of them.
              type: float
  sample:
    - region: eu-west-1
      status: healthy
      role: reader
      reasons: []
      services:
        database:
          status: healthy
          cluster_id: shop-eu-west-1
          role: reader
          replication_lag:
            ms: 84.0
            source: AuroraGlobalDBRPOLag
            sampled_at: 1767225600.0
            age_s: 21.4
            samples: [{ms: 84.0, sampled_at: 1767225600.0}, {ms: 91.0, sampled_at: 1767225540.0}]
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.layer_options import LAYERS_SPEC
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RECORD_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import worst
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_summary import summary_of_all
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.health import canary_calls, look, values, watched


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Look at every service of every leg. Raises ``Refused`` for bad legs, ``DrError`` for a wrong name."""
    workloads = watched(options, context)
    found = look(workloads, options["required"], context)
    now = context.clock.wall()
    told = [values(each, now) for each in found]
    calls = canary_calls(workloads, options)
    if not options["workloads"]:
        return Result(changed=bool(calls), values=told[0], calls=calls)
    together = {
        "status": worst(Status(each["status"]) for each in told).value,
        "summary": summary_of_all(found).as_dict(),
        "workloads": [{"workload": each.name, **one} for each, one in zip(found, told, strict=True)],
    }
    return Result(changed=bool(calls), values=together, calls=calls)


LEG_SPEC: dict[str, Any] = {
    "region": {"type": "str", "required": True},
    "api_url": {"type": "str"},
    "cluster_id": {"type": "str"},
    "cache_id": {"type": "str"},
}


def _thresholds(*names: str) -> dict[str, Any]:
    return {"type": "dict", "options": {name: {"type": "float"} for name in ("max_response_ms", *names)}}


# What describes a workload: the task's own options, or those of each of several.
WORKLOAD_SPEC: dict[str, Any] = {
    "legs": {"type": "list", "elements": "dict", "options": LEG_SPEC},
    "global_cluster_id": {"type": "str"},
    "global_replication_group_id": {"type": "str"},
    "database": DATABASE_SPEC,
    "record": RECORD_SPEC,
    **{name: LAYERS_SPEC[name] for name in ("buckets", "secrets", "keys")},
    "bucket_canary_key": {"type": "str", "no_log": False},
    "thresholds": {
        "type": "dict",
        "options": {
            "api": _thresholds("min_certificate_days"),
            "database": _thresholds("max_lag_ms", "max_lag_age"),
            "cache": _thresholds("max_lag_ms", "max_lag_age"),
            "storage": _thresholds("max_lag_ms", "max_lag_age", "max_pending"),
            "secrets": {**_thresholds(), "no_log": False},
        },
    },
}
SPEC: dict[str, Any] = {
    **WORKLOAD_SPEC,
    "workloads": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            **WORKLOAD_SPEC,
            "legs": {**WORKLOAD_SPEC["legs"], "required": True},
        },
    },
    "ping_cache": {"type": "bool", "default": False},
    "read_secrets": {"type": "bool", "default": False, "no_log": False},
    "required": {"type": "list", "elements": "str"},
    "expect_status": {"type": "list", "elements": "int", "default": [200]},
    "expect_standby_status": {"type": "list", "elements": "int", "default": [200, 503]},
    "max_response_ms": {"type": "float", "default": 1000.0},
    "max_lag_ms": {"type": "float", "default": 5000.0},
    "max_lag_age": {"type": "float", "default": 180.0},
    "ca_path": {"type": "path"},
    "request_timeout": {"type": "float", "default": 2.0},
    "resolvers": RESOLVERS_SPEC,
    "timeout": timeout_spec(10),
}


def main() -> None:
    run(
        execute,
        argument_spec=SPEC,
        required_one_of=[("legs", "workloads")],
        mutually_exclusive=[(name, "workloads") for name in WORKLOAD_SPEC if name not in ("secrets", "keys")],
    )


if __name__ == "__main__":
    main()
