# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.change import change
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.regional import Clock, error

LOST = ReadTimeoutError(endpoint_url="https://x")


class Call:
    """Ends with each of ``outcomes`` in turn, then well."""

    def __init__(self, *outcomes: Exception) -> None:
        self.outcomes = list(outcomes)
        self.made = 0

    def __call__(self) -> None:
        self.made += 1
        if self.outcomes:
            raise self.outcomes.pop(0)


def run(call: Call, looks: list[bool | Exception], seconds: float = 60.0) -> tuple[Exception | None, float]:
    clock = Clock()

    def is_so() -> bool:
        seen = looks.pop(0)
        if isinstance(seen, Exception):
            raise seen
        return seen

    return change(call, is_so, "a call", clock, Deadline.after(clock, seconds)), clock.now - 100.0


def test_a_call_that_went_well_is_not_looked_after() -> None:
    call = Call()
    assert run(call, []) == (None, 0.0)
    assert call.made == 1


def test_a_lost_answer_is_looked_for_and_the_call_made_again_only_without_an_effect() -> None:
    call = Call(LOST)
    assert run(call, [True])[0] is None
    assert call.made == 1
    call = Call(LOST)
    assert run(call, [False])[0] is None
    assert call.made == 2


@pytest.mark.parametrize("blind", [error("Throttling"), DrError("a", "b", "c"), LOST])
def test_where_nobody_can_look_it_counts_as_without_an_effect(blind: Exception) -> None:
    call = Call(LOST)
    assert run(call, [blind])[0] is None
    assert call.made == 2


def test_a_throttled_call_is_made_again_without_a_look() -> None:
    call = Call(*[error("ThrottlingException")] * 3)
    assert run(call, []) == (None, 3.5)
    assert call.made == 4


def test_a_final_error_is_given_back_at_once() -> None:
    final = error("AccessDeniedException")
    assert run(Call(final), []) == (final, 0.0)


def test_a_refusal_after_a_lost_answer_may_mean_that_it_had_worked() -> None:
    call = Call(LOST, error("InvalidParameterException"))
    assert run(call, [False, True])[0] is None


def test_it_ends_before_the_deadline_does() -> None:
    call = Call(*[error("ThrottlingException")] * 99)
    ended, seconds = run(call, [], seconds=10.0)
    assert isinstance(ended, ClientError) and seconds <= 10.0
