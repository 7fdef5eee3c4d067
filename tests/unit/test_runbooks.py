# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each code that readiness finds has its place in the runbook, and each place a code."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.cache import PREFIX

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "plugins" / "module_utils" / "_plan"
FOUND_IN = [*sorted((PLAN / "readiness").glob("*.py")), PLAN / "promotion.py", PLAN / "lease.py"]
# Of the layers' own plans, what readiness asks; the rest is said by their modules.
ASKED = {
    "secrets.py": {"findings", "_unread"},
    "keys.py": {"findings"},
    "storage.py": {"_findings", "_face_findings"},
    "capacity.py": {"_capacity_findings", "_quota_findings"},
    "event_sources.py": {"placement_findings"},
}
ASKED_OF_THE_CACHE = {"from_datastore", "_not_member", "_status_findings", "_group_findings"}
MAKERS = {"Remark", "refusal", "warning", "raise_", "found"}


def codes(tree: ast.AST) -> Iterator[str]:
    """What is given first to whatever makes a finding; of a choice between two, both."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS and node.args:
            words = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
            yield from (word for word in words if isinstance(word, str))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def codes_of(path: Path, functions: Collection[str]) -> Iterator[str]:
    found = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef) and node.name in functions]
    assert len(found) == len(functions), path
    for function in found:
        yield from codes(function)


def cache_codes() -> Iterator[str]:
    """With the prefix of readiness; those of a loop's variable are in the loop's table."""
    yield from codes_of(PLAN / "cache.py", ASKED_OF_THE_CACHE)
    yield from ("node_type_mismatch", "version_mismatch", "shards_mismatch")


def known() -> set[str]:
    found = {code for path in FOUND_IN for code in codes(parsed(path))}
    found |= {code for name, functions in ASKED.items() for code in codes_of(PLAN / name, functions)}
    found |= {f"{PREFIX}{code}" for code in cache_codes()}
    # That of a variable, chosen a line above.
    return found | {"us_east_1_unreadable", "region_unreadable"}


def failback_codes() -> set[str]:
    found: set[str] = set()
    for path in sorted(PLAN.glob("failback*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("stops", "waits") and node.args:
                found |= {str(word.value) for word in ast.walk(node.args[0]) if isinstance(word, ast.Constant)}
    return found


def test_every_code_of_a_failback_has_its_anchor_and_every_anchor_its_code() -> None:
    text = (ROOT / "docs" / "runbooks" / "failback.md").read_text(encoding="utf-8")
    anchors = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert sorted(anchors) == sorted(set(anchors))
    assert set(anchors) == failback_codes()


def test_every_code_has_its_anchor_and_every_anchor_its_code() -> None:
    text = (ROOT / "docs" / "runbooks" / "readiness.md").read_text(encoding="utf-8")
    anchors = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert sorted(anchors) == sorted(set(anchors))
    assert set(anchors) == known()


def test_every_code_about_writers_has_its_anchor_and_every_anchor_its_code() -> None:
    text = (ROOT / "docs" / "runbooks" / "split-brain.md").read_text(encoding="utf-8")
    found = re.findall(r"_(?:refusal|warning)\(\s*\"(\w+)\"", (PLAN / "split_brain.py").read_text(encoding="utf-8"))
    assert len(found) > 5
    assert sorted(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == sorted(found)


def test_every_reason_to_hold_has_its_anchor_and_every_anchor_its_reason() -> None:
    text = (ROOT / "docs" / "runbooks" / "automatic-failover.md").read_text(encoding="utf-8")
    calls = (node for node in ast.walk(parsed(PLAN / "trigger.py")) if isinstance(node, ast.Call))
    held = [node.args[0] for node in calls if getattr(node.func, "id", "") == "_hold"]
    found = sorted(str(word.value) for word in held if isinstance(word, ast.Constant))
    assert len(found) > 15
    assert sorted(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == found


def test_every_code_about_health_has_its_anchor_and_every_anchor_its_code() -> None:
    text = (ROOT / "docs" / "runbooks" / "health.md").read_text(encoding="utf-8")
    found = sorted(codes(parsed(PLAN / "health_lines.py")))
    assert len(found) == 3
    assert sorted(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == found
