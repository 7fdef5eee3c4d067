# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service quotas of each Region: a few that a failover runs into. A request for more is granted at once."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.servicequotas.responses import ServiceQuotasResponse

from lab.aws import overlay
from lab.aws.errors import AwsError

DEFAULTS: tuple[tuple[str, str, str, float, bool], ...] = (
    ("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64.0, False),
    ("fargate", "L-3032A538", "Fargate On-Demand vCPU resource count", 100.0, False),
    ("lambda", "L-B99A9384", "Concurrent executions", 1000.0, False),
    ("autoscaling", "L-CDE20ADC", "Auto Scaling groups per region", 500.0, False),
    ("rds", "L-7B6409FD", "DB instances", 40.0, False),
    ("route53", "L-4EA4796A", "Hosted zones", 500.0, True),
)
"""Service, code, name, value, and whether the quota is one of the whole account."""


class Actions:
    """The API actions."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], float] = {}

    def install(self) -> None:
        """Lay the actions over moto's."""
        for name, action in (
            ("list_service_quotas", self.list_all),
            ("get_service_quota", self.get),
            ("request_service_quota_increase", self.request),
        ):
            overlay.put(ServiceQuotasResponse, name, action)

    def list_all(self, response: ServiceQuotasResponse) -> ActionResult:
        """ListServiceQuotas."""
        return ActionResult({"Quotas": self._of(response, json.loads(response.body)["ServiceCode"])})

    def get(self, response: ServiceQuotasResponse) -> ActionResult:
        """GetServiceQuota."""
        return ActionResult({"Quota": self._one(response)})

    def request(self, response: ServiceQuotasResponse) -> ActionResult:
        """RequestServiceQuotaIncrease."""
        quota, wanted = self._one(response), float(json.loads(response.body)["DesiredValue"])
        if wanted <= quota["Value"]:
            raise AwsError("IllegalArgumentException", "The requested value must be above the quota's.")
        self._values[response.region, quota["QuotaCode"]] = wanted
        return ActionResult({"RequestedQuota": {"Status": "CASE_CLOSED", "DesiredValue": wanted, **_named(quota)}})

    def reset(self) -> None:
        """Back to the defaults."""
        self._values.clear()

    def _of(self, response: ServiceQuotasResponse, service: str) -> list[dict[str, Any]]:
        found = [quota for quota in DEFAULTS if quota[0] == service]
        if not found:
            raise AwsError("NoSuchResourceException", f"The request failed because the service {service} is unknown.")
        return [
            {
                "ServiceCode": code,
                "ServiceName": code,
                "QuotaCode": quota,
                "QuotaName": name,
                "Value": self._values.get((response.region, quota), value),
                "Adjustable": True,
                "GlobalQuota": whole,
                "Unit": "None",
            }
            for code, quota, name, value, whole in found
        ]

    def _one(self, response: ServiceQuotasResponse) -> dict[str, Any]:
        params = json.loads(response.body)
        quotas = self._of(response, params["ServiceCode"])
        found = next((quota for quota in quotas if quota["QuotaCode"] == params["QuotaCode"]), None)
        if found is None:
            raise AwsError("NoSuchResourceException", f"There is no quota {params['QuotaCode']}.")
        return found


def _named(quota: dict[str, Any]) -> dict[str, Any]:
    return {name: quota[name] for name in ("ServiceCode", "ServiceName", "QuotaCode", "QuotaName")}
