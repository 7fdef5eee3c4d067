# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of other Regions' alarms, by queue and by asking; and that it isn't believed for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Alarm
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.watch_alarms import GOOD_FOR, AlarmBook
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import SteppedClock
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.watched_world import WATCHED

ALARM = Alarm("shop-api", "eu-west-3", "eu-central-1")
T = 1_800_000_000.0


def message(value: str, at: float, name: str = "shop-api") -> str:
    stamp = datetime.fromtimestamp(at, UTC).isoformat()
    detail = {"alarmName": name, "state": {"value": value, "reason": value, "timestamp": stamp}}
    kind = {"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "region": "eu-west-3"}
    return json.dumps({**kind, "detail": detail})


@dataclass
class Aws:
    """A queue and a CloudWatch, either of which may be out of reach."""

    bodies: list[str] = field(default_factory=list)
    described: list[dict[str, Any]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    regions: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False

    def get(self, service: str, region: str) -> Aws:
        self.regions.append((service, region))
        if self.down:
            raise EndpointConnectionError(endpoint_url=service)
        return self

    def receive_message(self, **_given: Any) -> dict[str, Any]:
        return {"Messages": [{"ReceiptHandle": f"r{n}", "Body": body} for n, body in enumerate(self.bodies)]}

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803 - boto3's
        self.deleted.append(ReceiptHandle)

    def describe_alarms(self, **_given: Any) -> dict[str, Any]:
        return {"MetricAlarms": self.described}


def described(value: str, at: float) -> dict[str, Any]:
    return {
        "AlarmName": "shop-api",
        "StateValue": value,
        "StateReason": value,
        "StateUpdatedTimestamp": datetime.fromtimestamp(at, UTC),
    }


@pytest.fixture
def aws() -> Aws:
    return Aws()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def book(aws: Aws, clock: SteppedClock) -> AlarmBook:
    watched = replace(WATCHED, alarms=(ALARM,), queue_url="https://queue")
    return AlarmBook(watched, aws, clock)  # type: ignore[arg-type]  # as much of the clients as it needs


def test_an_alarm_that_has_said_nothing_says_nothing(book: AlarmBook) -> None:
    assert book.reading(ALARM)[0] is Reading.UNKNOWN


def test_a_change_is_heard_through_the_queue_and_taken_out_of_it(book: AlarmBook, aws: Aws) -> None:
    aws.bodies = [message("OK", T), message("ALARM", T + 1), "what else there is", message("ALARM", T + 2, "another")]
    book.listen_once()
    assert book.reading(ALARM) == (Reading.BAD, "ALARM")
    assert aws.deleted == ["r0", "r1", "r2", "r3"]
    assert aws.regions == [("sqs", "eu-west-1")]
    assert len(book._states) == 1


def test_after_a_restart_it_is_asked_in_its_own_region(book: AlarmBook, aws: Aws) -> None:
    aws.described = [described("ALARM", T)]
    book.ask_once("eu-west-3")
    assert book.reading(ALARM)[0] is Reading.BAD
    assert aws.regions == [("cloudwatch", "eu-west-3")]


def test_what_is_older_changes_nothing(book: AlarmBook, aws: Aws) -> None:
    aws.bodies = [message("ALARM", T + 5)]
    book.listen_once()
    aws.described = [described("OK", T)]
    book.ask_once("eu-west-3")
    assert book.reading(ALARM)[0] is Reading.BAD


def test_a_state_is_not_believed_once_neither_queue_nor_cloudwatch_answers(
    book: AlarmBook, aws: Aws, clock: SteppedClock
) -> None:
    aws.bodies = [message("ALARM", T)]
    book.listen_once()
    aws.bodies = []
    clock.sleep(GOOD_FOR - 1)
    book.listen_once()
    clock.sleep(GOOD_FOR - 1)
    assert book.reading(ALARM)[0] is Reading.BAD
    aws.down = True
    assert not book._tried("queue", book.listen_once)
    clock.sleep(2.0)
    reading, why = book.reading(ALARM)
    assert reading is Reading.UNKNOWN and "EndpointConnectionError" in why


def test_without_a_queue_only_cloudwatch_is_asked(aws: Aws, clock: SteppedClock) -> None:
    asked = AlarmBook(replace(WATCHED, alarms=(ALARM,)), aws, clock)  # type: ignore[arg-type]  # as above
    assert len(asked.jobs()) == 1
