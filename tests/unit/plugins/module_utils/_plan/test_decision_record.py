# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which decisions are put on record: the watcher looks there for what came of its verdicts."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Action, Decision
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Ruling, Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_case import record_of

FIRST_FAILURE = 1000.0
VERDICT = Verdict("shop", "eu-central-1", Ruling.REGION_LOST, (), ("it fails",), FIRST_FAILURE, 30.0, 1030.0)
HELD = Decision(Action.HOLD, VERDICT, (refusal("lease_held", "Somebody is at it.", "Wait."),))


def test_the_same_decision_in_one_outage_is_put_on_record_once() -> None:
    first = record_of(HELD, None, FIRST_FAILURE + 31.0, "watcher")
    assert first is not None and first.number == 1
    assert record_of(HELD, first, FIRST_FAILURE + 91.0, "watcher") is None


def test_in_another_outage_it_is_news() -> None:
    before = record_of(HELD, None, FIRST_FAILURE - 86_400.0, "watcher")
    again = record_of(HELD, before, FIRST_FAILURE + 31.0, "watcher")
    assert again is not None and again.number == 2
