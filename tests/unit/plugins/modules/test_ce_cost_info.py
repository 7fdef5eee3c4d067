# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import ce_cost_info
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import LOST, SteppedClock, context, refused


def group(region: str, amount: str) -> dict[str, Any]:
    return {"Keys": [region], "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": "USD"}}}


class CostExplorer:
    """Cost Explorer: its pages, what it was asked, and what it answers instead."""

    def __init__(self, *pages: list[dict[str, Any]], error: Exception | None = None) -> None:
        self.pages, self.error = pages, error
        self.asked: list[dict[str, Any]] = []

    def get(self, service: str, region: str) -> Any:
        assert (service, region) == ("ce", "us-east-1")
        return self

    def get_cost_and_usage(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.error:
            raise self.error
        number = int(asked.get("NextPageToken", "0"))
        more = {"NextPageToken": str(number + 1)} if number + 1 < len(self.pages) else {}
        return {"ResultsByTime": [{"Groups": self.pages[number]}], **more}


def look(explorer: CostExplorer, **tags: str) -> Result:
    return ce_cost_info.execute({"tags": tags}, context(SteppedClock(), explorer, [], False, 5.0))


def test_the_month_is_counted_by_region_over_all_pages() -> None:
    explorer = CostExplorer([group("eu-west-1", "38.5")], [group("eu-central-1", "61.25"), group("NoRegion", "1")])
    found = look(explorer, workload="shop")
    assert found.values["costs"] == {
        "since": "2026-09-01",
        "by_region": {"eu-west-1": 38.5, "eu-central-1": 61.25, "NoRegion": 1.0},
        "total": 100.75,
        "currency": "USD",
    }
    assert explorer.asked[0]["TimePeriod"] == {"Start": "2026-09-01", "End": "2026-09-22"}
    assert explorer.asked[0]["Filter"] == {"Tags": {"Key": "workload", "Values": ["shop"]}}
    assert [each.get("NextPageToken") for each in explorer.asked] == [None, "1"]


def test_several_tags_must_all_be_there_and_none_means_the_account() -> None:
    explorer = CostExplorer([])
    look(explorer, workload="shop", stage="live")
    assert len(explorer.asked[0]["Filter"]["And"]) == 2
    look(explorer)
    assert "Filter" not in explorer.asked[1]


def test_nothing_is_not_zero() -> None:
    found = look(CostExplorer([])).values["costs"]
    assert (found["by_region"], found["total"], found["currency"]) == ({}, None, "")


@pytest.mark.parametrize("error", [LOST, refused("AccessDeniedException")])
def test_what_went_wrong_is_said(error: Exception) -> None:
    with pytest.raises(CallFailed, match="ce:GetCostAndUsage in us-east-1"):
        look(CostExplorer(error=error), workload="shop")
