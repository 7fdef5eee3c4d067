# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.summary import (
    LagSample,
    Marks,
    Origin,
    database_loss,
    recovery,
)

MARKS = Marks(
    first_failure=100.0,
    run_started=101.0,
    promotion_started=102.0,
    writer_proved=110.0,
    traffic_switched=112.0,
    first_success=112.5,
    ttl_tail_until=113.0,
)


def test_recovery_counts_from_the_probe_to_the_last_client() -> None:
    result = recovery(MARKS)
    assert (result.origin, result.seconds_first_client, result.seconds) == (Origin.PROBE, 12.5, 13.0)


def test_without_a_probe_it_is_called_the_runs_duration() -> None:
    result = recovery(dataclasses.replace(MARKS, first_failure=0.0))
    assert (result.origin, result.seconds) == (Origin.RUN, 12.0)


@given(st.lists(st.floats(min_value=1.0, max_value=1e4), min_size=7, max_size=7))
def test_the_phases_add_up_to_the_whole_whatever_the_order_of_marks(values: list[float]) -> None:
    result = recovery(Marks(*sorted(values)))
    assert sum(seconds for _name, seconds in result.phases) == pytest.approx(result.seconds)


def test_a_switchover_loses_no_row() -> None:
    assert database_loss("planned", True, None, 100.0).seconds == 0.0


def test_an_unknown_lag_is_not_zero() -> None:
    loss = database_loss("unplanned", True, None, 100.0)
    assert (loss.seconds, loss.known_as) == (None, "unknown")


def test_a_failovers_loss_is_estimated_from_the_last_sample_and_says_when_it_was_taken() -> None:
    loss = database_loss("unplanned", True, LagSample(0.2, "AuroraGlobalDBRPOLag", 97.0), 100.0)
    assert (loss.seconds, loss.known_as) == (0.2, "estimated")
    assert "3 s before the start" in loss.basis


def test_nothing_promoted_is_nothing_lost() -> None:
    assert database_loss("unplanned", False, None, 100.0).seconds == 0.0
