# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the name server answers from: moto's zones, clusters and caches, read afresh for each query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from moto.elasticache.models import elasticache_backends
from moto.rds.models import rds_backends
from moto.route53.models import route53_backends

from lab.aws.elasticache_groups import endpoints
from lab.control.dns import Record, View
from lab.settings import ACCOUNT, REGIONS, Instance

ENDPOINT = re.compile(r"^(?P<name>[^.]+)\.(?:cluster-(?:ro-)?)?[^.]+\.(?P<region>[a-z0-9-]+)\.rds\.amazonaws\.com$")


def make_view(
    instance: Instance, healthy: Callable[[str], bool], restored: Callable[[str, str], str | None] = lambda *_key: None
) -> View:
    """A view of everything there is. ``restored`` gives the address of what was restored for a Region's cluster."""

    def endpoint(name: str) -> str | None:
        found = ENDPOINT.match(name)
        address = restored(found["region"], cluster_of(found["region"], found["name"])) if found else None
        if address is not None:
            return address
        region = cluster_region(name) or global_writer(name) or cache_region(name)
        return None if region is None else instance.address(region)

    return View(zone_names, zone_records, healthy, endpoint)


def _zones() -> list[Any]:
    return [zone for zone in list(route53_backends[ACCOUNT]["aws"].zones.values()) if not zone.private_zone]


def zone_names() -> list[str]:
    """The public zones, with their final dot."""
    return [absolute(zone.name) for zone in _zones()]


def zone_records(zone_name: str) -> Iterator[Record]:
    """The record sets of a zone; aliases are left out: what they point to is not on this machine."""
    zone = next((zone for zone in _zones() if absolute(zone.name) == zone_name), None)
    for found in list(zone.rrsets) if zone is not None else []:
        if found.alias_target is None:
            yield record_of(found)


def record_of(found: Any) -> Record:
    """moto's record set as ours."""
    values = (item["Value"] if isinstance(item, dict) else str(item) for item in found.records)
    return Record(
        name=absolute(found.name),
        type=found.type,
        ttl=int(found.ttl or 0),
        values=tuple(values),
        set_identifier=found.set_identifier or "",
        failover=found.failover or "",
        weight=None if found.weight in (None, "") else int(found.weight),
        health_check_id=found.health_check_id or "",
    )


def absolute(name: str) -> str:
    return name.lower().rstrip(".") + "."


def global_writer(name: str) -> str | None:
    """The Region of the writer behind a global database's endpoint; None when there is no such endpoint."""
    for backend in list(rds_backends[ACCOUNT].values()):
        for cluster in list(backend.global_clusters.values()):
            if cluster.endpoint == name:
                return next((member.region for member in cluster.members if member.is_writer), None)
    return None


def cluster_region(name: str) -> str | None:
    """The Region of a cluster's or an instance's endpoint; None when there is no such cluster."""
    found = ENDPOINT.match(name)
    if found is None or found["region"] not in REGIONS:
        return None
    backend = rds_backends[ACCOUNT][found["region"]]
    known = found["name"] in backend.clusters or found["name"] in backend.databases
    return found["region"] if known else None


def cluster_of(region: str, name: str) -> str:
    """The cluster that is meant by an endpoint's first label: its own name, or an instance's."""
    instance = rds_backends[ACCOUNT][region].databases.get(name) if region in REGIONS else None
    return str(getattr(instance, "db_cluster_identifier", None) or name)


def cache_region(name: str) -> str | None:
    """The Region of a replication group's endpoint; None when there is no such group."""
    for region in REGIONS:
        for group in list(elasticache_backends[ACCOUNT][region].replication_groups.values()):
            if name in endpoints(group):
                return region
    return None
