# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import (
    Override,
    Parameter,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import (
    Sync,
    Wanted,
    decide,
    findings,
)

WANTED = Wanted(paths=("/shop",), source="eu-central-1", target="eu-west-1")
HERE = Parameter("/shop/a", "String", "x", version=3, description="text")
SECURE = Parameter("/shop/s", "SecureString", "hunter2", version=1, key_id="alias/aws/ssm")


@pytest.mark.parametrize(
    ("name", "wanted", "selected"),
    [
        ("/shop/a", WANTED, True),
        ("/shop/deep/a", WANTED, True),
        ("/shop", WANTED, False),
        ("/shopping/a", WANTED, False),
        ("/shop/a", replace(WANTED, paths=("/shop/",)), True),
        ("/shop/a", replace(WANTED, exclude=("*/a",)), False),
        ("/shop/a", replace(WANTED, include=("/shop/b",)), False),
        ("/shop/A", replace(WANTED, include=("/shop/a",)), False),
    ],
)
def test_a_name_is_selected_by_path_and_patterns(name: str, wanted: Wanted, selected: bool) -> None:
    assert wanted.selects(name) is selected


@pytest.mark.parametrize(
    ("before", "written"),
    [
        (HERE, False),
        (replace(HERE, version=9, tier="Advanced"), False),
        (replace(HERE, description="other"), True),
        (replace(HERE, value="y"), True),
        (replace(HERE, data_type="aws:ec2:image"), True),
        (None, True),
    ],
)
def test_what_ssm_can_be_told_makes_a_difference(before: Parameter | None, written: bool) -> None:
    sync = decide([HERE], [before] if before else [], WANTED)
    assert bool(sync.puts) is written
    assert sync.in_sync is True


@pytest.mark.parametrize("target", [HERE, replace(HERE, allowed_pattern="x+")])
def test_what_the_source_does_not_have_is_not_written_for_ever(target: Parameter) -> None:
    assert decide([replace(HERE, description="")], [target], WANTED).puts == ()


@pytest.mark.parametrize(
    ("key", "wanted", "written"),
    [
        ("alias/aws/ssm", "", False),
        ("alias/shop", "alias/shop", False),
        ("arn:aws:kms:eu-west-1:1:alias/shop", "alias/shop", False),
        ("mrk-1", "arn:aws:kms:eu-west-1:1:key/mrk-1", False),
        ("alias/aws/ssm", "alias/shop", True),
        ("alias/shop", "", True),
    ],
)
def test_the_key_is_the_targets(key: str, wanted: str, written: bool) -> None:
    source = replace(SECURE, key_id="arn:aws:kms:eu-central-1:1:key/home")
    sync = decide([source], [replace(SECURE, key_id=key)], replace(WANTED, key_id=wanted))
    assert [put.after.key_id for put in sync.puts] == ([wanted or "alias/aws/ssm"] if written else [])


def test_no_representation_shows_a_value() -> None:
    sync = decide([SECURE], [], WANTED)
    assert "hunter2" not in repr(sync) and "hunter2" not in repr(SECURE)


def test_an_unread_source_makes_all_but_overrides_unknown() -> None:
    sync = decide(None, [HERE, SECURE], replace(WANTED, overrides=(Override("/shop/a", "y"),), purge=True))
    assert ([put.after.value for put in sync.puts], sync.unknown, sync.deletes) == (["y"], ("/shop/s",), ())
    assert sync.in_sync is None


def test_readiness_gets_counts_and_names_and_nothing_else() -> None:
    many = [replace(HERE, name=f"/shop/{number}", value="hunter2") for number in range(5)]
    found = findings(decide(many, [], WANTED), "eu-west-1")
    assert [(finding.code, finding.severity) for finding in found] == [("parameters_differ", Severity.WARN)]
    assert found[0].observed.startswith("5 parameters of eu-west-1")
    assert "hunter2" not in str(found)
    assert [finding.code for finding in findings(decide(None, many, WANTED), "eu-west-1")] == ["parameters_unknown"]
    assert findings(Sync(), "eu-west-1") == ()
