# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an alarm says, whichever way it is heard; and whatever else may stand in a queue."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import AlarmState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarm_event import (
    newest,
    of_description,
    of_message,
)

AT = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC).timestamp()


def message(value: str = "ALARM", **changed: Any) -> str:
    state = {"value": value, "reason": "it fails", "timestamp": "2026-01-31T12:00:00.000+0000"}
    event = {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "region": "eu-west-3",
        "detail": {"alarmName": "shop-api", "state": state},
    }
    return json.dumps({**event, **changed})


@pytest.mark.parametrize(
    ("value", "reading"),
    [("OK", Reading.GOOD), ("ALARM", Reading.BAD), ("INSUFFICIENT_DATA", Reading.UNKNOWN), ("NEW", Reading.UNKNOWN)],
)
def test_a_message_and_a_description_say_the_same(value: str, reading: Reading) -> None:
    wanted = AlarmState("shop-api", "eu-west-3", reading, AT, "it fails")
    described = {
        "AlarmName": "shop-api",
        "StateValue": value,
        "StateReason": "it fails",
        "StateUpdatedTimestamp": datetime.fromtimestamp(AT, UTC),
    }
    assert of_message(message(value)) == wanted == of_description(described, "eu-west-3")


@pytest.mark.parametrize(
    "body",
    [
        *("", "no JSON", "[]", "7", "{}", message(source="aws.ec2"), message(detail={}), message(detail=None)),
        message(**{"detail-type": "EC2 Instance State-change Notification"}),
    ],
)
def test_anything_else_says_nothing(body: str) -> None:
    assert of_message(body) is None


@given(
    st.text()
    | st.recursive(st.none() | st.text(), lambda part: st.lists(part) | st.dictionaries(st.text(), part)).map(
        json.dumps
    )
)
def test_whatever_stands_in_a_queue_breaks_nothing(body: str) -> None:
    assert of_message(body) is None


def test_a_message_that_comes_late_or_twice_changes_nothing() -> None:
    early, late = (AlarmState("a", "r", reading, at) for reading, at in ((Reading.BAD, 1.0), (Reading.GOOD, 2.0)))
    assert newest(None, early) is early
    assert newest(early, late) is late
    assert newest(late, early) is late
