# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from lab.control.rates import RateLimits
from lab.settings import LATENCY

from .conftest import FakeClock

AS_AWS = LATENCY["api_call"]


def ask(rates: RateLimits, times: int, call_seconds: float = AS_AWS) -> list[bool]:
    return [rates.exceeded("route53", call_seconds) for _unused in range(times)]


def test_the_sixth_call_in_a_second_is_too_much() -> None:
    assert ask(RateLimits(FakeClock().monotonic), 6) == [False] * 5 + [True]


def test_a_second_later_five_more_are_taken() -> None:
    clock = FakeClock()
    rates = RateLimits(clock.monotonic)
    ask(rates, 6)
    clock.pass_time(1.0)

    assert ask(rates, 6) == [False] * 5 + [True]


def test_the_second_shrinks_with_the_scale() -> None:
    clock = FakeClock()
    rates = RateLimits(clock.monotonic)
    ask(rates, 5, 0.1 * AS_AWS)
    clock.pass_time(0.11)

    assert ask(rates, 1, 0.1 * AS_AWS) == [False]


def test_at_scale_0_nothing_is_too_much() -> None:
    assert not any(ask(RateLimits(FakeClock().monotonic), 100, 0.0))


def test_other_services_are_not_counted() -> None:
    rates = RateLimits(FakeClock().monotonic)

    assert not any(rates.exceeded("rds", AS_AWS) for _unused in range(100))
