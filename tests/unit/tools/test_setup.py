# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import setup


@pytest.mark.parametrize("version", setup.PYTHONS)
def test_everything_is_pinned_and_no_index_is_named(version: str) -> None:
    lines = [line for line in setup.requirements(version).read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 50
    assert [line for line in lines if "==" not in line.partition(";")[0] or "://" in line or line.startswith("-")] == []


def test_python_3_11_gets_the_ansible_core_that_supports_it() -> None:
    assert "\nansible-core==2.19." in setup.requirements("3.11").read_text()
    assert "\nansible-core==2.21." in setup.requirements("3.12").read_text()


def environment(directory: Path, stamp: str) -> Path:
    (directory / "bin").mkdir()
    (directory / "bin" / "python").touch()
    (directory / "stamp").write_text(stamp)
    return directory


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    assert setup.ready(environment(tmp_path, setup.stamp("3.13")))


@pytest.mark.parametrize("stamp", ["", "3.13 of other requirements", setup.stamp("3.13").replace("3.13", "3.9")])
def test_it_is_made_again_when_what_it_holds_changes(tmp_path: Path, stamp: str) -> None:
    assert not setup.ready(environment(tmp_path, stamp))


def test_one_whose_python_has_gone_is_made_again(tmp_path: Path) -> None:
    (environment(tmp_path, setup.stamp("3.13")) / "bin" / "python").unlink()
    assert not setup.ready(tmp_path)


def test_a_shim_that_names_no_python_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shims, version = tmp_path / "pyenv" / "shims", tmp_path / "pyenv" / "versions" / "3.12.9" / "bin"
    for directory, script in ((shims, "exit 127"), (version, "echo 3.12 /opt/python3.12")):
        directory.mkdir(parents=True)
        (directory / "python3").write_text(f"#!/bin/sh\n{script}\n")
        (directory / "python3").chmod(0o755)
    monkeypatch.setenv("PATH", str(shims))
    monkeypatch.setattr("setup.Path.home", lambda: tmp_path)
    assert setup.interpreters()["3.12"] == "/opt/python3.12"
