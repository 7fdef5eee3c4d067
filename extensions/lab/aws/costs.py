# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost Explorer: the workload's bill of the month, which moto doesn't keep. It has one endpoint, in us-east-1."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from moto.ce.responses import CostExplorerResponse

from lab.aws import overlay
from lab.aws.errors import AwsError

BILL = {"eu-central-1": 61.2, "eu-west-1": 38.5}
"""What the workload costs a month in each Region, in dollars."""
TAG = {"Key": "workload", "Values": ["shop"]}


def install() -> None:
    """Lay the action over moto's."""
    overlay.put(CostExplorerResponse, "get_cost_and_usage", _get_cost_and_usage)


def _get_cost_and_usage(response: Any) -> str:
    """GetCostAndUsage, by Region, of what is tagged as the workload's, or of the whole account."""
    asked = json.loads(response.body)
    period = asked["TimePeriod"]
    if date.fromisoformat(period["Start"]) >= date.fromisoformat(period["End"]):
        raise AwsError("ValidationException", "Start date (and hour) should be before end date (and hour)")
    groups = [{"Type": "DIMENSION", "Key": "REGION"}]
    if asked.get("GroupBy") != groups:
        raise AwsError("ValidationException", "the lab knows costs by Region only")
    ours = asked.get("Filter", {}).get("Tags", TAG) == TAG
    metrics = [(region, {"UnblendedCost": {"Amount": str(cost), "Unit": "USD"}}) for region, cost in BILL.items()]
    found = [{"Keys": [region], "Metrics": metric} for region, metric in metrics] if ours else []
    result = {"TimePeriod": period, "Total": {}, "Groups": found, "Estimated": True}
    return json.dumps({"ResultsByTime": [result], "GroupDefinitions": groups})
