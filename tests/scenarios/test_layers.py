# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""failover.yml with what the lab's inventory doesn't choose: other switches of traffic, secrets, keys, CloudFront."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from playing import LabUnderTest, Played

from lab.settings import HOME, STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
SWITCHES = {"PutObject", "UpdateRoutingControlStates", "ChangeResourceRecordSets", "UpdateDistribution"}


def given(**variables: Any) -> tuple[str, str]:
    return ("-e", json.dumps(variables))


def by_routing_control(lab: LabUnderTest) -> tuple[str, str]:
    """Clients of arc.shop.example, whose records follow the controls."""
    addresses = {region: [f"127.{lab.instance.id}.{net}.1"] for region, net in ((HOME, 61), (STANDBY, 62))}
    return given(
        aws_dr_traffic="routing_control",
        aws_dr_record={"name": "arc.shop.example", "addresses": addresses},
        aws_dr_client={"url": "http://arc.shop.example:28080/healthz"},
    )


def by_records(_lab: LabUnderTest) -> tuple[str, str]:
    names = [{"name": "api.shop.example"}, {"name": "www.shop.example"}]
    return given(aws_dr_traffic="records", aws_dr_records={"zone": "shop.example", "names": names})


WAYS = {
    "routing_control": (by_routing_control, "UpdateRoutingControlStates"),
    "records": (by_records, "ChangeResourceRecordSets"),
}


def actions(played: Played) -> list[str]:
    return [call["action"] for call in played.writes if call["service"] not in ("sts", "dynamodb")]


def switching(played: Played) -> list[str]:
    """The calls that send clients somewhere; the sentinel's object isn't one."""
    buckets = [
        call for call in played.writes if not str(call["params"].get("Bucket", "latch")).startswith("shop-assets")
    ]
    return [call["action"] for call in buckets if call["action"] in SWITCHES]


@pytest.mark.parametrize("way", WAYS)
def test_clients_are_switched_by_what_the_workload_chose_and_once(lab: LabUnderTest, way: str) -> None:
    extra, action = WAYS[way][0](lab), WAYS[way][1]
    check = lab.failover("--check", *extra)
    assert check.status == 0 and check.writes == [], check.output
    assert action in {call["action"] for call in check.summary["calls"]}
    played = lab.failover(*extra)
    assert played.status == 0, played.output
    assert set(switching(played)) == {action}
    made = actions(played)
    assert made.index("SwitchoverGlobalCluster") < made.index(action)
    again = lab.failover(*extra)
    assert (again.status, again.changed) == (0, 0), again.output
    home = lab.failover(*extra, "-e", f"target={HOME}")
    assert home.status == 0 and home.summary["writer"] == HOME, home.output
    assert set(switching(home)) == {action}


@pytest.mark.parametrize("way", WAYS)
def test_clients_are_switched_in_a_disaster_by_what_the_workload_chose(lab: LabUnderTest, way: str) -> None:
    extra, action = WAYS[way][0](lab), WAYS[way][1]
    lab.run("fault", "region", HOME, "--mode", "hang")
    played = lab.failover(*extra, *UNPLANNED)
    assert played.status == 0, played.output
    assert set(switching(played)) == {action}
    assert played.summary["run_seconds"] < 40


@pytest.mark.parametrize("way", ["latch", *WAYS])
def test_clients_stay_where_they_are_until_the_writer_is_proved(lab: LabUnderTest, way: str) -> None:
    lab.run("fault", "api", "error", "--service", "rds", "--action", "SwitchoverGlobalCluster", "--status", "400")
    played = lab.failover(*(WAYS[way][0](lab) if way in WAYS else ()))
    assert played.status != 0
    assert switching(played) == []


def test_records_that_need_us_east_1_are_said_to(lab: LabUnderTest) -> None:
    check = lab.failover("--check", *by_records(lab))
    codes = {each.partition("]")[0] for each in check.output.split("[") if "_needed]" in each}
    assert "us_east_1_needed" in codes, check.output
    assert "needs us-east-1" in check.output


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"aws_dr_traffic": "records"}, "traffic_not_configured"),
        ({"aws_dr_traffic": "pigeons"}, "pigeons"),
        ({"aws_dr_cloudfront": {"distribution_id": "E1", "origins": {HOME: "api"}}}, "no_origin"),
        ({"accept_detach": True}, "detach_not_unplanned"),
    ],
)
def test_a_choice_that_can_not_work_is_refused_at_once(lab: LabUnderTest, variables: dict[str, Any], code: str) -> None:
    played = lab.failover(*given(**variables))
    assert played.status != 0 and code in played.output, played.output
    assert played.calls == []


def distribution(lab: LabUnderTest) -> str:
    query = ("--query", "DistributionList.Items[0].Id", "--output", "text")
    return lab.run("exec", "--", "aws", "cloudfront", "list-distributions", *query).stdout.strip()


def test_cloudfront_follows_the_writer_after_it_is_proved(lab: LabUnderTest) -> None:
    origins = {region: f"api-{region}" for region in (HOME, STANDBY)}
    extra = given(aws_dr_cloudfront={"distribution_id": distribution(lab), "origins": origins, "path_patterns": ["*"]})
    played = lab.failover(*extra)
    assert played.status == 0, played.output
    made = actions(played)
    assert made.index("SwitchoverGlobalCluster") < made.index("UpdateDistribution")
    again = lab.failover(*extra)
    assert (again.status, again.changed) == (0, 0), again.output


def test_cloudfront_that_is_away_holds_nobody_up_in_a_disaster(lab: LabUnderTest) -> None:
    extra = given(aws_dr_cloudfront={"distribution_id": distribution(lab), "origins": {STANDBY: f"api-{STANDBY}"}})
    lab.run("fault", "region", HOME)
    lab.run("fault", "api", "error", "--service", "cloudfront", "--status", "403", "--code", "AccessDenied")
    played = lab.failover(*extra, *UNPLANNED)
    assert played.status == 0, played.output
    assert played.summary["outcome"] == "degraded"
    assert any(each.startswith("CloudFront: ") for each in played.summary["owed"])


def test_in_a_disaster_the_target_may_write_its_secrets_and_no_key_is_moved(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME)
    extra = given(aws_dr_secrets_written=["shop/db"])
    played = lab.failover(*extra, *UNPLANNED)
    assert played.status == 0, played.output
    made = actions(played)
    assert made.index("FailoverGlobalCluster") < made.index("StopReplicationToReplica")
    assert "UpdatePrimaryRegion" not in made
    assert any("shop/db stands alone in eu-west-1" in each for each in played.summary["owed"])
    again = lab.failover(*extra, *UNPLANNED)
    assert (again.status, again.changed) == (0, 0), again.output


def test_a_planned_failover_moves_the_keys_once_clients_are_served_and_promotes_no_secret(lab: LabUnderTest) -> None:
    played = lab.failover(*given(aws_dr_secrets_written=["shop/db"]))
    assert played.status == 0, played.output
    made = actions(played)
    assert made.index("PutObject") < made.index("UpdatePrimaryRegion")
    assert "StopReplicationToReplica" not in made
    assert played.summary["outcome"] == "succeeded", played.summary["owed"]


def test_what_each_layer_would_lose_is_frozen_into_the_run(lab: LabUnderTest) -> None:
    lab.run("fault", "region", HOME)
    played = lab.failover(*UNPLANNED, "-e", f"first_failure={time.time():.1f}")
    layers = {each["layer"].split()[0]: each for each in played.summary["rpo_layers"]}
    assert set(layers) == {"cache", "buckets", "secrets", "parameters"}, played.output
    assert all(each["known_as"] in ("measured", "bounded", "unknown") for each in layers.values())
    assert layers["secrets"]["seconds"] is None, "the lost Region can't tell: unknown, not zero"
    assert "RPO cache" in played.output


def test_a_layer_that_is_amiss_refuses_a_planned_failover_and_warns_in_a_disaster(lab: LabUnderTest) -> None:
    extra = given(aws_dr_keys=["alias/nobodys"])
    planned = lab.failover(*extra)
    assert planned.status != 0 and "key_replica_missing" in planned.output
    assert planned.writes == []
    lab.run("fault", "region", HOME)
    assert lab.failover(*extra, *UNPLANNED).status == 0
