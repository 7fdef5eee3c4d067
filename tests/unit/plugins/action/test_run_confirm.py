# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task in a real ansible-playbook, with a real terminal where there is one."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - multiregion.aws_dr.run_confirm:
        required: {required}
        told: [seventeen seconds are lost]
        answer: eu-west-1
        approved_by: "{approved_by}"
        reason: "{reason}"
      register: approval
      failed_when: false
    - ansible.builtin.copy:
        content: "{{{{ approval | to_json }}}}"
        dest: "{result}"
"""
ANSIBLE = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,"]


def play(path: Path, required: bool = True, approved_by: str = "", reason: str = "") -> list[str]:
    (path / "play.yml").write_text(
        PLAY.format(required=required, approved_by=approved_by, reason=reason, result=path / "result.json")
    )
    return [*ANSIBLE, "-e", f"ansible_python_interpreter={sys.executable}", str(path / "play.yml")]


def result(path: Path) -> dict[str, object]:
    return dict(json.loads((path / "result.json").read_text()))


def on_a_terminal(command: list[str], answers: list[tuple[str, str]]) -> str:
    """Run the command on a pseudo-terminal, and type each answer once its question is there."""
    pid, terminal = pty.fork()
    if not pid:
        os.execv(command[0], command)
    shown, until = "", time.monotonic() + 60
    waiting = list(answers)
    while time.monotonic() < until:
        ready, _write, _error = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                shown += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
        if waiting and waiting[0][0] in shown:
            time.sleep(0.3)  # it flushes what was typed before the question
            os.write(terminal, waiting.pop(0)[1].encode() + b"\n")
    os.waitpid(pid, 0)
    return shown


def test_without_a_terminal_and_an_approval_it_is_refused(tmp_path: Path) -> None:
    subprocess.run(play(tmp_path), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert result(tmp_path)["refusals"][0]["code"] == "not_approved"  # type: ignore[index]


@pytest.mark.parametrize(("required", "approved_by"), [(True, "Ada"), (False, "")])
def test_what_is_approved_or_needs_no_approval_is_not_asked(tmp_path: Path, required: bool, approved_by: str) -> None:
    subprocess.run(
        play(tmp_path, required, approved_by), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True
    )
    assert (result(tmp_path)["approved_by"], result(tmp_path)["asked"]) == (approved_by, False)


def test_on_a_terminal_the_person_is_told_and_asked(tmp_path: Path) -> None:
    shown = on_a_terminal(play(tmp_path), [("Type eu-west-1", "eu-west-1"), ("Why?", "the Region burns")])
    assert "seventeen seconds are lost" in shown
    assert (result(tmp_path)["asked"], result(tmp_path)["reason"]) == (True, "the Region burns")


def test_another_answer_is_a_no(tmp_path: Path) -> None:
    on_a_terminal(play(tmp_path), [("Type eu-west-1", "yes")])
    assert "'yes'" in str(result(tmp_path)["msg"])
