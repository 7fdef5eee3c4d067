# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role dr_failover decides in its variables."""

from __future__ import annotations

from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.course import Case, course
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode

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


HOME, STANDBY = "eu-central-1", "eu-west-1"
BARE: dict[str, Any] = {
    "aws_dr_home_region": HOME,
    "aws_dr_standby_region": STANDBY,
    "aws_dr_legs": [{"region": HOME}, {"region": STANDBY}],
    "aws_dr_fence": {},
    "aws_dr_latch": {},
    "ansible_check_mode": False,
    "playbook_dir": "/plays",
    "dr_failover__opened": NEW,
    "dr_failover_detach_after": 120,
    "dr_failover_kind": "failover",
    "inventory_hostname": "shop",
}
LAYERS = ("compute", "secrets", "secrets_written", "event_sources", "buckets", "cache", "parameters", "cloudfront")
EVERY = {**BARE, **{f"aws_dr_{name}": {} for name in (*LAYERS, "keys", "database_canary", "notify", "observability")}}
AWAY = {"dr_failover_target": STANDBY, "dr_failover__health": {"writer_region": HOME, "findings": []}}
BACK = {"dr_failover_target": HOME, "dr_failover__health": {"writer_region": STANDBY, "findings": []}}
DONE = {**AWAY, "dr_failover__health": {"writer_region": STANDBY, "findings": []}}
SENT_HOME = {**AWAY, "dr_failover__health": {"writer_region": HOME, "findings": [{"code": "reverse_latch_set"}]}}
PLANNED, UNPLANNED = {"dr_failover_mode": "planned"}, {"dr_failover_mode": "unplanned"}
CHECK = {"ansible_check_mode": True, "dr_failover__opened": {"run": None, "events": [], "resumed": False}}


@pytest.mark.parametrize(
    ("known", "parts"),
    [
        ({**BARE, **AWAY, **UNPLANNED}, "fence promotion writer latch clients writers summarise"),
        ({**BARE, **AWAY, **UNPLANNED, **CHECK}, "fence promotion writer latch clients summarise"),
        (
            {**BARE, **AWAY, **PLANNED},
            "unfence promotion writer latch_reverse_off latch clients writers summarise",
        ),
        (
            {**BARE, **SENT_HOME, **UNPLANNED},
            "fence promotion writer latch_reverse_off latch clients writers summarise",
        ),
        (
            {**BARE, **BACK, **UNPLANNED},
            "fence unfence promotion writer latch latch_forward_off clients writers summarise",
        ),
        ({**BARE, **BACK, **PLANNED}, "unfence promotion writer latch latch_home clients writers summarise"),
        (
            {**BARE, **AWAY, **UNPLANNED, "aws_dr_traffic": "records"},
            "fence promotion writer records clients writers summarise",
        ),
        (
            {**EVERY, **AWAY, **UNPLANNED},
            "fence compute promotion cache promoting writer compute_served cache_served parameters secrets_written"
            " sources_on latch edge clients sources_fed writers canary summarise ended published",
        ),
        (
            {**EVERY, **AWAY, **PLANNED},
            "unfence compute secrets_in_sync sources_off drain promotion cache promoting writer compute_served"
            " cache_served parameters sources_on latch_reverse_off latch edge clients sources_fed writers canary keys"
            " summarise ended published",
        ),
        (  # carried on after the promotion: the old Region is left alone, and nobody is told again of its beginning
            {**EVERY, **DONE, **UNPLANNED, "dr_failover__opened": {**NEW, "resumed": True}},
            "compute promotion cache writer compute_served cache_served parameters secrets_written sources_on latch"
            " edge clients sources_fed writers canary summarise ended published",
        ),
        (  # nothing is to be done: the run wasn't opened
            {**EVERY, **DONE, **UNPLANNED, "dr_failover__opened": {**NEW, "run": {"fence": 0}}},
            "promotion writer latch clients sources_fed writers summarise",
        ),
    ],
)
def test_a_run_is_made_of_the_parts_that_have_something_to_do(known: dict[str, Any], parts: str) -> None:
    assert [each["part"] for each in decided("dr_failover__course", **known)["all"]] == parts.split()


def test_the_users_steps_stand_before_the_parts_of_their_phase() -> None:
    extras = {
        phase: [{"part": "extra", "name": phase}]
        for phase in ("prepare", "promote", "follow", "traffic", "verify", "end")
    }
    found = decided("dr_failover__course", **EVERY, **AWAY, **PLANNED, dr_failover__extras=extras)["all"]
    follows = {each["name"]: found[place + 1]["part"] for place, each in enumerate(found) if each["part"] == "extra"}
    assert follows == {
        "prepare": "unfence",
        "promote": "promotion",
        "follow": "compute_served",
        "traffic": "latch_reverse_off",
        "verify": "clients",
        "end": "keys",
    }


def test_a_failback_counts_no_canary() -> None:
    found = decided("dr_failover__course", **{**EVERY, **BACK, **PLANNED, "dr_failover_kind": "failback"})
    assert [each["part"] for each in found["ours"]["verify"]] == ["clients", "sources_fed", "writers"]


@pytest.mark.parametrize(
    ("mode", "left"),
    [(UNPLANNED, "compute cache parameters secrets_written sources_on edge"), (PLANNED, "keys")],
)
def test_what_may_be_left_behind_is_known_before_a_run_is_opened(mode: dict[str, Any], left: str) -> None:
    known = {name: value for name, value in {**EVERY, **DONE, **mode}.items() if name != "dr_failover__opened"}
    assert decided("dr_failover__case", **known)["opened"] is False
    found = decided("dr_failover__course", **known, dr_failover__extras={})
    assert [each["part"] for each in found["left"]] == left.split()


@pytest.mark.parametrize(
    ("known", "steps"),
    [
        ({**BARE, **UNPLANNED}, "fence_region promote_database switch_traffic"),
        ({**BARE, **PLANNED, "aws_dr_traffic": "records"}, "promote_database switch_traffic"),
        (
            {**EVERY, **UNPLANNED},
            "fence_region scale_compute promote_database promote_cache sync_parameters promote_secrets"
            " enable_event_sources switch_traffic switch_edge",
        ),
        (
            {**EVERY, **PLANNED},
            "scale_compute disable_event_sources drain_storage promote_database promote_cache sync_parameters"
            " enable_event_sources switch_traffic switch_edge move_keys",
        ),
    ],
)
def test_the_steps_to_come_are_known_before_a_run_is_opened(known: dict[str, Any], steps: str) -> None:
    before = {name: value for name, value in {**known, **AWAY}.items() if name != "dr_failover__opened"}
    assert decided("dr_failover__steps", **before) == steps.split()


def test_no_part_is_another_workloads_too() -> None:
    # Ansible includes equal ones once for both, and puts one's parts in the other's order by that.
    extras = {"prepare": [{"part": "extra", "name": "warm"}]}
    courses = [
        decided(
            "dr_failover__course",
            **{**EVERY, **AWAY, **PLANNED, "inventory_hostname": name},
            dr_failover__extras=extras,
        )
        for name in ("shop", "billing")
    ]
    assert len(courses[0]["all"]) == len(courses[1]["all"]) > 20
    for key in ("all", "left"):
        assert not any(part in courses[1][key] for part in courses[0][key])
    assert courses[0]["yours"]["prepare"] != courses[1]["yours"]["prepare"]


def test_each_part_has_its_file_and_no_file_is_without_use() -> None:
    every = frozenset((*LAYERS, "fence", "keys", "database_canary", "notify", "observability"))
    parts = {"extra"}
    for mode, homewards, traffic in product(Mode, (True, False), ("latch", "records", "routing_control")):
        unplanned = mode is Mode.UNPLANNED
        case = Case(
            has=every,
            mode=mode,
            homewards=homewards,
            traffic=traffic,
            by_reverse=unplanned and homewards and traffic == "latch",
            promoted=False,
            leaves=True,
            sent_home=True,
            opened=True,
            check=False,
            failback=False,
        )
        parts.update(chain(*course(case).values()))
    files = {path.stem: path.read_text(encoding="utf-8") for path in (ROLE / "tasks").glob("*.yml")}
    imported = {name for name in files for text in files.values() if f"{name}.yml" in text}
    assert parts <= set(files)
    assert set(files) - parts - imported <= {"main"}
