# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role dr_failover decides in its variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ROLE = Path(__file__).resolve().parents[3] / "roles" / "dr_failover"
NEW: dict[str, Any] = {"run": {"fence": 1}, "events": [], "resumed": False}


def event(step: str, state: str = "started", **seen: Any) -> dict[str, Any]:
    return {"step": step, "state": state, "seen": seen}


def tried(**seen: Any) -> dict[str, Any]:
    """A run whose earlier attempt sent the promotion's call and saw how it ended."""
    return {**NEW, "events": [event("promote_database"), event("promote_database", "done", **seen)]}


def decided(name: str, **known: Any) -> Any:
    """The variable's value where the tasks have returned what is ``known``."""
    loader = DataLoader()
    variables = loader.load_from_file(str(ROLE / "vars" / "main.yml"), trusted_as_template=True)
    return Templar(loader, variables={**variables, **known}).template(variables[name])


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"dr_failover__opened": NEW}, False),  # it ended before
        ({"dr_failover__opened": {**NEW, "events": [event("fence_region")]}}, False),
        ({"dr_failover__opened": NEW, "dr_failover__start": {"failed": True, "changed": False}}, False),  # refused
        ({"dr_failover__opened": NEW, "dr_failover__start": {"operation": {}, "changed": True}}, True),
        ({"dr_failover__opened": NEW, "dr_failover__start": {"operation": {}, "changed": False}}, True),  # under way
        ({"dr_failover__opened": NEW, "dr_failover__start": {"failed": True, "changed": True}}, True),  # answer lost
        ({"dr_failover__opened": {**NEW, "events": [event("promote_database")]}}, True),  # an earlier attempt's
        ({"dr_failover__opened": {**NEW, "events": [event("detach_database")]}}, True),
        ({"dr_failover__opened": tried(answer="taken in", refused=False)}, True),
        ({"dr_failover__opened": tried(answer="TimedOut", refused=False)}, True),
        ({"dr_failover__opened": tried(answer="AccessDenied", refused=True)}, False),
    ],
)
def test_a_promotion_counts_as_asked_for_as_soon_as_its_call_may_have_been_sent(
    known: dict[str, Any], asked: bool
) -> None:
    assert decided("dr_failover__asked", **known) is asked


def test_nothing_is_undone_after_a_failure_once_the_promotion_was_asked_for() -> None:
    tasks = yaml.safe_load((ROLE / "tasks" / "failed.yml").read_text(encoding="utf-8"))
    undoing = [task for task in tasks if {"region_fence", "lambda_event_source"} & {key.split(".")[-1] for key in task}]
    assert len(undoing) == 2
    assert all("not dr_failover__asked" in task["when"] for task in undoing)


@pytest.mark.parametrize(
    ("writer", "resumed", "leaves"),
    [("eu-central-1", False, True), ("eu-west-1", True, True), ("eu-west-1", False, False)],
)
def test_a_run_that_finds_the_writer_moved_does_not_leave_the_source(writer: str, resumed: bool, leaves: bool) -> None:
    known = {
        "dr_failover__health": {"writer_region": writer},
        "dr_failover_target": "eu-west-1",
        "dr_failover__opened": {**NEW, "resumed": resumed},
    }
    assert decided("dr_failover__leaves", **known) is leaves


@pytest.mark.parametrize(
    ("promoted", "needed", "check", "looks"),
    [
        (True, False, False, True),
        (False, False, False, False),
        (True, True, False, False),
        (True, False, True, False),
    ],
)
def test_what_was_left_behind_is_looked_for_where_there_is_nothing_else_to_do(
    promoted: bool, needed: bool, check: bool, looks: bool
) -> None:
    known = {"dr_failover__promoted": promoted, "dr_failover__needed": needed, "ansible_check_mode": check}
    assert decided("dr_failover__looks_on", **known) is looks
