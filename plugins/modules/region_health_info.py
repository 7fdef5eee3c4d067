#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: region_health_info
version_added: 0.1.0
short_description: See how a workload's legs are, all at once
description:
  - Looks at the API, the database and the cache of every leg given, in parallel and under one deadline.
  - Each leg is asked through its own Region, so that a lost Region takes nothing else's answer away.
  - What could not be read in time is V(unknown), neither good nor bad. A missing replication lag is never taken for
    zero.
options:
  legs:
    description: A workload's halves, one a Region.
    type: list
    elements: dict
    required: true
    suboptions:
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
    description: An answer of API, database or cache that takes longer, in milliseconds, makes it V(degraded).
    type: float
    default: 1000.0
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
"""

RETURN = r"""
status:
  description: The worst status of the legs. V(unhealthy), then V(unknown), V(degraded), V(healthy).
  returned: success
  type: str
  sample: healthy
writer_region:
  description: The Region whose database is the writer. Null when no leg, or more than one, is said to be.
  returned: success
  type: str
  sample: eu-central-1
legs:
  description: The legs in the order given.
  returned: success
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

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg, Seen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import (
    Thresholds,
    leg_findings,
    leg_health,
    worst,
    writer_region,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.health import SERVICES
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import parse_url
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import Lookout
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.reading import why_unread


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Look at every service of every leg. Raises ``Refused`` for bad legs, ``DrError`` for a wrong name."""
    database = Database.from_options(options["database"]) if options["database"] else None
    legs = _legs(options, database)
    regions = [leg.region for leg in legs]
    required = regions if options["required"] is None else options["required"]
    _validate(legs, required, options["resolvers"])
    lookout = Lookout(
        clients=context.clients,
        clock=context.clock,
        deadline=context.deadline,
        resolvers=options["resolvers"],
        request_timeout=options["request_timeout"],
        database=database,
        ca_path=options["ca_path"],
        ping_cache=options["ping_cache"],
    )
    seen = _look(legs, required, lookout, context)
    return Result(changed=False, values=_values(legs, seen, _thresholds(options), context.clock.wall()))


def _legs(options: Mapping[str, Any], database: Database | None) -> tuple[Leg, ...]:
    global_cluster_id = options["global_cluster_id"] or (database.global_cluster_id if database else None)
    shared = {"global_cluster_id": global_cluster_id, "datastore_id": options["global_replication_group_id"]}
    return tuple(Leg(**leg, **shared) for leg in options["legs"])


def _validate(legs: tuple[Leg, ...], required: list[str], resolvers: list[str]) -> None:
    findings = leg_findings(legs, required)
    if findings:
        raise Refused(findings)
    for leg in legs:
        if leg.api_url:
            parse_url(leg.api_url)
    for resolver in resolvers:
        split_address(resolver)


def _look(
    legs: tuple[Leg, ...], required: list[str], lookout: Lookout, context: Context
) -> dict[tuple[str, str], Seen | str]:
    """What was seen, or why nothing was, by Region and service."""
    jobs: dict[str, Callable[[], Seen]] = {}
    named: dict[str, tuple[str, str]] = {}
    for leg in legs:
        for name, service in SERVICES.items():
            if service.asked(leg):
                job = f"Looking at the {name} in {leg.region}"
                named[job] = (leg.region, name)
                jobs[job] = partial(service.look, leg, lookout)
    waited_for = [job for job, (region, _name) in named.items() if region in required]
    outcomes = gather(jobs, context.deadline, context.clock, waited_for)
    return {named[job]: _seen(job, outcome, job in waited_for) for job, outcome in outcomes.items()}


def _seen(job: str, outcome: Outcome[Seen], required: bool) -> Seen | str:
    """What was seen, or why nothing was. A Region that isn't required never ends the task, whatever it answers."""
    if outcome.error is None and outcome.value is not None:
        return outcome.value
    return why_unread(job, outcome, required)


def _thresholds(options: Mapping[str, Any]) -> Thresholds:
    return Thresholds(
        response_ms=options["max_response_ms"],
        lag_ms=options["max_lag_ms"],
        lag_age_s=options["max_lag_age"],
        statuses=tuple(options["expect_status"]),
        standby_statuses=tuple(options["expect_standby_status"]),
    )


def _values(
    legs: tuple[Leg, ...], seen: Mapping[tuple[str, str], Seen | str], thresholds: Thresholds, now: float
) -> dict[str, Any]:
    found = []
    for leg in legs:
        services = {name: seen[leg.region, name] for name in SERVICES if (leg.region, name) in seen}
        found.append(leg_health(leg.region, services, thresholds, now))
    return {
        "status": worst(each.status for each in found).value,
        "writer_region": writer_region(found),
        "legs": [each.as_dict(now) for each in found],
    }


LEG_SPEC: dict[str, Any] = {
    "region": {"type": "str", "required": True},
    "api_url": {"type": "str"},
    "cluster_id": {"type": "str"},
    "cache_id": {"type": "str"},
}


def main() -> None:
    run(
        execute,
        argument_spec={
            "legs": {"type": "list", "elements": "dict", "required": True, "options": LEG_SPEC},
            "global_cluster_id": {"type": "str"},
            "global_replication_group_id": {"type": "str"},
            "ping_cache": {"type": "bool", "default": False},
            "database": DATABASE_SPEC,
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
        },
    )


if __name__ == "__main__":
    main()
