# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a watcher looks at by its inventory; and what would keep it from ever finding a Region lost is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Subject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.watch_config import watched_of

ROOT = Path(__file__).resolve().parents[5]
ALARM = {"name": "shop-api", "region": "eu-west-3", "looks_at": "eu-central-1"}
WATCH: Mapping[str, Any] = {
    "canaries": {region: {"bucket": f"b-{region}", "key": "canary"} for region in ("eu-central-1", "eu-west-1")},
    "alarms": [ALARM],
}
VARIABLES: Mapping[str, Any] = {
    "aws_dr_home_region": "eu-central-1",
    "aws_dr_standby_region": "eu-west-1",
    "aws_dr_legs": [{"region": each, "api_url": f"https://{each}.example"} for each in ("eu-central-1", "eu-west-1")],
    "aws_dr_state_table": "aws-dr-state",
    "aws_dr_watch": WATCH,
}


def variables(**watch: Any) -> dict[str, Any]:
    return {**VARIABLES, "aws_dr_watch": {**WATCH, **watch}}


def test_the_least_that_is_needed_is_watched_from_the_standby_region_by_a_policy_of_doing_nothing() -> None:
    watched = watched_of("shop", VARIABLES)
    assert (watched.place, watched.interval, watched.timeout) == ("eu-west-1", 5.0, 2.0)
    assert watched.policy.automation.value == "manual"
    assert [each.region for each in watched.apis] == ["eu-central-1", "eu-west-1"]
    assert watched.alarms[0].subject is Subject.WORKLOAD


def test_what_is_given_is_taken() -> None:
    alarms = [{**ALARM, "subject": "platform", "region": "eu-west-2"}]
    watched = watched_of("shop", variables(interval=10, timeout="3", place="eu-west-3", alarms=alarms))
    assert (watched.interval, watched.timeout, watched.place) == (10.0, 3.0, "eu-west-3")
    assert watched.alarms[0].subject is Subject.PLATFORM


@pytest.mark.parametrize("inventory", ["lab", "example"])
def test_the_shipped_inventories_can_be_watched(inventory: str) -> None:
    shop = yaml.safe_load((ROOT / "inventories" / inventory / "host_vars" / "shop.yml").read_text(encoding="utf-8"))
    assert watched_of(
        "shop", {**shop, **{name: VARIABLES[name] for name in list(VARIABLES)[:2]}, "aws_dr_state_table": "t"}
    )


@pytest.mark.parametrize(
    ("watch", "why"),
    [
        ({"intervall": 3}, "intervall, which nothing reads"),
        ({"interval": 0}, "interval is 0"),
        ({"interval": "soon"}, "interval is 'soon'"),
        ({"repeat": float("inf")}, "repeat is inf"),
        ({"timeout": 6}, "timeout is above its interval"),
        ({"alarms": []}, "needs one of another Region"),
        ({"alarms": [{**ALARM, "region": "eu-west-1"}]}, "needs one of another Region"),
        ({"alarms": [{**ALARM, "region": "eu-central-1"}]}, "nobody in eu-central-1"),
        ({"alarms": [{"name": "x"}]}, "Give name, region, looks_at"),
        ({"alarms": [{**ALARM, "subject": "weather"}]}, "subject 'weather'"),
        ({"place": "eu-central-1"}, "nobody in eu-central-1"),
        ({"canaries": {"eu-west-1": {"bucket": "b", "key": "k"}}}, "one in each of both Regions"),
        ({"canaries": {"eu-west-1": {"bucket": "b"}}}, "Give bucket, key"),
    ],
)
def test_what_can_not_work_is_refused(watch: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("(", r"\(")):
        watched_of("shop", variables(**watch))


@pytest.mark.parametrize("name", list(VARIABLES))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        watched_of("shop", {**VARIABLES, name: None})


def test_a_leg_without_an_api_is_refused() -> None:
    with pytest.raises(ValueError, match="api_url for eu-west-1"):
        watched_of("shop", {**VARIABLES, "aws_dr_legs": [VARIABLES["aws_dr_legs"][0], {"region": "eu-west-1"}]})


def test_a_policy_that_can_not_be_understood_is_refused() -> None:
    with pytest.raises(ValueError, match="aws_dr_automatic"):
        watched_of("shop", {**VARIABLES, "aws_dr_automatic": {"mode": "sometimes"}})
