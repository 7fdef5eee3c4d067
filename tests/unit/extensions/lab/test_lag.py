# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import deque

import pytest

from lab.data.lag import Position, lag_seconds

HISTORY = deque([Position(10.0, 1000), Position(11.0, 2000), Position(12.0, 2000), Position(13.0, 4000)])


@pytest.mark.parametrize(
    ("replayed", "lag"),
    [
        (4000, 0.0),  # level
        (5000, 0.0),  # ahead of the last sample
        (3000, 0.5),  # between two samples: in proportion
        (2000, 1.0),  # idle from 11 to 12: all of it was there at 12
        (1500, 2.5),
        (1000, 3.0),
        (10, 3.0),  # older than all history: at least so late
    ],
)
def test_lag_is_how_long_ago_the_writer_was_where_the_replica_is(replayed: int, lag: float) -> None:
    assert lag_seconds(HISTORY, replayed, 13.0) == pytest.approx(lag)


def test_without_history_the_lag_is_unknown() -> None:
    assert lag_seconds(deque(), 100, 13.0) is None


def test_a_stalled_replica_falls_behind_as_time_goes_by() -> None:
    assert lag_seconds(HISTORY, 3000, 20.0) == pytest.approx(7.5)
