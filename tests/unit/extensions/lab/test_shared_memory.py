# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lab.data import shared_memory

LISTING = """       key      shmid perms size  cpid  lpid nattch   uid
   1499365      41   600   56 22475 22488      0 65534
   1499366      42   600   56 22475 22488      2 65534
"""


def removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: int, segment: int) -> list[str]:
    """The segments that are removed for a dead server's data directory."""
    (tmp_path / "listing").write_text(LISTING)
    (tmp_path / "postmaster.pid").write_text(f"{server}\n/data\n0\n25432\n\n127.0.0.1\n  1499365   {segment}\nready\n")
    monkeypatch.setattr(shared_memory, "SEGMENTS", tmp_path / "listing")
    asked: list[str] = []
    monkeypatch.setattr(subprocess, "run", lambda words, **_options: asked.append(words[-1]))
    shared_memory.release(tmp_path)
    return asked


@pytest.mark.parametrize(
    ("server", "segment", "expected"),
    [(22475, 41, ["41"]), (22475, 42, []), (1, 41, []), (22475, 99, [])],
    ids=["ours and unused", "still in use", "made by another process", "gone"],
)
def test_only_the_dead_servers_own_segment_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: int, segment: int, expected: list[str]
) -> None:
    assert removed(tmp_path, monkeypatch, server, segment) == expected


def test_a_directory_without_a_server_is_left_alone(tmp_path: Path) -> None:
    shared_memory.release(tmp_path)
