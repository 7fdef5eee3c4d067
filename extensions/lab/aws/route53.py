# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53 as AWS has it: what moto lacks or gets wrong, laid over its responses."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from moto.core.responses import ActionResult
from moto.route53.models import HealthCheck
from moto.route53.responses import Route53

from lab.aws import health_check_config
from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock
from lab.aws.route53_changes import Changes

CHECKER_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-1")


class Health(Protocol):
    """What the health checkers found."""

    def observation(self, check_id: str) -> tuple[str, float] | None:
        """Return what was last seen, and when (epoch seconds); None when nothing has been probed yet."""


class KeptHealthCheck(HealthCheck):
    """A health check that keeps its whole configuration, as it was given."""

    def __init__(self, check_id: str, reference: str, config: dict[str, Any]) -> None:
        super().__init__(check_id, reference, {"type": config["Type"]})
        self.kept = config

    @property
    def health_check_config(self) -> dict[str, Any]:
        """The configuration as the API shows it."""
        return self.kept


class Actions:
    """The API actions. Each takes moto's response object, whose ``params`` are the call's."""

    def __init__(self, changes: Changes, clock: Clock, health: Callable[[], Health | None]) -> None:
        self._changes = changes
        self._clock = clock
        self._health = health

    def install(self) -> None:
        """Put the actions in place of moto's."""
        for name, action in (
            ("change_resource_record_sets", self.change_records),
            ("get_change", self.get_change),
            ("create_health_check", self.create_check),
            ("update_health_check", self.update_check),
            ("get_health_check_status", self.check_status),
            ("create_hosted_zone", _wrapped(self._with_change, "create_hosted_zone")),
            ("delete_hosted_zone", _wrapped(self._with_change, "delete_hosted_zone")),
        ):
            setattr(Route53, name, _as_method(action))

    def change_records(self, response: Route53) -> ActionResult:
        """ChangeResourceRecordSets."""
        backend = response.backend
        zone = backend.get_hosted_zone(response._get_param("HostedZoneId"))
        self._changes.apply(zone, response._get_param("ChangeBatch.Changes") or [], backend.health_checks)
        return ActionResult({"ChangeInfo": self._changes.submit(response._get_param("ChangeBatch.Comment"))})

    def get_change(self, response: Route53) -> ActionResult:
        """GetChange."""
        return ActionResult({"ChangeInfo": self._changes.get(response._get_param("Id"))})

    def create_check(self, response: Route53) -> ActionResult:
        """CreateHealthCheck: the same reference with the same configuration is the same check."""
        reference = response._get_param("CallerReference")
        checks = response.backend.health_checks
        config = health_check_config.created(response._get_param("HealthCheckConfig"), checks)
        existing = next((check for check in checks.values() if check.caller_reference == reference), None)
        if existing is not None and existing.health_check_config != config:
            raise AwsError("HealthCheckAlreadyExists", f"A health check with reference {reference} already exists.")
        make: Callable[..., KeptHealthCheck] = KeptHealthCheck  # moto leaves its CloudFormation side abstract
        check = existing or make(str(uuid.uuid4()), reference, config)
        checks[check.id] = check
        location = f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.id}"
        return ActionResult({"HealthCheck": check, "Location": location})

    def update_check(self, response: Route53) -> ActionResult:
        """UpdateHealthCheck: refused when it was made for an older version."""
        check = _check(response)
        version = response._get_param("HealthCheckVersion")
        if version is not None and int(version) != check.health_check_version:
            raise AwsError(
                "HealthCheckVersionMismatch",
                f"The health check has version {check.health_check_version}, not {version}.",
            )
        check.kept = health_check_config.updated(check.kept, response.params, response.backend.health_checks)
        check.health_check_version += 1
        return ActionResult({"HealthCheck": check})

    def check_status(self, response: Route53) -> ActionResult:
        """GetHealthCheckStatus: what the checkers see, before any inversion."""
        check = _check(response)
        if check.kept["Type"] not in health_check_config.PROBED:
            raise AwsError(
                "InvalidInput", f"A {check.kept['Type']} health check has no checkers whose status could be got."
            )
        health = self._health()
        seen = health.observation(check.id) if health else None
        status, at = seen or ("Success: no check has been made yet", self._clock.wall())
        report = {"Status": status, "CheckedTime": datetime.datetime.fromtimestamp(at, datetime.UTC)}
        return ActionResult(
            {
                "HealthCheckObservations": [
                    {"Region": region, "IPAddress": f"15.177.{number}.1", "StatusReport": report}
                    for number, region in enumerate(CHECKER_REGIONS)
                ]
            }
        )

    def _with_change(self, response: Route53, original: Callable[[Route53], Any]) -> ActionResult:
        result = dict(original(response).result)
        return ActionResult(result | {"ChangeInfo": self._changes.submit()})


def _check(response: Route53) -> KeptHealthCheck:
    check = response.backend.get_health_check(response._get_param("HealthCheckId"))
    if not isinstance(check, KeptHealthCheck):
        raise AwsError("NoSuchHealthCheck", f"The health check {check.id} was not made through the API.")
    return check


def _as_method(action: Callable[[Route53], Any]) -> Callable[[Route53], Any]:
    """Moto lists only plain functions of the class as actions."""

    def method(self: Route53) -> Any:
        return action(self)

    return method


ORIGINALS: dict[str, Callable[[Route53], Any]] = {}


def _wrapped(action: Callable[..., Any], name: str) -> Callable[[Route53], Any]:
    """Hand moto's own action, as it was before the first installation, to ours."""
    original = ORIGINALS.setdefault(name, getattr(Route53, name))
    return lambda response: action(response, original)
