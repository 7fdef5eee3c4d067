# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to a module is there: its place in the action group, its tests, both ways of running it."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
ON_THE_CONTROLLER = {"refuse", "run_confirm"}
"""Those that ask nothing of AWS: an action plugin, and a module that only documents it."""
OF_ANSIBLE = {"ansible", "ansible_collections", "jinja2", "markupsafe", "yaml"}
PACKAGES = {"dns": "dnspython", "botocore": "boto3"}
"""What a name that is imported comes with, where it isn't a package of that name."""
MODULES = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_every_module_is_in_the_action_group_which_extends_amazon_aws() -> None:
    group = read("meta/runtime.yml")["action_groups"]["aws_dr"]
    assert {"metadata": {"extend_group": ["amazon.aws.aws"]}} in group
    assert {member for member in group if isinstance(member, str)} == MODULES - ON_THE_CONTROLLER


def test_an_action_plugin_has_its_module() -> None:
    assert {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")} <= MODULES


def test_every_module_has_an_integration_target_and_unit_tests() -> None:
    targets = {path.parents[1].name for path in (ROOT / "tests" / "integration" / "targets").glob("*/tasks/main.yml")}
    units = {
        path.stem.removeprefix("test_") for path in (ROOT / "tests" / "unit" / "plugins" / "modules").glob("test_*.py")
    }
    assert targets >= MODULES
    assert units >= MODULES


def test_every_role_says_what_it_takes() -> None:
    assert [
        role.name for role in (ROOT / "roles").iterdir() if not (role / "meta" / "argument_specs.yml").is_file()
    ] == []


def test_the_changelog_has_something_to_say_of_this_version() -> None:
    version = read("galaxy.yml")["version"]
    assert version in read("changelogs/changelog.yaml")["releases"] or list(
        (ROOT / "changelogs" / "fragments").glob("*.yml")
    )


def test_an_execution_environment_gets_what_the_plugins_import() -> None:
    """ansible-builder reads it; the versions that are tested lie in its ranges."""
    listed = ROOT / read("meta/execution-environment.yml")["dependencies"]["python"]
    wanted = {
        requirement.name: requirement.specifier
        for line in listed.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for requirement in [Requirement(line)]
    }
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "plugins").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    imported |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    foreign = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names) - OF_ANSIBLE
    assert {PACKAGES.get(name, name) for name in foreign} == set(wanted)
    for name, specifier in wanted.items():
        assert version(name) in specifier


def test_the_labs_inventory_finds_nothing_outside_of_the_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its names mean nothing in a real account, and would be asked for there."""
    loader = DataLoader()
    variables = loader.load_from_file(str(ROOT / "inventories/lab/group_vars/all.yml"), trusted_as_template=True)
    monkeypatch.setenv("AWS_DR_LAB_INSTANCE", "7")
    assert Templar(loader, variables=variables).template(variables["aws_dr_lab_network"]) == "127.7"
    monkeypatch.delenv("AWS_DR_LAB_INSTANCE")
    with pytest.raises(AnsibleError, match="lab exec"):
        Templar(loader, variables=variables).template(variables["aws_dr_lab_network"])
