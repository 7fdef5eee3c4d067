# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a journal says of how to go on: an answer of RDS is no writer, and a refusal is no promotion."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import must_be_finished, way_back

STEP = "promote_database"
REFUSED = {"answer": "InvalidGlobalClusterStateFault"}
STARTED: dict[str, Any] = {"step": STEP, "state": "started", "seen": {}}


def event(step: str, state: str, **seen: Any) -> dict[str, Any]:
    return {"step": step, "state": state, "seen": seen}


def said(mode: str, *events: dict[str, Any]) -> str:
    run = {"workload": "shop", "target": "eu-west-1", "kind": "failover", "mode": mode}
    return "\n".join(way_back(run, events))


def test_a_request_that_was_taken_in_may_take_place_yet() -> None:
    text = said("unplanned", STARTED, event(STEP, "done", answer="taken in"))
    assert "may take place yet" in text and "eu-west-1 writes" not in text


def test_only_the_proof_says_that_the_target_writes() -> None:
    text = said("unplanned", STARTED, event(STEP, "done", answer="taken in"), event("prove_writer", "done"))
    assert "eu-west-1 writes: the way back is a planned run" in text


def test_a_refused_switchover_can_go_on_as_a_failover_or_be_left() -> None:
    text = said("planned", STARTED, event(STEP, "done", **REFUSED))
    assert "nothing was promoted" in text
    assert "as the same run: ansible-playbook multiregion.aws_dr.failover" in text
    assert "-e mode=unplanned -e accept_data_loss=true" in text
    assert "multiregion.aws_dr.abort" in text
    assert "accept_detach" not in text


def test_of_a_refused_failover_the_last_resort_is_named() -> None:
    text = said("unplanned", STARTED, event(STEP, "done", **REFUSED))
    assert "-e accept_detach=true" in text


@pytest.mark.parametrize(
    "events",
    [
        (STARTED,),
        (STARTED, event(STEP, "failed")),
        (STARTED, event(STEP, "done", **REFUSED), STARTED),
        (STARTED, event(STEP, "done", answer="taken in"), STARTED, event(STEP, "done", **REFUSED)),
        (STARTED, event(STEP, "done", answer="TimedOut", refused=False)),
    ],
)
def test_a_try_whose_end_is_unknown_is_no_refusal(events: tuple[dict[str, Any], ...]) -> None:
    assert "may take place yet" in said("planned", *events)


def test_whatever_surely_had_no_effect_is_a_refusal() -> None:
    text = said("planned", STARTED, event(STEP, "done", answer="AccessDenied", refused=True))
    assert "nothing was promoted" in text
    assert "multiregion.aws_dr.abort" in text


def test_a_planned_run_that_hangs_can_become_an_unplanned_one() -> None:
    assert "where a disaster has overtaken it" in said("planned", STARTED)
    assert "where a disaster has overtaken it" not in said("unplanned", STARTED)


@pytest.mark.parametrize(("step", "finished"), [("extra_preparation drain", False), ("extra_step warm", True)])
def test_a_users_step_before_the_promotion_leaves_a_run_that_can_be_left(step: str, finished: bool) -> None:
    assert must_be_finished([event(step, "started")]) is finished


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ((), False),
        ((("fence_network_acl", "started"),), True),
        ((("fence_network_acl", "started"), ("fence_network_acl", "done")), True),
        ((("fence_network_acl", "failed"),), False),
        ((("fence_network_acl", "done"), ("unfence_network_acl", "failed")), True),
        ((("fence_network_acl", "done"), ("unfence_network_acl", "done")), False),
        ((("fence_settled", "already"),), False),
    ],
)
def test_a_fence_is_left_up_only_where_the_run_put_it_up(steps: tuple[tuple[str, str], ...], stands: bool) -> None:
    text = said("planned", *(event(step, state) for step, state in steps))
    assert ("must be lifted" in text) is stands


def test_a_command_shows_where_the_inventory_goes() -> None:
    assert "multiregion.aws_dr.abort -i INVENTORY -e workloads=shop" in said("planned")
