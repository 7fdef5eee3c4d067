# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A runbook that can't be typed is found before the day on which somebody has to."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report import manual_check
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.manual_check import manual_findings, troubles

GOOD = 'until [ "$(aws rds describe-db-clusters --region eu-west-1 --output text)" = ok ]; do sleep 5; done'


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (GOOD, ""),
        ("aws rds failover-global-cluster --region eu-west-1", "rds failover-global-cluster needs global-cluster-"),
        ("aws rds describe-db-clusters --region eu-west-1 --colour red", "has no option colour"),
        ("aws rds describe-db-clusters --output text", "names no Region"),
        ("aws rds fail-over-everything --region eu-west-1", "AWS has no rds fail-over-everything"),
        ("aws teleport begin --region eu-west-1", "AWS has no teleport begin"),
        ("until true; do echo 'again'", "syntax error"),
        ("aws sqs send-message --region eu-west-1 --cli-input-json file://x.json", ""),
    ],
)
def test_what_cannot_be_typed_is_named(command: str, said: str) -> None:
    found = "; ".join(troubles([command]))
    assert (said in found) if said else found == "", found


def test_a_controller_without_bash_has_checked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "no bash has read it" in next(troubles([GOOD]))


def test_a_finding_names_the_runbook_and_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    layers: dict[str, Any] = {
        "state_table": "t",
        "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"},
        "latch": {
            "key": "k",
            "token": "t",
            "forward": [{"bucket": "f", "region": "eu-west-1"}],
            "reverse": [{"bucket": "r", "region": "eu-central-1"}],
        },
        "record": {
            "name": "api.shop.example",
            "addresses": {"eu-central-1": ["192.0.2.1"], "eu-west-1": ["192.0.2.2"]},
        },
        "client": {"url": "http://api.shop.example"},
    }
    assert manual_findings("shop", "eu-central-1", "eu-west-1", layers) == []
    monkeypatch.setattr(manual_check, "GENERAL", frozenset({"region"}))
    found = manual_findings("shop", "eu-central-1", "eu-west-1", layers)
    assert {each["code"] for each in found} == {"runbook_broken"}
    assert "failover-unplanned" in found[0]["observed"] and found[0]["runbook"].endswith("#runbook_check")
