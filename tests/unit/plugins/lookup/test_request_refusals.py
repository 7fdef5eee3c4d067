# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar

NAMES = {
    "mode": "dr_failover_mode",
    "accept_data_loss": "dr_failover_accept_data_loss",
    "first_failure": "dr_failover_first_failure",
}


def refusals(monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], **others: Any) -> list[dict[str, str]]:
    variables = {"groups": {"all": ["shop"]}, **given, **others}
    loader = DataLoader()
    templar = Templar(loader=loader, variables=variables)
    lookup = lookup_loader.get("multiregion.aws_dr.request_refusals", loader=loader, templar=templar)
    monkeypatch.setitem(lookup.run.__globals__, "load_extra_vars", lambda _loader: given)
    return list(lookup.run(["dr_failover"], variables, names=NAMES))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"mode": "unplanned", "accept_data_loss": "true", "first_failure": "1767225600.5"},
        {"accept_data_loss": False, "first_failure": 0},
        {"dr_failover_mode": "planned", "aws_dr_in_process": "false"},
    ],
)
def test_what_the_playbook_and_its_role_take_is_let_through(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    assert refusals(monkeypatch, given) == []


@pytest.mark.parametrize(
    ("given", "observed"),
    [
        ({"mode": "sideways"}, "mode is 'sideways'."),
        ({"accept_data_loss": "perhaps"}, "accept_data_loss is 'perhaps'."),
        ({"first_failure": "yesterday"}, "first_failure is 'yesterday'."),
        ({"dr_failover_mode": "sideways"}, "dr_failover_mode is 'sideways'."),
    ],
)
def test_a_bad_value_is_told_by_the_name_that_the_user_gave(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], observed: str
) -> None:
    [found] = refusals(monkeypatch, given)
    assert (found["code"], found["observed"]) == ("bad_value", observed)


def test_a_bad_value_out_of_the_inventory_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = refusals(monkeypatch, {}, mode="sideways")
    assert found["observed"] == "mode is 'sideways'."


def test_a_misspelt_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = refusals(monkeypatch, {"mod": "unplanned"})
    assert (found["code"], found["severity"]) == ("unknown_variable", "refuse")


def test_an_empty_inventory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = refusals(monkeypatch, {}, groups={"all": []})
    assert found["code"] == "no_workload"


EXAMPLE = Path(__file__).resolve().parents[4] / "inventories" / "example"


def inventory() -> dict[str, Any]:
    """All that the example says of its workload, values left out."""
    files = [*EXAMPLE.glob("group_vars/*.yml"), *EXAMPLE.glob("host_vars/*.yml")]
    named = [name for path in files for name in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return dict.fromkeys([*named, "aws_dr_records", "aws_dr_record", "aws_dr_routing_control", "aws_dr_watch"])


@pytest.mark.parametrize("missing", sorted(name for name in inventory() if name.startswith("aws_dr_")))
def test_no_inventory_that_lacks_a_layer_is_taken_for_a_misspelt_one(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    found = inventory()
    del found[missing]
    assert refusals(monkeypatch, {}, **found) == []


def test_a_misspelt_layer_is_told_and_one_that_the_command_line_gives_is_not_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [found] = refusals(monkeypatch, {}, aws_dr_cahce={})
    assert (found["code"], found["remedy"]) == ("misspelt_variable", "Did you mean aws_dr_cache? Correct it.")
    assert refusals(monkeypatch, {"aws_dr_cache": {}}, aws_dr_cahce={}) == []
