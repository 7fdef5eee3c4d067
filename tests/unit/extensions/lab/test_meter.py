# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from lab.load.meter import Write, measure, read_log


def write(number: int, status: int = 200, region: str = "a", took: float = 0.01) -> Write:
    return Write(number, number % 4, 100.0 + number, 100.0 + number + took, status, region if status == 200 else "")


def test_no_failure_is_no_outage() -> None:
    report = measure([write(1), write(2)], [1, 2], writers=1)
    assert (report.outage_seconds, report.lost_rows, report.served_again) == (None, 0, True)


def test_an_outage_ends_where_all_writes_succeed_again() -> None:
    writes = [write(1), write(2, 0), write(3, region="b"), write(4, 503), write(5, region="b"), write(6, region="b")]
    report = measure(writes, [1, 3, 5, 6], writers=1)
    assert (report.first_failed, report.served_at, report.outage_seconds) == (102.0, 105.0, 3.0)


def test_an_outage_that_did_not_end_is_not_served_again() -> None:
    report = measure([write(1), write(2, 0)], [1], writers=0)
    assert (report.outage_seconds, report.served_again) == (None, False)


def test_acknowledged_rows_that_are_gone_are_lost() -> None:
    writes = [write(1), write(2), write(3), write(4, 0), write(5, region="b")]
    report = measure(writes, [1, 5], writers=1)
    assert report.lost_rows == 2
    assert report.lost_seconds == pytest.approx(1.0)


def test_a_row_written_but_never_acknowledged_is_counted_apart() -> None:
    report = measure([write(1), write(2, 0), write(3)], [1, 2, 3], writers=1)
    assert (report.unacked_rows, report.lost_rows) == (1, 0)


def test_rows_of_others_in_the_table_do_not_count() -> None:
    assert measure([write(1)], [1, 10**18], writers=1).unacked_rows == 0


def test_a_row_that_is_there_twice_is_a_duplicate() -> None:
    assert measure([write(1)], [1, 1], writers=1).duplicates == 1


def test_what_the_old_region_acknowledged_after_the_promotion_is_stale() -> None:
    writes = [write(1), write(2), write(3, region="b")]
    assert measure(writes, [1, 2, 3], writers=2, promoted_at=101.5, old_region="a").stale_acks == 1


def test_without_a_writer_nothing_is_known_of_lost_rows() -> None:
    report = measure([write(1), write(2, 0)], None, writers=0)
    assert (report.lost_rows, report.lost_seconds, report.unacked_rows, report.duplicates) == (None, None, None, None)
    assert (report.acked_rows, report.writers) == (1, 0)


def test_a_log_is_read_back_without_its_torn_last_line(tmp_path: Path) -> None:
    log = tmp_path / "load.log"
    log.write_text(write(2).line() + write(1, 0).line() + "3 1 10", encoding="ascii")
    assert [entry.id for entry in read_log(log)] == [1, 2]
    assert read_log(log)[0].region == ""
