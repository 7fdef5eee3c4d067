# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules import cloudwatch_dashboard
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.cloudwatch_stage import CloudWatch
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import HOME, STANDBY, error
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context

BODY = {"start": "-PT3H", "widgets": [{"type": "text", "properties": {"markdown": "# shöp"}, "width": 24, "height": 1}]}


def play(aws: CloudWatch, check_mode: bool = False, warnings: list[str] | None = None, **options: Any) -> Result:
    given = {"state": "present", "region": STANDBY, "name": "shop", "body": BODY, **options}
    told: list[str] = [] if warnings is None else warnings
    return cloudwatch_dashboard.execute(given, context(SteppedClock(), aws, told, check_mode, 10.0))


def test_it_is_made_once_through_whichever_region() -> None:
    aws = CloudWatch()
    checked = play(aws, check_mode=True)
    assert (checked.changed, aws.dashboards, checked.calls[0].action) == (True, {}, "PutDashboard")
    assert play(aws).changed
    assert json.loads(aws.dashboards["shop"]) == BODY
    assert not play(aws).changed
    assert not play(aws, region=HOME).changed


def test_the_order_in_which_it_was_written_is_no_difference() -> None:
    aws = CloudWatch()
    aws.dashboards["shop"] = json.dumps(dict(reversed(BODY.items())), indent=4)
    assert not play(aws).changed


def test_the_order_of_widgets_is_one_and_the_diff_shows_it() -> None:
    aws = CloudWatch()
    play(aws)
    other = {**BODY, "widgets": [*BODY["widgets"], {"type": "text"}]}
    changed = play(aws, body=other)
    assert (changed.changed, changed.before, changed.after) == (True, BODY, other)
    assert not play(aws, body=other).changed


def test_what_cloudwatch_finds_wrong_is_a_warning() -> None:
    aws, warnings = CloudWatch(), list[str]()
    aws.messages = [{"DataPath": "/widgets/0", "Message": "no region"}]
    play(aws, warnings=warnings)
    assert warnings == ["shop: /widgets/0 no region"]


def test_it_is_deleted_once() -> None:
    aws = CloudWatch()
    play(aws)
    assert play(aws, check_mode=True, state="absent").changed
    assert aws.dashboards
    assert play(aws, state="absent").values["dashboard"] is None
    assert (aws.dashboards, play(aws, state="absent").changed) == ({}, False)


def test_one_that_can_not_be_read_is_not_taken_for_none() -> None:
    aws = CloudWatch()
    aws.faults["get_dashboard"] = [error("AccessDenied")]
    with pytest.raises(CallFailed, match="cloudwatch:GetDashboard in eu-west-1: AccessDenied"):
        play(aws)
    assert aws.changes() == []


@pytest.mark.parametrize("name", ["", "shop recovery", "shöp", "s" * 256])
def test_a_name_that_cloudwatch_does_not_take_is_refused_before_it_is_asked(name: str) -> None:
    aws = CloudWatch()
    with pytest.raises(DrError, match=r"of the name .* 1 to 255"):
        play(aws, name=name)
    assert aws.dashboards == {}
