# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A preflight is summed up in a table, its heaviest lines first."""

from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.preflight_summary import preflight_summary

LAG = {"code": "lag_unknown", "region": "eu-west-1", "observed": "Unknown.", "remedy": "Look.", "severity": "refuse"}
TTL = {"code": "ttl_too_long", "region": "us-east-1", "observed": "Long.", "remedy": "Cut.", "severity": "warn"}


def mode(name: str, ready: bool, *findings: dict[str, str]) -> dict[str, object]:
    looked = {"findings": list(findings), "writer_region": None, "legs": []}
    return {"dr_preflight__mode": name, "ready": ready, **looked}


ONE = {"state": "one", "writers": ["eu-central-1"], "unknown": [], "findings": []}
READINESS = [mode("planned", False, TTL, LAG), mode("unplanned", True, TTL, {**LAG, "severity": "warn"})]


def test_each_finding_is_one_line_with_the_modes_that_it_refuses() -> None:
    results = {"readiness": READINESS, "baseline": {"table_region": "r", "older": {}}, "canary": None, "writers": ONE}
    summary = preflight_summary(results, "shop", "r", "h")
    assert summary["lines"] == [
        "shop: a failover to r: planned would be REFUSED, unplanned would be begun",
        "REFUSES planned           lag_unknown   Unknown.",
        "                                        -> Look.",
        "warns   planned+unplanned ttl_too_long  Long.",
        "                                        -> Cut.",
        "baseline kept in r",
    ]
    assert (summary["ready"], summary["modes"]) == (False, {"planned": False, "unplanned": True})
    assert [each["code"] for each in summary["refusals"]] == ["lag_unknown"]


@pytest.mark.parametrize(
    ("canary", "codes"),
    [
        (None, []),
        ({"canary": {"there_seconds": 1.0, "back_seconds": 1.0}}, []),
        ({"canary": None}, []),
        ({"msg": "It didn't move."}, ["canary_failed"]),
        ({"skipped": True}, ["canary_not_configured"]),
    ],
)
def test_a_canary_that_did_not_fly_refuses(canary: dict[str, object] | None, codes: list[str]) -> None:
    results = {"readiness": [mode("planned", True)], "baseline": None, "canary": canary, "writers": ONE}
    summary = preflight_summary(results, "shop", "r", "h")
    assert ([each["code"] for each in summary["refusals"]], summary["ready"]) == (codes, not codes)
    assert summary["baseline_kept"] is False and summary["lines"][-1].startswith("baseline NOT kept")
