# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canary in the third Region: its alarms follow what it sees, and their changes arrive as from EventBridge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from lab.control.outside import OutsideCanary
from lab.seeds import witness

from .conftest import HOME, STANDBY, THIRD, Lab


@dataclass
class Seen:
    """What it sees, and what can be reached."""

    lab: Lab
    failing: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        witness.seed(self.lab.client)
        self.canary = OutsideCanary(
            self.lab.clock, lambda region: region not in self.failing, lambda region: region not in self.lost
        )
        sqs = self.lab.client("sqs", STANDBY)
        self.url = sqs.get_queue_url(QueueName=witness.QUEUE)["QueueUrl"]
        for region in (HOME, STANDBY):  # a new alarm knows nothing yet
            self.canary.look(region)
            self.told()

    def state(self, region: str) -> str:
        alarms = self.lab.client("cloudwatch", THIRD).describe_alarms(AlarmNames=[witness.alarm_name(region)])
        return str(alarms["MetricAlarms"][0]["StateValue"])

    def told(self) -> list[dict[str, Any]]:
        answer = self.lab.client("sqs", STANDBY).receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        return [json.loads(each["Body"]) for each in answer.get("Messages", [])]


@pytest.fixture
def seen(lab: Lab) -> Seen:
    return Seen(lab)


def test_an_alarm_follows_the_api_and_each_change_is_told_once(seen: Seen) -> None:
    seen.canary.look(HOME)
    assert (seen.state(HOME), seen.told()) == ("OK", [])
    seen.failing.add(HOME)
    for _again in range(3):
        seen.canary.look(HOME)
    assert seen.state(HOME) == "ALARM"
    [event] = seen.told()
    assert (event["source"], event["detail-type"], event["region"]) == (
        "aws.cloudwatch",
        "CloudWatch Alarm State Change",
        THIRD,
    )
    assert event["detail"]["alarmName"] == "shop-api-eu-central-1"
    assert (event["detail"]["state"]["value"], event["detail"]["previousState"]["value"]) == ("ALARM", "OK")
    stamp = datetime.fromisoformat(event["detail"]["state"]["timestamp"]).timestamp()
    assert stamp == pytest.approx(seen.lab.clock.wall(), abs=0.01)


def test_the_other_regions_alarm_is_its_own(seen: Seen) -> None:
    seen.failing.add(HOME)
    seen.canary.look(HOME)
    seen.canary.look(STANDBY)
    assert (seen.state(HOME), seen.state(STANDBY)) == ("ALARM", "OK")


def test_a_queue_that_can_not_be_reached_hears_nothing(seen: Seen) -> None:
    seen.failing, seen.lost = {STANDBY}, {STANDBY}
    seen.canary.look(STANDBY)
    assert (seen.state(STANDBY), seen.told()) == ("ALARM", [])


def test_a_lost_third_region_sees_nothing(seen: Seen) -> None:
    seen.failing, seen.lost = {HOME}, {THIRD}
    seen.canary.look(HOME)
    assert seen.state(HOME) == "OK"


def test_without_alarm_or_queue_nothing_is_told(seen: Seen) -> None:
    seen.lab.client("sqs", STANDBY).delete_queue(QueueUrl=seen.url)
    seen.failing.add(HOME)
    seen.canary.look(HOME)
    seen.lab.client("cloudwatch", THIRD).delete_alarms(AlarmNames=[witness.alarm_name(HOME)])
    seen.canary.look(HOME)
