# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each code that readiness finds has its place in the runbook, and each place a code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "plugins" / "module_utils" / "_plan"
FOUND_IN = [*sorted((PLAN / "readiness").glob("*.py")), PLAN / "promotion.py", PLAN / "lease.py"]
MAKERS = {"Remark", "refusal", "warning"}


def codes(path: Path) -> Iterator[str]:
    """What is given first to whatever makes a finding; of a choice between two, both."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS and node.args:
            words = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
            yield from (word for word in words if isinstance(word, str))


def known() -> set[str]:
    found = {str(code) for path in FOUND_IN for code in codes(path)}
    # That of a variable, chosen a line above.
    return found | {"us_east_1_unreadable", "region_unreadable"}


def test_every_code_has_its_anchor_and_every_anchor_its_code() -> None:
    text = (ROOT / "docs" / "runbooks" / "readiness.md").read_text(encoding="utf-8")
    anchors = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert sorted(anchors) == sorted(set(anchors))
    assert set(anchors) == known()
