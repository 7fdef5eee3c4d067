# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon Route 53: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

REGION = "us-east-1"  # the only place of Route 53's control plane

NO_SUCH_ZONE = ("NoSuchHostedZone",)
NO_SUCH_HEALTH_CHECK = ("NoSuchHealthCheck",)
TAGGED = "healthcheck"
TAG_BATCH = 10  # resources that ListTagsForResources takes, and tags that a health check may have


def get_hosted_zone(client: Any, zone_id: str) -> dict[str, Any]:
    """The zone of that id."""
    return client.get_hosted_zone(Id=zone_id)["HostedZone"]


def list_hosted_zones_by_name(client: Any, name: str) -> list[dict[str, Any]]:
    """Up to 100 zones in the order of their names, from ``name`` on: those of that name come first."""
    return client.list_hosted_zones_by_name(DNSName=name, MaxItems="100")["HostedZones"]


def list_hosted_zones(client: Any, marker: str | None) -> dict[str, Any]:
    """A page of the account's zones: ``HostedZones``, and ``NextMarker`` if ``IsTruncated``."""
    return client.list_hosted_zones(**({"Marker": marker} if marker else {}))


def list_resource_record_sets(client: Any, zone_id: str, start: Mapping[str, str]) -> dict[str, Any]:
    """Up to 300 record sets of a zone, from ``start`` on (StartRecordName, StartRecordType, StartRecordIdentifier)."""
    return client.list_resource_record_sets(HostedZoneId=zone_id, MaxItems="300", **start)


def change_resource_record_sets(client: Any, zone_id: str, changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Submit one batch: all of its changes are made, or none."""
    return client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": list(changes)})[
        "ChangeInfo"
    ]


def get_change(client: Any, change_id: str) -> dict[str, Any]:
    """How far a batch is: ``Status`` PENDING or INSYNC."""
    return client.get_change(Id=change_id)["ChangeInfo"]


def list_health_checks(client: Any, marker: str | None) -> dict[str, Any]:
    """A page of the account's health checks: ``HealthChecks``, and ``NextMarker`` if ``IsTruncated``."""
    return client.list_health_checks(**({"Marker": marker} if marker else {}))


def get_health_check(client: Any, health_check_id: str) -> dict[str, Any]:
    """The health check of that id."""
    return client.get_health_check(HealthCheckId=health_check_id)["HealthCheck"]


def create_health_check(client: Any, caller_reference: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Create a check, or return the one that the same reference and settings made before."""
    return client.create_health_check(CallerReference=caller_reference, HealthCheckConfig=dict(config))["HealthCheck"]


def update_health_check(client: Any, health_check_id: str, version: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Change the fields given, if the check still has that version."""
    answer = client.update_health_check(HealthCheckId=health_check_id, HealthCheckVersion=version, **fields)
    return answer["HealthCheck"]


def delete_health_check(client: Any, health_check_id: str) -> None:
    """Delete a check. Route 53 doesn't mind if record sets still use it."""
    client.delete_health_check(HealthCheckId=health_check_id)


def list_tags_for_health_checks(client: Any, health_check_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The tags of up to ten health checks: items with ``ResourceId`` and ``Tags``."""
    answer = client.list_tags_for_resources(ResourceType=TAGGED, ResourceIds=list(health_check_ids))
    return answer["ResourceTagSets"]


def change_tags_for_health_check(
    client: Any, health_check_id: str, add: Mapping[str, str], remove: Sequence[str]
) -> None:
    """Add or overwrite the tags of ``add`` and remove those whose keys are in ``remove``, ten of each at most."""
    options: dict[str, Any] = {}
    if add:
        options["AddTags"] = [{"Key": key, "Value": value} for key, value in add.items()]
    if remove:
        options["RemoveTagKeys"] = list(remove)
    client.change_tags_for_resource(ResourceType=TAGGED, ResourceId=health_check_id, **options)


def get_health_check_status(client: Any, health_check_id: str) -> list[dict[str, Any]]:
    """What each health checker saw last: items with ``Region`` and ``StatusReport``, before any inversion."""
    return client.get_health_check_status(HealthCheckId=health_check_id)["HealthCheckObservations"]
