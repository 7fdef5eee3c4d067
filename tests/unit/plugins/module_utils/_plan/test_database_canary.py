# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a canary's log and rows prove of a loss, and what they leave unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import (
    Ack,
    Asked,
    Lost,
    Rows,
    Segment,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.database_canary import (
    check_settings,
    compare,
    may_yet_be_measured,
    summary_line,
    text,
    verdict,
)

OLD, NEW = "eu-central-1", "eu-west-1"
T = 1_790_000_000.0
ASKED = Asked(NEW, run_started=T + 105)


def acks(first: int, last: int) -> tuple[Ack, ...]:
    """Row n is sent at second n, and acknowledged 50 ms later."""
    return tuple(Ack(number, T + number, T + number + 0.05) for number in range(first, last + 1))


def segment(
    index: int, region: str, first: int, last: int, session: str = "s", failed_at: float | None = None
) -> Segment:
    failed = 0 if failed_at is None else 1
    logged_at = T + last + 1
    return Segment(session, index, region, f"{region}-1", acks(first, last), failed, failed_at, logged_at)


def rows(*spans: tuple[int, int], session: str = "s", pruned_until: float = 0.0) -> Rows:
    numbers = [number for first, last in spans for number in range(first, last + 1)]
    return Rows(frozenset((session, number) for number in numbers), pruned_until)


# The old writer acknowledges 1 to 100 and fails from second 101 on; the new one takes over at 110.
WENT_ON = (segment(0, OLD, 1, 60), segment(1, OLD, 61, 100, failed_at=T + 101), segment(2, NEW, 110, 130))


def test_acknowledged_rows_that_are_not_there_are_lost() -> None:
    lost = compare(WENT_ON, rows((1, 90), (110, 130)), ASKED)
    assert (lost.known_as, lost.rows, lost.considered) == ("measured", 10, 100)
    assert lost.first == Ack(91, T + 91, T + 91.05)
    assert lost.last == Ack(100, T + 100, T + 100.05)


def test_everybodys_loss_lies_between_the_lost_rows_and_those_beside_them() -> None:
    lost = compare(WENT_ON, rows((1, 90), (110, 130)), ASKED)
    assert lost.at_least == pytest.approx(9.0)
    assert lost.at_most == pytest.approx(101 - 90.05)


def test_when_every_row_is_there_up_to_an_interval_may_still_be_lost() -> None:
    lost = compare(WENT_ON, rows((1, 100), (110, 130)), ASKED)
    assert (lost.known_as, lost.rows, lost.at_least) == ("measured", 0, 0.0)
    assert lost.at_most == pytest.approx(0.95)


def test_without_a_failed_write_the_new_writers_first_ends_the_interval() -> None:
    switched = (segment(0, OLD, 1, 60), segment(1, NEW, 61, 70))
    lost = compare(switched, rows((1, 70)), Asked(NEW, run_started=T + 58))
    assert (lost.rows, lost.at_most) == (0, pytest.approx(0.95))


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ((), "no acknowledgement of a canary is logged"),
        ((segment(0, NEW, 110, 130),), "no acknowledgement of the old writer"),
        (WENT_ON[:2], "doesn't show that the canary went on"),
        ((*WENT_ON[:1], WENT_ON[2]), "doesn't show that the canary went on"),
        ((*WENT_ON[:2], segment(0, NEW, 110, 130, session="t")), "doesn't show that the canary went on"),
    ],
    ids=["no log", "only the new writer", "ended with the old writer", "a segment is missing", "another session"],
)
def test_a_log_that_may_lack_acknowledgements_leaves_it_unknown(segments: tuple[Segment, ...], said: str) -> None:
    lost = compare(segments, rows((1, 100), (110, 130)), ASKED)
    assert lost.known_as == "unknown"
    assert said in lost.basis
    assert lost.at_most is None


def test_what_is_known_to_be_lost_is_said_though_the_rest_is_unknown() -> None:
    lost = compare(WENT_ON[:2], rows((1, 90)), ASKED)
    assert (lost.known_as, lost.rows) == ("unknown", 10)
    assert text(lost).startswith("at least 10 rows, how many isn't known")


def test_nothing_is_called_zero_where_the_log_is_not_whole() -> None:
    assert text(compare(WENT_ON[:2], rows((1, 100)), ASKED)).startswith("unknown (")


def test_rows_that_were_removed_are_not_lost() -> None:
    lost = compare(WENT_ON, rows((51, 95), (110, 130), pruned_until=T + 50.0004), ASKED)
    assert (lost.rows, lost.considered) == (5, 50)


def test_when_all_were_removed_it_is_unknown() -> None:
    lost = compare(WENT_ON, rows((120, 130), pruned_until=T + 119), ASKED)
    assert (lost.known_as, lost.rows) == ("unknown", None)
    assert "removed" in lost.basis


def test_when_no_row_that_is_known_survived_there_is_no_upper_end() -> None:
    lost = compare(WENT_ON, rows((110, 130)), ASKED)
    assert (lost.known_as, lost.rows, lost.at_most) == ("unknown", 100, None)


def test_what_an_earlier_failover_lost_is_not_lost_again() -> None:
    """Home lost 6 to 10, the standby took over, home again: of that life nothing is lost."""
    earlier = (segment(0, OLD, 1, 10), segment(1, NEW, 20, 30), segment(2, OLD, 40, 100), segment(3, NEW, 110, 120))
    there = rows((1, 5), (20, 98), (110, 120))
    assert compare(earlier, there, ASKED).rows == 2
    assert compare(earlier, there, Asked(NEW)).rows == 2, "also when nobody says when the run began"


def test_acknowledgements_of_the_old_writer_after_the_promotion_are_counted() -> None:
    both = (*WENT_ON, segment(0, OLD, 105, 115, session="t"))
    lost = compare(both, rows((1, 100), (110, 130)), replace(ASKED, promoted_at=T + 109))
    assert (lost.rows, lost.stale_rows) == (11, 7)
    assert "7 rows were acknowledged by the old writer after the promotion" in text(lost)
    assert compare(both, rows((1, 100)), ASKED).stale_rows is None


def test_a_canary_that_had_fallen_silent_long_before_the_failure_measures_nothing() -> None:
    lost = compare(WENT_ON, rows((1, 100), (110, 130)), replace(ASKED, first_failure=T + 180))
    assert lost.known_as == "unknown"
    assert "79 s before the workload failed" in lost.basis
    assert compare(WENT_ON, rows((1, 100)), replace(ASKED, first_failure=T + 103)).known_as == "measured"


def test_rows_that_are_there_without_an_acknowledgement_are_neither_lost_nor_hidden() -> None:
    gap = (replace(WENT_ON[0], acks=(*acks(1, 30), *acks(32, 60))), *WENT_ON[1:])
    lost = compare(gap, rows((1, 100), (110, 130)), ASKED)
    assert (lost.rows, lost.unacknowledged_rows) == (0, 1)


def test_a_row_that_arrived_behind_a_lost_one_is_a_hole() -> None:
    lost = compare(WENT_ON, rows((1, 90), (95, 96), (110, 130)), ASKED)
    assert (lost.rows, lost.holes) == (8, 2)
    assert lost.at_most == pytest.approx(101 - 90.05)


def test_who_wrote_last_is_said() -> None:
    lost = compare(WENT_ON, rows((1, 90)), ASKED)
    assert lost.old_writer is not None and lost.last_writer is not None
    assert (lost.old_writer["region"], lost.old_writer["number"]) == (OLD, 100)
    assert (lost.last_writer["region"], lost.last_writer["at"]) == (NEW, T + 130.05)


@pytest.mark.parametrize(("later", "expected"), [(5, True), (24, True), (26, False)])
def test_only_a_log_that_was_just_written_is_waited_for(later: float, expected: bool) -> None:
    ended = WENT_ON[:2]
    lost = compare(ended, rows((1, 90)), ASKED)
    assert may_yet_be_measured(lost, ended, T + 101 + later) is expected


def test_a_measured_loss_is_not_waited_for() -> None:
    assert not may_yet_be_measured(compare(WENT_ON, rows((1, 90)), ASKED), WENT_ON, T + 131)


@pytest.mark.parametrize(
    ("known_as", "at_least", "at_most", "expected"),
    [
        ("measured", 0.0, 1.0, "met"),
        ("measured", 9.0, 70.0, "not proved"),
        ("measured", 61.0, 62.0, "MISSED"),
        ("unknown", 61.0, None, "MISSED"),
        ("unknown", 0.0, None, "unknown"),
        ("unknown", None, None, "unknown"),
    ],
)
def test_the_verdict_is_what_the_interval_proves(
    known_as: str, at_least: float | None, at_most: float | None, expected: str
) -> None:
    lost = Lost(known_as, "", rows=1, at_least=at_least, at_most=at_most)
    assert verdict(lost, 60.0) == f"objective 60 s: {expected}"


def test_the_summarys_line_is_what_the_task_found() -> None:
    found = compare(WENT_ON, rows((1, 90), (110, 130)), ASKED).as_dict()
    line = summary_line({"lost": found}, 60.0)
    assert line.startswith("RPO canary 10 rows lost, 9.00 to 10.95 s of writes (measured: ")
    assert line.endswith("objective 60 s: met")


def test_a_task_that_failed_leaves_the_loss_unknown() -> None:
    line = summary_line({"failed": True, "msg": "no such module"}, 60.0)
    assert line == "RPO canary unknown (no such module); objective 60 s: unknown"


@pytest.mark.parametrize("result", [{}, {"skipped": True}])
def test_a_workload_without_a_canary_has_no_line(result: dict[str, bool]) -> None:
    assert summary_line(result, 60.0) == ""


def test_a_segment_survives_its_log() -> None:
    there = Segment.from_dict(WENT_ON[1].as_dict())
    assert [each.number for each in there.acks] == [each.number for each in WENT_ON[1].acks]
    assert there.acks[-1].acked_at == pytest.approx(T + 100.05)
    assert replace(there, acks=()) == replace(WENT_ON[1], acks=())


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, 0),
        ({"regions": (OLD, OLD)}, 1),
        ({"interval": 0.01}, 1),
        ({"flush": 0.5}, 1),
        ({"keep": 10}, 1),
        ({"seconds": -1.0}, 1),
    ],
)
def test_senseless_figures_are_refused(changed: dict[str, object], wrong: int) -> None:
    given = {"regions": (OLD, NEW), "interval": 1.0, "flush": 5.0, "keep": 7200, "seconds": 0.0, **changed}
    assert len(check_settings(**given)) == wrong  # type: ignore[arg-type]  # a table's values
