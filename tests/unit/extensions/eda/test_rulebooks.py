# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks as ansible-rulebook reads them, and that what they name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_rulebook import rules_parser
from ansible_rulebook.util import substitute_variables
from ansible_rulebook.validators import Validate

from ansible_collections.multiregion.aws_dr.tests.unit.extensions.eda.test_region_witness import every_event

ROOT = Path(__file__).resolve().parents[4]
EDA = ROOT / "extensions" / "eda"
RULEBOOKS = sorted((EDA / "rulebooks").glob("*.yml"))
COLLECTION = "multiregion.aws_dr."
LOST = next(each for each in every_event() if each.get("ruling") == "region_lost")


@pytest.fixture(params=RULEBOOKS, ids=lambda path: path.stem)
def rules(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return list(yaml.safe_load(request.param.read_text(encoding="utf-8")))


def actions(rules: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for ruleset in rules:
        for rule in ruleset["rules"]:
            yield from (action["run_playbook"] for action in rule["actions"])


def test_ansible_rulebook_takes_it(rules: list[dict[str, Any]]) -> None:
    Validate.rulebook(rules)
    [ruleset] = rules_parser.parse_rule_sets(rules)
    assert ruleset.rules and ruleset.sources[0].source_name == f"{COLLECTION}region_witness"
    assert (EDA / "plugins" / "event_source" / "region_witness.py").is_file()


def test_it_runs_playbooks_that_there_are_with_variables_that_they_read(rules: list[dict[str, Any]]) -> None:
    for action in actions(rules):
        playbook = ROOT / "playbooks" / f"{action['name'].removeprefix(COLLECTION)}.yml"
        known = re.findall(r"^#   (\w+)=", playbook.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(action["extra_vars"]) <= set(known), action["name"]


def test_an_event_fills_in_all_that_they_need(rules: list[dict[str, Any]]) -> None:
    for action in actions(rules):
        filled = substitute_variables(action, {"event": LOST})
        assert "{{" not in str(filled)
        if action["name"].endswith("automatic_failover"):
            assert filled["extra_vars"]["verdict"] == LOST["verdict"]
        else:
            assert filled["extra_vars"]["workloads"] == "shop"


def test_only_one_of_a_workloads_failovers_runs_at_a_time(rules: list[dict[str, Any]]) -> None:
    locks = {(each["name"], each["lock"]) for each in actions(rules)}
    assert len({lock for name, lock in locks if name.endswith("automatic_failover")}) <= 1
    assert all("{{ event.workload }}" in lock for _name, lock in locks)
    assert {ruleset["execution_strategy"] for ruleset in rules} == {"parallel"}


def test_the_one_that_recommends_starts_no_failover() -> None:
    rules = yaml.safe_load((EDA / "rulebooks" / "recommend_failover.yml").read_text(encoding="utf-8"))
    assert {each["name"] for each in actions(rules)} == {f"{COLLECTION}notify"}
