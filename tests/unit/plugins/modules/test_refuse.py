# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.errors import AnsibleError
from ansible.playbook.task import Task

from ansible_collections.multiregion.aws_dr.plugins.action.refuse import ActionModule

FINDING = {"code": "no_workload", "observed": "No workload is in play.", "remedy": "Name one."}


def refuse(arguments: dict[str, Any], check_mode: bool = False) -> dict[str, Any]:
    task = Task()
    task.args, task.check_mode, task.async_val = arguments, check_mode, 0
    parts = {name: MagicMock() for name in ("connection", "play_context", "loader", "templar", "shared_loader_obj")}
    return dict(ActionModule(task, **parts).run(task_vars={}))


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_finding_ends_the_play_and_is_in_the_result(check_mode: bool) -> None:
    result = refuse({"findings": [FINDING]}, check_mode)
    assert result["failed"] and not result["changed"]
    assert result["refusals"] == [FINDING]
    assert result["msg"] == "Refused: [no_workload] No workload is in play. Name one."


def test_several_have_a_line_each_and_their_codes_do_the_second_time() -> None:
    findings = [FINDING, {**FINDING, "code": "no_target"}]
    lines = ["Refused:", *(f"- [{code}] No workload is in play. Name one." for code in ("no_workload", "no_target"))]
    assert refuse({"findings": findings})["msg"].splitlines() == lines
    again = refuse({"findings": findings, "repeated": True})
    assert (again["msg"], again["refusals"]) == ("Refused, as told above: no_workload, no_target", findings)


def test_without_a_finding_nothing_is_refused() -> None:
    result = refuse({"findings": []})
    assert (result.get("failed"), result["changed"], result["refusals"]) == (None, False, [])


@pytest.mark.parametrize("arguments", [{}, {"findings": [FINDING], "why": "x"}])
def test_other_arguments_are_an_error(arguments: dict[str, Any]) -> None:
    with pytest.raises(AnsibleError):
        refuse(arguments)
