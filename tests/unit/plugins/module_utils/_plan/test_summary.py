# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import LagSample, Loss, database_loss
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.summary import (
    Marks,
    Objectives,
    Origin,
    Outcome,
    lines,
    old_writer,
    recovery,
    rpo_verdict,
    rto_verdict,
    way_back,
)

MARKS = Marks(
    first_failure=100.0,
    run_started=101.0,
    decided=102.0,
    fenced=103.0,
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
    assert (result.origin, result.seconds, result.rto_seconds) == (Origin.RUN, 12.0, None)
    assert "detect" not in dict(result.phases), "nobody knows how long the failure went unseen"


@given(st.lists(st.floats(min_value=1.0, max_value=1e4), min_size=8, max_size=8))
def test_the_phases_add_up_to_the_whole_whatever_the_order_of_marks(values: list[float]) -> None:
    result = recovery(Marks(*sorted(values)))
    assert sum(seconds for _name, seconds in result.phases) == pytest.approx(result.seconds)


LAG = LagSample(0.2, "AuroraGlobalDBRPOLag", 60.0)
FAILED_AT = 130.0


@pytest.mark.parametrize(
    ("kind", "already", "changed", "lags", "seconds", "known_as"),
    [
        ("switchover", False, True, [], 0.0, "bounded"),
        ("failover", False, True, [LAG], 70.2, "bounded"),
        ("failover", False, True, [], None, "unknown"),
        ("failover", True, True, [LAG], None, "unknown"),
        ("failover", True, False, [], 0.0, "measured"),
    ],
)
def test_what_is_not_known_to_be_kept_is_not_called_kept(
    kind: str, already: bool, changed: bool, lags: list[LagSample], seconds: float | None, known_as: str
) -> None:
    loss = database_loss(kind, already, changed, lags, FAILED_AT)
    assert (loss.seconds, loss.known_as) == (seconds, known_as)


def sampled(minute: float, seconds: float = 0.2) -> LagSample:
    return dataclasses.replace(LAG, minute=minute, seconds=seconds)


def failover_loss(lags: list[LagSample], failed_at: float = FAILED_AT) -> Loss:
    return database_loss("failover", False, True, lags, failed_at)


def test_the_lag_is_told_as_it_is_and_the_bound_counts_its_age() -> None:
    loss = failover_loss([sampled(60.0)])
    assert (loss.lag_seconds, loss.seconds) == (0.2, 70.2)
    assert "0.20 s in the minute that began 70 s before the failure" in loss.basis


def test_a_sample_of_the_failures_own_minute_bounds_nothing() -> None:
    loss = failover_loss([sampled(120.0)])
    assert (loss.seconds, loss.lag_seconds, loss.known_as) == (None, 0.2, "unknown")


def test_the_newest_sample_whose_minute_had_ended_is_taken() -> None:
    loss = failover_loss([sampled(0.0, 0.1), sampled(120.0, 0.0), sampled(60.0, 0.4)])
    assert (loss.lag_seconds, loss.seconds) == (0.4, 70.4)


def test_a_minute_that_ended_as_the_workload_failed_is_before_it() -> None:
    assert failover_loss([sampled(60.0)], failed_at=120.0).seconds == 60.2
    assert failover_loss([sampled(60.0)], failed_at=119.9).seconds is None


def test_without_a_first_failure_no_sample_is_known_to_lie_before_it() -> None:
    loss = failover_loss([sampled(60.0)], failed_at=0.0)
    assert (loss.seconds, loss.lag_seconds, loss.known_as) == (None, 0.2, "unknown")


@given(st.floats(0.0, 59.999), st.floats(0.0, 10.0), st.integers(0, 5), st.floats(0.0, 59.999))
def test_the_bound_holds_wherever_in_its_minute_the_sample_was_taken(
    taken: float, lag: float, minutes: int, failed: float
) -> None:
    failed_at = 60.0 * (minutes + 1) + failed
    kept_until = taken - lag
    loss = failover_loss([sampled(0.0, lag)], failed_at)
    assert loss.seconds is not None and failed_at - kept_until <= loss.seconds + 1e-9


@pytest.mark.parametrize(("seconds", "said"), [(None, "unknown"), (59.0, "met"), (60.0, "met"), (60.1, "not proved")])
def test_a_bound_proves_an_objective_met_and_never_missed(seconds: float | None, said: str) -> None:
    assert rpo_verdict(Loss(seconds, "bounded", "why"), 60.0) == f"objective 60 s: {said}"


@pytest.mark.parametrize(("first_failure", "said"), [(100.0, "MISSED"), (106.0, "met"), (0.0, "unknown")])
def test_a_recovery_time_is_held_against_its_objective_only_with_a_probe(first_failure: float, said: str) -> None:
    took = recovery(dataclasses.replace(MARKS, first_failure=first_failure))
    assert rto_verdict(took, 10.0) == f"objective 10 s: {said}"


OUTCOME = Outcome(
    workload="shop",
    inventories=("inventories/lab", "a b.yml"),
    home="eu-central-1",
    target="eu-west-1",
    server="shop-eu-west-1-1",
    changed=True,
    recovery=recovery(MARKS),
    loss=Loss(0.0, "bounded", "why"),
    objectives=Objectives(),
    old_writer="blocked",
    latch_holds=True,
)


def test_the_way_back_is_a_command_that_can_be_copied() -> None:
    command = "ansible-playbook multiregion.aws_dr.failback -i inventories/lab -i 'a b.yml' -e workloads=shop"
    assert way_back(OUTCOME) == command
    assert lines(OUTCOME)[-1] == f"    {command}"


def test_what_may_be_lost_is_to_be_dealt_with_before_the_way_back() -> None:
    assert "multiregion.aws_dr.reconcile" in lines(dataclasses.replace(OUTCOME, unplanned=True))[-1]


def test_at_home_no_way_back_is_needed() -> None:
    assert way_back(dataclasses.replace(OUTCOME, target="eu-central-1")) == ""


def test_a_runs_duration_is_not_called_a_recovery_time() -> None:
    took = recovery(dataclasses.replace(MARKS, first_failure=0.0))
    text = "\n".join(lines(dataclasses.replace(OUTCOME, recovery=took)))
    assert "RTO unknown; objective 900 s: unknown. Duration of this run: 12.00 s to the last client" in text


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
