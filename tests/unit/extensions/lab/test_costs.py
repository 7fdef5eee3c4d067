# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill, as Cost Explorer's API reference has it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.aws.costs import BILL

from .conftest import Lab

MONTH = {"Start": "2026-09-01", "End": "2026-09-22"}


def ask(lab: Lab, **more: Any) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {
        "TimePeriod": MONTH,
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}],
    }
    (result,) = lab.client("ce", "us-east-1").get_cost_and_usage(**{**asked, **more})["ResultsByTime"]
    return list(result["Groups"])


@pytest.mark.parametrize(("name", "known"), [("shop", True), ("other", False)])
def test_it_is_of_what_is_tagged(lab: Lab, name: str, known: bool) -> None:
    groups = ask(lab, Filter={"Tags": {"Key": "workload", "Values": [name]}})
    found = {each["Keys"][0]: float(each["Metrics"]["UnblendedCost"]["Amount"]) for each in groups}
    assert found == (BILL if known else {})


def test_a_day_that_ends_before_it_begins_is_refused(lab: Lab) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        ask(lab, TimePeriod={"Start": "2026-09-01", "End": "2026-09-01"})
