# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner itself. That every module gives the same both ways is tested on the lab (tests/integration)."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils import basic
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.in_process import NoResult, run_main

SPEC = {"count": {"type": "int", "required": True, "aliases": ["number"]}, "secret": {"type": "str", "no_log": True}}
COMMON = {"_ansible_check_mode": False, "_ansible_diff": False, "_ansible_no_log": False, "_ansible_version": "2.21.5"}


def module_main() -> None:
    module = AnsibleAWSModule(argument_spec=dict(SPEC), supports_check_mode=True)
    if getattr(module._module, "show_progress", None):
        module._module.show_progress("waiting: 1 s")
    if module.params["count"] < 0:
        module.fail_json(msg="count must not be negative")
    module.exit_json(
        changed=False, twice=module.params["count"] * 2, echo=module.params["secret"], check=module.check_mode
    )


def run(**arguments: Any) -> dict[str, Any]:
    return run_main(module_main, {**COMMON, **arguments}, None)


def test_arguments_are_converted_and_aliases_understood() -> None:
    assert run(number="21")["twice"] == 42


def test_a_wrong_type_is_the_modules_own_error() -> None:
    result = run(count="many")
    assert result["failed"] and "int" in result["msg"]


def test_a_failure_is_a_result() -> None:
    assert run(count=-1)["msg"] == "count must not be negative"


def test_a_no_log_value_is_masked_in_the_result() -> None:
    assert run(count=1, secret="hunter2hunter2")["echo"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_check_mode_reaches_the_module() -> None:
    assert run(count=1, _ansible_check_mode=True)["check"] is True


def test_progress_is_shown_as_it_comes() -> None:
    lines: list[str] = []
    run_main(module_main, {**COMMON, "count": 1}, lines.append)
    assert lines == ["waiting: 1 s"]


def test_everything_swapped_is_put_back_also_after_an_exception() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    before = (basic._ANSIBLE_ARGS, AnsibleAWSModule.default_settings["module_class"])
    with pytest.raises(ZeroDivisionError):
        run_main(broken, dict(COMMON), None)
    assert (basic._ANSIBLE_ARGS, AnsibleAWSModule.default_settings["module_class"]) == before


def test_a_module_that_ends_without_a_result_is_an_error() -> None:
    with pytest.raises(NoResult):
        run_main(lambda: None, dict(COMMON), None)
