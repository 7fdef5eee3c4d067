# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/iam is what the table gives, and says what everything in it is."""

from __future__ import annotations

import json
import re

import iam

WRITTEN = dict(iam.files())


def test_the_files_are_those_that_the_table_gives() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in iam.DOCS.iterdir()}
    assert there == WRITTEN, "run make iam"


def test_every_placeholder_says_what_it_stands_for() -> None:
    policies = "".join(text for name, text in WRITTEN.items() if name.endswith(".json"))
    used = set(re.findall(r"\$\{(\w+)}", policies))
    halves = {name.replace("Standby", "Home", 1).replace("ThirdLatch", "HomeLatch") for name in used}
    assert halves - set(iam.PLACEHOLDERS) - {"HomeRegion"} == set()
    assert set(iam.PLACEHOLDERS) - used == set()


def test_every_layer_and_role_is_explained() -> None:
    layers = {grant.layer for role in iam.IamRole for grant in iam.granted(role)}
    assert layers == set(iam.LAYERS)
    assert set(iam.ROLES) == set(iam.IamRole)


def test_a_document_names_nothing_but_placeholders_of_an_account() -> None:
    for name, text in WRITTEN.items():
        if name.endswith(".json"):
            assert not re.search(r"\d{12}", text)
            assert json.loads(text)["Version"] == "2012-10-17"
