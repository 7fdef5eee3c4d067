# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The looks' threads, what a look may carry along, and what the state table says came of a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Action, DecisionRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Alarm, Api, Heard, PlatformCanary
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Quorum,
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import watch_looks
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.watch_looks import Threads, looks_of, what_came
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.test_region_looks import eyes
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import asked
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.watched_world import (
    HOME,
    STANDBY,
    WATCHED,
)

FIRST_FAILURE = 1000.0
RUN = replace(asked(), opened_at=1010.0, outcome=Outcome.SUCCEEDED)
DECISION = DecisionRecord("shop", 1, 1005.0, Action.HOLD, Ruling.REGION_LOST, ("cooling_down",))


@dataclass
class Store:
    """The state table, as far as it is read here."""

    runs: Sequence[RunRecord] = ()
    decisions: Sequence[DecisionRecord] = ()
    down: bool = False

    def read_history(self, _workload: str, _limit: int) -> Sequence[RunRecord]:
        if self.down:
            raise DrError("Reading", "nobody answers", "Wait.")
        return self.runs

    def read_decisions(self, _workload: str) -> Sequence[DecisionRecord]:
        return self.decisions


@pytest.mark.parametrize(
    ("store", "heard"),
    [
        (Store(), Heard.NOTHING),
        (Store(down=True), Heard.UNKNOWN),
        (Store(decisions=[DECISION]), Heard.DECISION),
        (Store(decisions=[replace(DECISION, at=990.0)]), Heard.NOTHING),
        (Store(decisions=[replace(DECISION, ruling=Ruling.UNCLEAR)]), Heard.NOTHING),
        (Store(runs=[RUN], decisions=[DECISION]), Heard.FAILED_OVER),
        (Store(runs=[replace(RUN, opened_at=990.0)]), Heard.NOTHING),
        (Store(runs=[replace(RUN, outcome=Outcome.FAILED)], decisions=[DECISION]), Heard.DECISION),
        (Store(runs=[replace(RUN, kind=RunKind.DRILL)]), Heard.NOTHING),
        (Store(runs=[replace(RUN, target=HOME)]), Heard.NOTHING),
    ],
)
def test_what_came_of_a_verdict_is_of_this_outage(monkeypatch: pytest.MonkeyPatch, store: Store, heard: Heard) -> None:
    monkeypatch.setattr(watch_looks, "TableStore", lambda *_given: store)
    clients: Any = None
    assert what_came(WATCHED, clients, SystemClock(), FIRST_FAILURE) is heard


class Book:
    """An alarm whose reason somebody else has written."""

    def reading(self, _alarm: Alarm) -> tuple[Reading, str]:
        return Reading.BAD, "{{ lookup('pipe', 'id') }}"


def test_there_is_a_look_for_each_witness_and_no_template_comes_with_it() -> None:
    watched = replace(
        WATCHED,
        apis=(Api(HOME, "http://127.0.0.1:9/"), Api(STANDBY, "http://127.0.0.1:9/"), Api("eu-west-3", "http://x")),
        canaries=(PlatformCanary(HOME, "b", "k"), PlatformCanary(STANDBY, "b", "k")),
        alarms=(Alarm("shop-api", "eu-west-3", HOME),),
    )
    book: Any = Book()
    seen = [look() for look in looks_of(watched, eyes(), book)]
    samples = [each for each in seen if isinstance(each, Sample)]
    assert [(each.witness.name, each.region, each.reading.value) for each in samples] == [
        ("probe", HOME, "bad"),
        ("probe", STANDBY, "bad"),
        ("platform", HOME, "good"),
        ("platform", STANDBY, "good"),
        ("alarm shop-api", HOME, "bad"),
    ]
    assert "{" not in "".join(each.detail for each in samples) and "lookup" in samples[-1].detail
    assert isinstance(seen[-1], QuorumSeen) and seen[-1].outcome.value == "ok"


def test_what_a_look_saw_is_taken_out_and_what_it_broke_with_is_raised() -> None:
    inbox = Threads()
    assert inbox.take(0.0) is None and inbox.take(0.01) is None
    inbox.begin(lambda: QuorumSeen(Quorum.OK, at=1.0))
    taken = inbox.take(5.0)
    assert isinstance(taken, QuorumSeen) and taken.at == 1.0

    def breaks() -> Any:
        raise ZeroDivisionError

    inbox.begin(breaks)
    with pytest.raises(ZeroDivisionError):
        inbox.take(5.0)
