# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents' commands exist: make's targets, the lab's commands, playbooks, inventories, files."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "extensions").rglob("*.md"),
]
COLLECTION = "multiregion.aws_dr."


def commands() -> Iterator[tuple[str, ...]]:
    """The words of each command in a block of shell, its comment and what leads to the program left out.

    A block with ``$`` before its commands shows what they print, too.
    """
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8").replace("\\\n", " ")
        for block in re.findall(r"```(?:shell|bash|console|sh)\n(.*?)```", text, re.DOTALL):
            lines = re.findall(r"^\$ (.*)", block, re.MULTILINE) or block.splitlines()
            for command in re.split(r"&&|\|\||;|\n", "\n".join(re.sub(r"(^|\s)#.*", "", line) for line in lines)):
                words = shlex.split(command)
                if words:
                    yield (words[0].removeprefix(".venv/bin/"), *words[1:])


def check_make(words: tuple[str, ...]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    stages = re.search(r"^STAGES := (.*)$", makefile, re.MULTILINE)
    targets = {*re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)}
    targets |= {f"test-{stage}" for stage in stages[1].split()} if stages else set()
    settings = set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE))
    for word in words:
        name, is_setting, _value = word.partition("=")
        assert name in (settings if is_setting else targets), f"make has no {name}"


def check_lab(words: tuple[str, ...]) -> None:
    """As the lab's own parser takes it; what `lab exec` runs is a command like any other."""
    options = build_parser().parse_args(words)
    executed = [word for word in getattr(options, "command", ()) if word != "--"]
    if executed:
        check(tuple(executed))


def check_playbook(words: tuple[str, ...]) -> None:
    assert words[0].startswith(COLLECTION), f"{words[0]}: call a playbook by its full name"
    assert (ROOT / "playbooks" / f"{words[0].removeprefix(COLLECTION)}.yml").is_file(), (
        f"there is no playbook {words[0]}"
    )
    for option, value in itertools.pairwise(words):
        assert option != "-i" or (ROOT / value).exists(), f"there is no inventory {value}"


def check_rulebook(words: tuple[str, ...]) -> None:
    names = [value.removeprefix(COLLECTION) for option, value in itertools.pairwise(words) if option == "--rulebook"]
    assert names, "no rulebook is named"
    for name in names:
        assert (ROOT / "extensions" / "eda" / "rulebooks" / f"{name}.yml").is_file(), f"there is no rulebook {name}"


def check_files(words: tuple[str, ...]) -> None:
    for given in words:
        word = given.partition("=")[2] or given  # of a variable that is exported, its value
        assert "/" not in word or (ROOT / word).exists(), f"there is no {word}"


def check_doc(words: tuple[str, ...]) -> None:
    for word in words:
        name = word.removeprefix(COLLECTION)
        assert name == word or (ROOT / "plugins" / "modules" / f"{name}.py").is_file(), f"there is no module {word}"


CHECKS = {
    "make": check_make,
    "lab": check_lab,
    "ansible-playbook": check_playbook,
    "ansible-doc": check_doc,
    "ansible-rulebook": check_rulebook,
    "pytest": check_files,
    "python": check_files,
}


def check(words: tuple[str, ...]) -> None:
    CHECKS.get(words[0], check_files)(words[1:])


@pytest.mark.parametrize("words", sorted(set(commands())), ids=" ".join)
def test_a_command_in_the_documents_exists(words: tuple[str, ...]) -> None:
    check(words)


@pytest.mark.parametrize(
    "words",
    [
        ("make", "tests"),
        ("make", "bench", "REPEAT=1"),
        ("ansible-playbook", "multiregion.aws_dr.failovr", "-i", "inventories/lab"),
        ("ansible-playbook", "multiregion.aws_dr.failover", "-i", "inventories/labs"),
        ("ansible-doc", "multiregion.aws_dr.latch"),
        ("ansible-rulebook", "--rulebook", "multiregion.aws_dr.automatic"),
        ("python", "tests/integration/runs.py"),
    ],
    ids=" ".join,
)
def test_one_that_does_not_is_found(words: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError):
        check(words)


@pytest.mark.parametrize(
    "words", [("lab", "upp"), ("lab", "fault", "region", "us-east-1"), ("lab", "exec", "--", "make", "tests")]
)
def test_a_lab_command_that_does_not_is_found(words: tuple[str, ...]) -> None:
    with pytest.raises((AssertionError, SystemExit)):
        check(words)
