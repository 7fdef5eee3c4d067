# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Up to when all had been replicated: what the record tells, what the data do, and what is a guess."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import (
    Since,
    by_data,
    earliest,
    of_record,
    refusals,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import asked

OPENED = 1000.0


def run(first_failure: float | None, **summary: Any) -> RunRecord:
    return asked(1, opened_at=OPENED, details={"ledger": {"first_failure": first_failure}}, summary=summary)


@pytest.mark.parametrize(
    ("record", "at", "known"),
    [
        (run(900.0, rpo_seconds=2.0), 898.0, True),
        (run(900.0, rpo_seconds=None), 840.0, False),
        (run(None, rpo_seconds=None), 940.0, False),  # it may have been lost hours before
        (run(1100.0, rpo_seconds=2.0), 998.0, True),  # a clock that is ahead
        (run(900.0, rpo_seconds=50.0, lost_writes={"since": 640.0, "complete": True}), 640.0, True),
        (run(900.0, rpo_seconds=50.0, lost_writes={"since": 640.0, "complete": False}), 850.0, True),
        (run(900.0, lost_writes={"since": 640.0, "complete": False}), 840.0, False),  # what was given may be mistaken
    ],
)
def test_what_the_record_tells(record: RunRecord, at: float, known: bool) -> None:
    since = of_record(record)
    assert (since.at, since.known) == (at, known)
    assert since.before <= OPENED


def test_of_several_it_is_the_earliest() -> None:
    sure, guess = Since(500.0, "told", before=510.0), Since(900.0, "a guess", known=False, before=960.0)
    assert earliest([guess, sure]) == sure
    assert earliest([Since(950.0, "told", before=955.0), guess]) == Since(900.0, "a guess", known=False, before=955.0)


@pytest.mark.parametrize(("arrived", "at"), [(700.0, 640.0), (990.0, 900.0)])
def test_what_arrived_betters_a_guess_that_stays_one(arrived: float, at: float) -> None:
    """Rows may have been copied since, and their times may be of another clock."""
    since = by_data(Since(900.0, "a guess", known=False, before=960.0), arrived)
    assert (since.at, since.known) == (at, False)


def test_what_is_known_and_what_nothing_tells_stay_as_they_are() -> None:
    told, guess = Since(500.0, "told"), Since(900.0, "a guess", known=False, before=960.0)
    assert by_data(told, 100.0) == told and by_data(guess, None) == guess


@pytest.mark.parametrize(
    ("given", "failovers", "codes"),
    [
        (500.0, [of_record(run(900.0))], []),
        (900.0, [of_record(run(900.0))], []),
        (950.0, [of_record(run(900.0))], ["since_too_late"]),
        (950.0, [of_record(run(980.0)), of_record(run(900.0))], ["since_too_late"]),
        (1760000000000.0, [], ["since_too_late"]),  # in milliseconds
        (1999.0, [], []),
    ],
)
def test_a_moment_after_the_failure_is_refused(given: float, failovers: list[Since], codes: list[str]) -> None:
    assert [each.code for each in refusals(given, failovers, 2000.0)] == codes
