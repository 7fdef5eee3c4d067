# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.filter.health_summary import health_summary
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import HOME, STANDBY
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.health_stage import BUCKETS, LayeredAws, error
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.test_region_health_info import look
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.test_region_health_info import names as names

EVERYTHING: dict[str, Any] = {
    "buckets": BUCKETS,
    "secrets": ["shop/db"],
    "keys": ["alias/shop"],
    "global_replication_group_id": "g",
}


@pytest.fixture
def aws() -> Any:
    fake = LayeredAws()
    fake.metrics["GlobalDatastoreReplicationLag"] = ([datetime.now(UTC) - timedelta(seconds=20)], [0.4])
    return fake


def told(aws: Any, strict: bool = False) -> dict[str, Any]:
    return health_summary(look(aws, **EVERYTHING), "shop", strict)


def test_a_workload_that_is_well_is_one_table_and_no_refusal(aws: Any) -> None:
    found = told(aws, strict=True)
    assert (found["verdict"], found["refusals"]) == ("ok", [])
    assert found["services"][STANDBY] == dict.fromkeys(("database", "cache", "storage", "secrets"), "healthy")
    lines = found["lines"]
    assert lines[0] == f"shop: well; users are served from {HOME}"
    assert len(lines) == 10 and lines[-1].startswith("    8 of 8 checks good (100 %), slowest ")
    [database] = [line for line in lines if line.split()[:3] == [STANDBY, "database", "healthy"]]
    assert "reader, lag 80 ms (AuroraGlobalDBRPOLag, 2" in database
    [secrets] = [line for line in lines if line.split()[:2] == [STANDBY, "secrets"]]
    assert "1 of 1 replicas in sync, alias/shop Enabled" in secrets
    [storage] = [line for line in lines if line.split()[:2] == [STANDBY, "storage"]]
    assert "0 pending (2" in storage and f"from assets-{HOME}" in storage


def test_what_is_wrong_stands_below_its_service_and_ends_a_strict_play_only(aws: Any) -> None:
    aws.replica |= {"Status": "Failed", "StatusMessage": "its key is gone"}
    found = told(aws)
    assert found["refusals"] == []
    at = next(number for number, line in enumerate(found["lines"]) if "secrets  degraded" in line)
    assert "! The replication of shop/db" in found["lines"][at + 1]
    assert [each["code"] for each in told(aws, strict=True)["refusals"]] == ["not_well"]


def test_users_that_are_not_served_end_the_play(aws: Any) -> None:
    aws.failing["head_bucket", HOME] = error("404", 404)
    [refusal] = told(aws)["refusals"]
    assert refusal["code"] == "users_not_served" and "eu-central-1 storage unhealthy" in refusal["observed"]


def test_users_of_whom_nothing_is_known_end_the_play(aws: Any) -> None:
    for region in (HOME, STANDBY):
        aws.failing["describe_global_clusters", region] = error("InternalFailure", 500)
    found = told(aws)
    assert [each["code"] for each in found["refusals"]] == ["health_unknown"]
    assert found["refusals"][0]["runbook"] == "docs/runbooks/health.md#health_unknown"


def test_clients_that_are_sent_past_the_writer_are_told_to_finish_the_switch_and_not_to_fail_over_unplanned(
    aws: Any, names: DnsServer
) -> None:
    record = {"name": "api.eu-west-1.shop.example", "addresses": {STANDBY: ["127.0.0.1"]}}
    seen = look(aws, **EVERYTHING, record=record, resolvers=[names.address])
    [refusal] = health_summary(seen, "shop", False)["refusals"]
    assert refusal["code"] == "clients_astray" and "unplanned" not in refusal["remedy"]
