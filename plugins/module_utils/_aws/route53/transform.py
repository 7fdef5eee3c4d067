# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between Route 53's zones and record sets and our records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import (
    Alias,
    Change,
    RecordName,
    RecordSet,
    Role,
    Zone,
)

_OTHER_POLICIES = {
    "Region": "latency",
    "GeoLocation": "geolocation",
    "GeoProximityLocation": "geoproximity",
    "CidrRoutingConfig": "IP ranges",
    "MultiValueAnswer": "multivalue answers",
    "TrafficPolicyInstanceId": "a traffic policy",
}


def plain_id(identifier: str) -> str:
    """An id without the path before it: ``Z1`` of ``/hostedzone/Z1``."""
    return identifier.rsplit("/", 1)[-1]


def absolute(name: str) -> str:
    """A name as it is compared: in lower case, with its final dot, and a wildcard as ``*``."""
    return name.strip().lower().replace("\\052", "*").rstrip(".") + "."


def zone(raw: Mapping[str, Any]) -> Zone:
    """A record from a ``HostedZone``."""
    private = bool(raw.get("Config", {}).get("PrivateZone", False))
    return Zone(id=plain_id(raw["Id"]), name=absolute(raw["Name"]), private=private)


def record_set(raw: Mapping[str, Any]) -> RecordSet:
    """A record from an item of ``ResourceRecordSets``."""
    alias = raw.get("AliasTarget")
    other = next((label for field, label in _OTHER_POLICIES.items() if raw.get(field)), None)
    return RecordSet(
        key=RecordName(absolute(raw["Name"]), raw["Type"]),
        written_name=raw["Name"],
        set_identifier=raw.get("SetIdentifier"),
        role=Role(raw["Failover"]) if raw.get("Failover") else None,
        weight=raw.get("Weight"),
        ttl=raw.get("TTL"),
        values=tuple(item["Value"] for item in raw.get("ResourceRecords", [])),
        alias=Alias(alias["HostedZoneId"], alias["DNSName"], alias["EvaluateTargetHealth"]) if alias else None,
        health_check_id=raw.get("HealthCheckId"),
        other_policy=other,
    )


def change(planned: Change) -> dict[str, Any]:
    """An element of a change batch."""
    return {"Action": planned.action.value, "ResourceRecordSet": _raw_record_set(planned.record_set)}


def _raw_record_set(record: RecordSet) -> dict[str, Any]:
    fields = {
        "Name": record.written_name,
        "Type": record.key.type,
        "SetIdentifier": record.set_identifier,
        "Weight": record.weight,
        "Failover": record.role.value if record.role else None,
        "TTL": record.ttl,
        "ResourceRecords": [{"Value": value} for value in record.values] or None,
        "AliasTarget": record.alias
        and {
            "HostedZoneId": record.alias.zone_id,
            "DNSName": record.alias.dns_name,
            "EvaluateTargetHealth": record.alias.evaluate_target_health,
        },
        "HealthCheckId": record.health_check_id,
    }
    return {name: value for name, value in fields.items() if value is not None}
