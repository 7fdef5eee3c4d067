# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between Route 53's health checks and our records, and how one is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_check import (
    Alarm,
    HealthCheck,
    Kind,
    Settings,
)

_FIELDS = {
    "ip_address": "IPAddress",
    "port": "Port",
    "fqdn": "FullyQualifiedDomainName",
    "resource_path": "ResourcePath",
    "search_string": "SearchString",
    "request_interval": "RequestInterval",
    "failure_threshold": "FailureThreshold",
    "measure_latency": "MeasureLatency",
    "enable_sni": "EnableSNI",
    "inverted": "Inverted",
    "disabled": "Disabled",
    "health_threshold": "HealthThreshold",
    "insufficient_data_health_status": "InsufficientDataHealthStatus",
    "routing_control_arn": "RoutingControlArn",
}
_LISTS = {"regions": "Regions", "child_health_checks": "ChildHealthChecks"}
_RESETTABLE = {
    "fqdn": "FullyQualifiedDomainName",
    "regions": "Regions",
    "resource_path": "ResourcePath",
    "child_health_checks": "ChildHealthChecks",
}


def canonical_address(text: str | None) -> str | None:
    """An IP address in its one spelling; what isn't one stays as it is."""
    try:
        return str(ip_address(text)) if text else text
    except ValueError:
        return text


def health_check(raw: Mapping[str, Any], tags: Mapping[str, str] | None = None) -> HealthCheck:
    """A record from a ``HealthCheck``, with the tags that were read elsewhere."""
    config = raw["HealthCheckConfig"]
    alarm = config.get("AlarmIdentifier")
    values: dict[str, Any] = {name: config.get(field) for name, field in _FIELDS.items()}
    values["ip_address"] = canonical_address(values["ip_address"])
    values |= {name: tuple(sorted(config.get(field) or ())) for name, field in _LISTS.items()}
    return HealthCheck(
        id=raw["Id"],
        caller_reference=raw["CallerReference"],
        version=raw["HealthCheckVersion"],
        settings=Settings(
            kind=Kind(config["Type"]), alarm=Alarm(alarm["Region"], alarm["Name"]) if alarm else None, **values
        ),
        tags=dict(tags or {}),
        linked_service=(raw.get("LinkedService") or {}).get("ServicePrincipal"),
    )


def config(settings: Settings) -> dict[str, Any]:
    """A ``HealthCheckConfig`` for CreateHealthCheck."""
    values = {name: value for name, value in vars(settings).items() if value not in (None, ())}
    kind = values.pop("kind")
    return {"Type": kind.value, **_camel(values)}


def update_fields(changed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields for UpdateHealthCheck; what is empty is reset."""
    reset = [_RESETTABLE[name] for name, value in changed.items() if value in ((), "")]
    fields = _camel({name: value for name, value in changed.items() if value not in ((), "")})
    return {**fields, **({"ResetElements": reset} if reset else {})}


def _camel(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = {_FIELDS[name]: value for name, value in values.items() if name in _FIELDS}
    fields |= {_LISTS[name]: list(value) for name, value in values.items() if name in _LISTS}
    alarm = values.get("alarm")
    return fields | ({"AlarmIdentifier": {"Region": alarm.region, "Name": alarm.name}} if alarm else {})


def read_health_check(account: Account, health_check_id: str) -> HealthCheck | None:
    """The check of that id with its tags, or ``None``."""
    what = f"Reading the health check {health_check_id} (route53:GetHealthCheck)"
    try:
        found = health_check(account.read(what, api.get_health_check, health_check_id))
    except CallFailed as failed:
        if failed.code in api.NO_SUCH_HEALTH_CHECK:
            return None
        raise
    return _tagged(account, [found])[0]


def list_health_checks(account: Account) -> list[HealthCheck]:
    """Every check of the account, without tags."""
    return [health_check(raw) for raw in _pages(account)]


def _pages(account: Account) -> Iterator[Mapping[str, Any]]:
    marker = None
    while True:
        page = account.read("Listing the health checks (route53:ListHealthChecks)", api.list_health_checks, marker)
        yield from page["HealthChecks"]
        marker = page.get("NextMarker")
        if not page.get("IsTruncated") or not marker:
            return


def list_tagged_health_checks(account: Account) -> list[HealthCheck]:
    """Every check of the account with its tags, which are read ten checks a call."""
    return _tagged(account, list_health_checks(account))


def _tagged(account: Account, checks: Sequence[HealthCheck]) -> list[HealthCheck]:
    tags: dict[str, dict[str, str]] = {}
    for at in range(0, len(checks), api.TAG_BATCH):
        ids = [check.id for check in checks[at : at + api.TAG_BATCH]]
        what = "Reading the health checks' tags (route53:ListTagsForResources)"
        for each in account.read(what, api.list_tags_for_health_checks, ids):
            tags[each["ResourceId"]] = {tag["Key"]: tag.get("Value", "") for tag in each.get("Tags", [])}
    return [replace(check, tags=tags.get(check.id, {})) for check in checks]
