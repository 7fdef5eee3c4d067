# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `lab clean` removes, and what it leaves."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from lab import lifecycle, settings
from lab.claim import claim
from lab.data.processes import PidRecords
from lab.settings import Instance

DOWN, UP = Instance(241), Instance(242)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of two labs, and the binaries that they share."""
    root = tmp_path / "aws-dr-lab"
    monkeypatch.setattr(settings, "state_root", lambda: root)
    monkeypatch.setattr(lifecycle, "state_root", lambda: root)
    monkeypatch.setattr(lifecycle, "MEMORY", tmp_path / "memory")
    (root / "postgres-18").mkdir(parents=True)
    for instance in (DOWN, UP):
        instance.log_dir.mkdir(parents=True)
        (instance.log_dir / "control.log").touch()
    return root


def clean() -> list[str]:
    said: list[str] = []
    lifecycle.clean(said.append)
    return said


def test_nothing_is_left_of_labs_that_are_down(root: Path) -> None:
    assert clean() == [f"removed {root}"]
    assert not root.exists()


def test_a_running_lab_keeps_its_files_and_the_binaries(root: Path) -> None:
    PidRecords(UP.pid_dir).add("control", os.getpid())
    assert clean() == ["still running, and left as it is: 242"]
    assert sorted(path.name for path in root.iterdir()) == ["242", "postgres-18"]
    assert (UP.log_dir / "control.log").exists()


def test_a_lab_that_is_just_starting_keeps_its_files(root: Path) -> None:
    with (UP.state_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        clean()
    assert UP.log_dir.exists()


def test_a_lab_that_a_test_has_claimed_keeps_its_files(root: Path) -> None:
    ours = claim(UP)
    assert ours is not None
    with ours:
        clean()
    assert UP.log_dir.exists()


def test_where_no_lab_ever_was_there_is_nothing_to_remove(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean()
    assert clean() == []
