# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name beside the workload's, with a latch of its own in the same buckets: flipped to see that latches work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lab.settings import HOME, REGIONS, STANDBY, Instance

CANARY_KEY = "latch/canary"
CANARY_TOKEN = "aws-dr-latch:canary"
NAME = "canary"


def seed_canary(
    client: Callable[[str, str], Any], instance: Instance, zone: Mapping[str, str], latches: list[str]
) -> None:
    """Make its health checks and its pair of records in ``zone`` (Id, Name). ``latches`` are the hosts of the buckets.

    Raises botocore's errors.
    """
    route53 = client("route53", HOME)

    def check(name: str, config: dict[str, Any]) -> str:
        made = route53.create_health_check(CallerReference=f"{NAME}-{name}", HealthCheckConfig=config)
        return str(made["HealthCheck"]["Id"])

    children = [check(host, _latch_check(host)) for host in latches]
    primary = check("primary", {"Type": "CALCULATED", "HealthThreshold": len(children), "ChildHealthChecks": children})
    changes = []
    for region, role in zip(REGIONS, ("PRIMARY", "SECONDARY"), strict=True):
        record = {
            "Name": f"{NAME}.{zone['Name']}",
            "Type": "A",
            "TTL": 1,
            "SetIdentifier": region,
            "Failover": role,
            "ResourceRecords": [{"Value": instance.address(region)}],
            **({"HealthCheckId": primary} if region != STANDBY else {}),
        }
        changes.append({"Action": "CREATE", "ResourceRecordSet": record})
    route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})


def _latch_check(host: str) -> dict[str, Any]:
    """Healthy while the object is absent."""
    return {
        "Type": "HTTPS_STR_MATCH",
        "FullyQualifiedDomainName": host,
        "Port": 443,
        "ResourcePath": f"/{CANARY_KEY}",
        "SearchString": CANARY_TOKEN,
        "RequestInterval": 10,
        "FailureThreshold": 1,
        "Inverted": True,
    }
