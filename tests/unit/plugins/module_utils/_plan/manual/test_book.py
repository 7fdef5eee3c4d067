# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual runbooks: their order, and that the aws CLI knows every command in them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.book import moves, sections
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.case import Case, aws
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.manual_check import (
    aws_calls,
    commands,
    troubles,
)
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.pages import manual_files

ROOT = Path(__file__).resolve().parents[6]
HOME, STANDBY = "eu-central-1", "eu-west-1"


def layers() -> dict[str, Any]:
    described = yaml.safe_load((ROOT / "inventories/example/host_vars/shop.yml").read_text(encoding="utf-8"))
    found = {name.removeprefix("aws_dr_"): value for name, value in described.items()}
    compute = {
        "ecs_services": [{"cluster": "shop", "service": "api"}],
        "auto_scaling_groups": ["shop-web"],
        "functions": ["shop-orders"],
    }
    hook = {"command": ["/opt/fence", "now"]}
    fence = {"methods": ["network_acl", "compute", "hook"], "first_rule": 7, "compute": compute, "hook": hook}
    return {**found, "state_table": "aws-dr-state", "fence": fence}


CASES = {
    case.name: case for mode, to in moves(HOME, STANDBY) for case in [Case("shop", HOME, STANDBY, mode, to, layers())]
}


def number(case: Case, part: str) -> int:
    return next(n for n, section in enumerate(sections(case)) if any(part in each for each in section.commands))


@pytest.mark.parametrize("name", CASES)
def test_bash_can_read_it_and_aws_has_every_call_and_every_option(name: str) -> None:
    typed = commands(CASES[name])
    assert list(troubles(typed)) == []
    assert len(list(aws_calls(typed))) > 10


@pytest.mark.parametrize("name", CASES)
def test_clients_are_sent_only_once_the_database_writes(name: str) -> None:
    case = CASES[name]
    promotion = "failover-global-cluster" if case.mode is Mode.UNPLANNED else "switchover-global-cluster"
    traffic = "put-object" if case.target == STANDBY else "delete-object"
    wait = number(case, "until [")
    assert number(case, promotion) < wait < number(case, traffic)


def test_a_disaster_asks_the_lost_region_for_nothing_it_cannot_do_without() -> None:
    for section in sections(CASES["failover-unplanned"]):
        for command in section.commands:
            if f"--region {HOME}" in command and "create-network-acl-entry" not in command:
                assert "||" in command and "--cli-connect-timeout" in command, command


def test_the_fence_is_what_region_fence_takes_away_again() -> None:
    entries = [
        line for each in commands(CASES["failover-unplanned"]) for line in each.splitlines() if "acl-entry" in line
    ]
    for wanted in ("--ingress", "--egress"):
        line = next(each for each in entries if wanted in each)
        assert "--rule-number 7 --protocol 6 --rule-action deny --cidr-block 0.0.0.0/0" in line
    assert '--port-range "From=$PORT,To=$PORT" --ingress' in entries[0]


def test_a_planned_move_is_not_fenced_and_starves_the_source() -> None:
    text = "\n".join(commands(CASES["failover-planned"]))
    assert "create-network-acl-entry" not in text and "--allow-data-loss" not in text
    assert f"update-event-source-mapping --region {HOME}" in text and "--no-enabled" in text
    assert f"delete-object --region {HOME} --bucket example-shop-latch-eu-central-1" in text


def test_a_layer_that_is_not_there_has_no_section() -> None:
    bare = {name: layers()[name] for name in ("database", "latch", "record", "client", "state_table")}
    titles = [each.title for each in sections(Case("shop", HOME, STANDBY, Mode.UNPLANNED, STANDBY, bare))]
    assert titles == [
        *("Open a shell", "Keep the automation out", "Look at the database", "Promote the database"),
        *("Wait until it writes", f"Send clients to {STANDBY}", "Afterwards"),
    ]


def test_only_the_promotion_of_a_disaster_has_no_way_back() -> None:
    marked = {name: [each.title for each in sections(case) if each.no_return] for name, case in CASES.items()}
    assert marked == {"failover-unplanned": ["Promote the database"], "failover-planned": [], "way-back-planned": []}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("$TARGET", '"$TARGET"'),
        ("it's", '"it\'s"'),
        ("it's $HOME", "'it'\"'\"'s $HOME'"),
        ("a; rm -rf /", "'a; rm -rf /'"),
        ("$(rm)", "'$(rm)'"),
        ("it's `rm`", "'it'\"'\"'s `rm`'"),
    ],
)
def test_a_value_is_never_a_command(value: str, shown: str) -> None:
    assert aws("x", "y", region="r", name=value) == f"aws x y --region r --name {shown}"


def test_both_files_say_the_same_and_nothing_of_the_clients_headers() -> None:
    described = {**layers(), "client": {"url": "https://shop", "headers": {"Authorization": "secret"}}}
    files = manual_files("shop", HOME, STANDBY, described)
    assert sorted(files) == sorted(f"{name}.{kind}" for name in CASES for kind in ("md", "html"))
    assert files == manual_files("shop", HOME, STANDBY, described)
    for text in files.values():
        assert "secret-" not in text and "Authorization" not in text
    for name, case in CASES.items():
        blocks = "".join(re.findall(r"```bash\n(.*?)```", files[f"{name}.md"], re.DOTALL))
        assert blocks.splitlines() == "\n".join(commands(case)).splitlines()
        typed = re.findall(r"<code>(.*?)</code>", files[f"{name}.html"])
        assert [unescape(re.sub(r"</?span>", "", line)) for line in typed] == blocks.splitlines()
