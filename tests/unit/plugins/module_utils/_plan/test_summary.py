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
    old_writer,
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


LAG = LagSample(0.2, "AuroraGlobalDBRPOLag", 97.0)


@pytest.mark.parametrize(
    ("kind", "already", "changed", "lag", "seconds", "known_as"),
    [
        ("switchover", False, True, None, 0.0, "bounded"),
        ("failover", False, True, LAG, 0.2, "bounded"),
        ("failover", False, True, None, None, "unknown"),
        ("failover", False, True, dataclasses.replace(LAG, taken_at=101.0), None, "unknown"),
        ("failover", False, True, dataclasses.replace(LAG, taken_at=-100.0), None, "unknown"),
        ("failover", True, True, LAG, None, "unknown"),
        ("failover", True, False, None, 0.0, "measured"),
    ],
)
def test_what_is_not_known_to_be_kept_is_not_called_kept(
    kind: str, already: bool, changed: bool, lag: LagSample | None, seconds: float | None, known_as: str
) -> None:
    loss = database_loss(kind, already, changed, lag, began=100.0)
    assert (loss.seconds, loss.known_as) == (seconds, known_as)


@pytest.mark.parametrize(
    ("kind", "already", "events", "said"),
    [
        ("failover", False, ["RDS-EVENT-0390"], "blocked (RDS-EVENT-0390)"),
        ("failover", False, ["RDS-EVENT-0390", "RDS-EVENT-0391"], "NOT blocked"),
        ("failover", False, [], "unknown"),
        ("switchover", False, [], "stopped"),
        ("failover", True, [], "as it was"),
    ],
)
def test_what_became_of_the_old_writer_is_said(kind: str, already: bool, events: list[str], said: str) -> None:
    assert old_writer(kind, already, events).startswith(said)
