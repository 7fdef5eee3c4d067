# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Action, Decision
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Reading,
    Ruling,
    Verdict,
    Witness,
    WitnessKind,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Testimony as Said
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_text import (
    automation_lines,
    decision_lines,
    told_lines,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
PROBE = Said(Witness("probe", WitnessKind.PROBE, STANDBY), HOME, Reading.BAD, 0.0)
LOST = Verdict("shop", HOME, Ruling.REGION_LOST, (PROBE,), ("gone",), 1000.0, 31.0, 1040.0)
HELD = Decision(Action.HOLD, LOST, (refusal("cooling_down", "It is so.", "Wait."),))


def test_a_decision_shows_ruling_evidence_and_each_reason_with_its_remedy() -> None:
    assert decision_lines(HELD, STANDBY) == [
        "shop: eu-central-1 is ruled region lost (gone): nothing is done, for now",
        "    BAD: probe (probe), eu-central-1 from eu-west-1",
        "    [cooling_down] It is so.",
        "        -> Wait.",
    ]


def test_what_people_are_told_is_the_same_until_something_changes() -> None:
    told = told_lines(HELD, STANDBY)
    assert "It isn't failed over by itself: cooling_down." in told
    assert told[-1].endswith("-e accept_data_loss=true -e first_failure=1000.000")
    later = Verdict("shop", HOME, Ruling.REGION_LOST, (PROBE,), ("gone for 99.0 s",), 1000.0, 99.0, 1100.0)
    assert told_lines(Decision(Action.HOLD, later, HELD.reasons), STANDBY) == told


@pytest.mark.parametrize("code", ["writer_elsewhere", "lease_held"])
def test_nobody_is_told_of_what_somebody_has_seen_to(code: str) -> None:
    assert told_lines(Decision(Action.HOLD, LOST, (refusal(code, "x", "y"),)), STANDBY) == []


@pytest.mark.parametrize("action", [Action.NONE, Action.FAIL_OVER])
def test_nobody_is_told_where_nothing_is_wanted_or_a_run_tells(action: Action) -> None:
    assert told_lines(Decision(action, LOST), STANDBY) == []


def seen(**changed: Any) -> dict[str, Any]:
    return {"switches": [], "decision": None, "unread": "", **changed}


def test_without_policy_switch_and_decision_there_is_nothing_to_show() -> None:
    assert automation_lines(seen(), {}, 0.0) == []


def test_a_screen_shows_policy_switch_and_last_decision() -> None:
    switch = {"scope": "*", "state": "engaged", "reason": "works on the lines", "by": "ada", "at": 1.0}
    decision = {"action": "hold", "ruling": "region_lost", "codes": ["cooling_down"], "at": 1000.0}
    lines = automation_lines(seen(switches=[switch], decision=decision), {"mode": "automatic"}, 1060.0)
    assert lines == [
        "    automatic failover: automatic, on 2 witnesses of 2 kinds for 30 s, 3600 s after any run",
        "    KILL SWITCH engaged for every workload by ada: works on the lines",
        "    last decision 60 s ago: hold, ruled region lost (cooling_down)",
    ]


def test_a_switch_that_can_t_be_read_counts_as_engaged_and_a_bad_policy_is_said() -> None:
    lines = "\n".join(automation_lines(seen(unread="no answer"), {"mode": "auto"}, 0.0))
    assert "KILL SWITCH unreadable, which counts as engaged: no answer" in lines
    assert "NOT POSSIBLE: aws_dr_automatic.mode is 'auto'" in lines
