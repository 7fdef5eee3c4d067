# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import cloudwatch_composite_alarm
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.cloudwatch_stage import CloudWatch
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import STANDBY, error
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context

TOPIC = f"arn:aws:sns:{STANDBY}:123456789012:oncall"


def play(aws: CloudWatch, check_mode: bool = False, **options: Any) -> Result:
    given: dict[str, Any] = {
        "state": "present",
        "region": STANDBY,
        "name": "shop-down",
        "rule": 'ALARM("a") OR ALARM("b")',
        "description": "It is down.",
        "actions_enabled": True,
        "alarm_actions": [TOPIC],
        "ok_actions": [],
        "insufficient_data_actions": [],
        "suppressor": None,
        "tags": None,
        "purge_tags": True,
    }
    # The clock of real threads: within() waits on a queue.
    return cloudwatch_composite_alarm.execute({**given, **options}, context(SteppedClock(), aws, [], check_mode, 10.0))


def actions(result: Result) -> list[str]:
    return [call.action for call in result.calls]


def test_it_is_made_once() -> None:
    aws = CloudWatch()
    checked = play(aws, check_mode=True, tags={"workload": "shop"})
    assert (checked.changed, actions(checked), aws.changes()) == (True, ["PutCompositeAlarm"], [])
    made = play(aws, tags={"workload": "shop"})
    assert (made.changed, actions(made)) == (True, ["PutCompositeAlarm"])
    assert made.values["alarm"]["arn"].endswith("alarm:shop-down")
    assert made.values["alarm"]["tags"] == {"workload": "shop"}
    again = play(aws, tags={"workload": "shop"})
    assert (again.changed, again.calls, again.before) == (False, (), again.after)


@pytest.mark.parametrize(
    "other",
    [
        {"rule": 'ALARM("a")'},
        {"description": "other"},
        {"alarm_actions": []},
        {"ok_actions": [TOPIC]},
        {"insufficient_data_actions": [TOPIC]},
        {"actions_enabled": False},
        {"suppressor": {"alarm": "c", "wait_period": 60, "extension_period": 60}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whatever_differs_is_changed_and_then_is_not_again(other: dict[str, Any]) -> None:
    aws = CloudWatch()
    play(aws)
    checked = play(aws, check_mode=True, **other)
    changed = play(aws, **other)
    assert checked.changed
    assert (checked.before, checked.after) == (changed.before, changed.after)
    assert changed.before != changed.after
    assert not play(aws, **other).changed
    assert play(aws).changed


SOME = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz"))


@settings(deadline=None)
@given(SOME, SOME, st.booleans())
def test_tags_converge(first: dict[str, str], second: dict[str, str], purge: bool) -> None:
    aws = CloudWatch()
    play(aws, tags=first)
    result = play(aws, tags=second, purge_tags=purge)
    kept = {} if purge else first
    assert result.values["alarm"]["tags"] == {**kept, **second} == aws.tags[result.values["alarm"]["arn"]]
    assert not play(aws, tags=second, purge_tags=purge).changed
    assert not play(aws).changed


def test_it_is_deleted_once() -> None:
    aws = CloudWatch()
    play(aws)
    assert actions(play(aws, check_mode=True, state="absent")) == ["DeleteAlarms"]
    assert aws.alarms
    assert play(aws, state="absent").values["alarm"] is None
    assert aws.alarms == {}
    assert not play(aws, state="absent").changed


def test_an_error_says_what_was_made_before_it() -> None:
    aws = CloudWatch()
    play(aws)
    aws.faults["tag_resource"] = [error("AccessDenied")]
    with pytest.raises(CallFailed, match="cloudwatch:TagResource in eu-west-1: AccessDenied") as failed:
        play(aws, rule='ALARM("c")', tags={"a": "b"})
    assert [call.action for call in failed.value.made] == ["PutCompositeAlarm"]
