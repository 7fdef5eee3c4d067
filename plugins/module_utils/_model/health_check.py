# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Route 53 health check as it was observed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What a health check watches. It can't be changed afterwards."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    HTTP_STR_MATCH = "HTTP_STR_MATCH"
    HTTPS_STR_MATCH = "HTTPS_STR_MATCH"
    TCP = "TCP"
    CALCULATED = "CALCULATED"
    CLOUDWATCH_METRIC = "CLOUDWATCH_METRIC"
    RECOVERY_CONTROL = "RECOVERY_CONTROL"


@dataclass(frozen=True)
class Alarm:
    """A CloudWatch alarm, which may be in any Region."""

    region: str
    name: str


@dataclass(frozen=True)
class Settings:
    """What a health check is told. ``None`` is what isn't set, or in what a user asks for: leave it as it is.

    Lists and strings may be empty in what a user asks for: back to the default. Lists are sorted, their order means
    nothing.
    """

    kind: Kind | None = None
    ip_address: str | None = None
    port: int | None = None
    fqdn: str | None = None
    resource_path: str | None = None
    search_string: str | None = None
    request_interval: int | None = None
    failure_threshold: int | None = None
    measure_latency: bool | None = None
    enable_sni: bool | None = None
    regions: tuple[str, ...] | None = None
    inverted: bool | None = None
    disabled: bool | None = None
    child_health_checks: tuple[str, ...] | None = None
    health_threshold: int | None = None
    alarm: Alarm | None = None
    insufficient_data_health_status: str | None = None
    routing_control_arn: str | None = None

    def as_dict(self) -> dict[str, Any]:
        values = dict(vars(self))
        values["type"] = self.kind.value if self.kind else None
        del values["kind"]
        values["alarm"] = {"region": self.alarm.region, "name": self.alarm.name} if self.alarm else None
        for name in ("regions", "child_health_checks"):
            values[name] = list(values[name] or ())
        return values


@dataclass(frozen=True)
class HealthCheck:
    """A check with its tags. ``linked_service`` is the AWS service that made it, if one did: it alone may change it."""

    id: str
    caller_reference: str
    version: int
    settings: Settings
    tags: dict[str, str] = field(default_factory=dict)
    linked_service: str | None = None

    @property
    def name(self) -> str | None:
        return self.tags.get("Name")

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "caller_reference": self.caller_reference,
            "version": self.version,
            **self.settings.as_dict(),
            "tags": dict(self.tags),
            "linked_service": self.linked_service,
        }
