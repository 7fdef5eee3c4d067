# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each finding and each alarm has its place in a runbook, and each place names what is there to act with."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import Kind
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


REFUSING = ("stops", "waits", "_refusal")


def failback_codes() -> set[str]:
    found: set[str] = set()
    for path in (*sorted(PLAN.glob("failback*.py")), PLAN / "rejoin.py"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSING and node.args:
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
    assert len(found) == 4
    assert sorted(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == found


RUNBOOKS = ROOT / "docs" / "runbooks"
MAKER = re.compile(r"(^|_)(refusal|warning)$|^_hold$|^(Finding|Remark|raise_|found|stops|waits)$")
# Where the code is a variable's: which codes that can be.
CODES_OF_VARIABLES = {
    "_plan/cache.py": {"node_type_mismatch", "version_mismatch", "shards_mismatch"},
    "_plan/drill.py": {"drill_failed", "drill_inconclusive"},
    "_plan/manifest.py": {"evidence_missing", "evidence_altered"},
    "_plan/readiness/unread.py": {"us_east_1_unreadable", "region_unreadable"},
}
# The code is handed on: whoever calls it gives one, and is looked at itself.
HANDED_ON = {
    *("_model/finding.py", "_plan/failback_finding.py", "_plan/isolated_copy.py", "_plan/split_brain.py"),
    *("_plan/readiness/case.py", "_plan/readiness/table.py", "_plan/storage.py", "_plan/readiness/unread.py"),
    *("_plan/evidence.py", "_plan/lost_snapshot.py", "_plan/rejoin.py", "_plan/trigger.py", "_run/promotion.py"),
}


def made_in(path: Path) -> tuple[set[str], bool]:
    """The codes that a file gives to whatever makes a finding, and whether it gives one that can't be read here."""
    found, unread = set[str](), False
    for node in ast.walk(parsed(path)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or not MAKER.search(name) or not node.args:
            continue
        code = node.args[0]
        words = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
        told = {each.value for each in words if isinstance(each, ast.Constant) and isinstance(each.value, str)}
        found |= told
        unread = unread or len(told) < len(words)
    return found, unread


def finding_codes() -> dict[str, str]:
    """Every code of the code base, with a file that it is in."""
    found = dict[str, str]()
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        short = path.relative_to(ROOT / "plugins").as_posix().removeprefix("module_utils/")
        codes_here, unread = made_in(path)
        assert not unread or short in HANDED_ON | set(CODES_OF_VARIABLES), f"{short}: which code is it?"
        found |= dict.fromkeys(codes_here | CODES_OF_VARIABLES.get(short, set()), short)
    for path in sorted(ROOT.glob("roles/*/tasks/*.yml")):
        for told in re.findall(r"[\"']?\bcode[\"']?: (.*)", path.read_text(encoding="utf-8")):
            found |= dict.fromkeys(
                re.findall(r"'([a-z_]+)'", told.split(" if ")[0] + told.partition(" else ")[2]), path.name
            )
    return found


def anchors(page: str = "*") -> list[str]:
    return [
        anchor
        for path in sorted(RUNBOOKS.glob(f"{page}.md"))
        for anchor in re.findall(r"^##+ (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def test_every_finding_has_its_place_in_a_runbook() -> None:
    codes_known = finding_codes()
    assert len(codes_known) > 250
    assert {code: file for code, file in codes_known.items() if code not in anchors()} == {}


def test_a_place_among_the_findings_is_of_one_that_there_is_and_is_nowhere_else() -> None:
    there = anchors("findings")
    assert set(there) - {"Storage"} <= set(finding_codes())
    elsewhere = [each for path in RUNBOOKS.glob("*.md") if path.stem != "findings" for each in anchors(path.stem)]
    assert set(there) & set(elsewhere) == set()
    assert len(there) == len(set(there))


def test_every_alarm_has_its_place_and_every_place_its_alarm() -> None:
    assert sorted(anchors("alarms")) == sorted(kind.value for kind in Kind)


def sections(text: str, level: str) -> dict[str, str]:
    parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def playbooks_in(text: str) -> list[str]:
    return re.findall(r"\]\((\.\./\.\./playbooks/\w+\.yml)\)", text)


@pytest.mark.parametrize(("page", "level"), [("alarms", "###"), ("findings", "##")])
def test_each_section_links_the_playbook_that_acts_on_it(page: str, level: str) -> None:
    text = (RUNBOOKS / f"{page}.md").read_text(encoding="utf-8")
    found = sections(text, level)
    assert len(found) > 10
    assert [title for title, words in found.items() if not playbooks_in(words)] == []


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_what_a_runbook_links_is_there(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]*)(?:#(\w[\w-]*))?\)", path.read_text(encoding="utf-8")):
        target = path if not link[0] else (path.parent / link[0]).resolve()
        if not link[0].startswith("http"):
            assert target.exists(), link
            heads = re.findall(r"^##* (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE) if link[1] else []
            assert not link[1] or link[1] in [
                re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in heads
            ], link


def test_what_a_runbook_runs_in_its_text_is_a_playbook() -> None:
    """Commands in blocks are tried by test_readme_commands.py; these are named in a sentence."""
    for path in sorted(RUNBOOKS.glob("*.md")):
        for name in re.findall(r"`(\w+)\.yml`", path.read_text(encoding="utf-8")):
            assert (ROOT / "playbooks" / f"{name}.yml").is_file(), f"{path.name}: {name}.yml"
