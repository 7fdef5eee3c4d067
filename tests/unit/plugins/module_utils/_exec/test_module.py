# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module ends. What it returns when all went well is tested with each module."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, having_made
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.in_process import run_main

COMMON = {"_ansible_check_mode": False, "_ansible_diff": False, "_ansible_no_log": False, "_ansible_version": "2.21.5"}
CALL = Call("rds", "FailoverGlobalCluster", "eu-west-1")
FAILED = DrError("Waiting", "not so", "Again.")
REFUSED = Refused([refusal("busy", "A switchover runs.", "Wait for it.")])


def ended(error: Exception, *made: Call) -> dict[str, Any]:
    """The result of a module that ends with ``error`` after these calls."""

    def execute(*_args: Any) -> Any:
        with having_made(made):
            raise error

    return run_main(lambda: run(execute, {}), dict(COMMON), None)


@pytest.mark.parametrize("error", [FAILED, REFUSED])
def test_a_failure_after_a_change_says_that_something_was_changed(error: Any) -> None:
    error.made = ()
    result = ended(error, CALL)
    assert result["failed"] and result["changed"]
    assert result["calls"] == [{"service": "rds", "action": "FailoverGlobalCluster", "region": "eu-west-1"}]


@pytest.mark.parametrize("error", [FAILED, REFUSED])
def test_a_failure_before_any_change_says_that_nothing_was(error: Any) -> None:
    error.made = ()
    result = ended(error)
    assert result["failed"] and (result["changed"], result["calls"]) == (False, [])


def test_calls_are_told_in_their_order() -> None:
    later = Call("s3", "PutObject", "eu-west-1")
    error = DrError("Waiting", "not so", "Again.")
    with pytest.raises(DrError), having_made([CALL]), having_made([later]):
        raise error
    assert error.made == (CALL, later)
