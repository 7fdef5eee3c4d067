# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Route 53 is called: its rate, what is tried again and for how long."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed, Effect
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import ATTEMPTS, Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.route53.fake_route53 import (
    ZONE,
    FakeClock,
    FakeRoute53,
    error,
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def aws(clock: FakeClock) -> FakeRoute53:
    return FakeRoute53(clock)


def account_of(aws: FakeRoute53, seconds: float = 60) -> Account:
    return Account(aws, aws.clock, Deadline.after(aws.clock, seconds))  # type: ignore[arg-type]  # stands for Clients


def read_zone(account: Account) -> Any:
    return account.read("Reading the zone", api.get_hosted_zone, ZONE)


def test_the_control_plane_is_in_us_east_1(aws: FakeRoute53) -> None:
    read_zone(account_of(aws))
    assert aws.regions == {("route53", "us-east-1")}


def test_no_second_sees_more_than_five_requests(aws: FakeRoute53) -> None:
    account = account_of(aws)
    for _call in range(23):
        read_zone(account)
    assert all(later - earlier >= 1.0 for earlier, later in zip(aws.times, aws.times[5:], strict=False))
    assert aws.times[-1] - aws.times[0] == pytest.approx(4.0), "and no slower than that"


def test_five_requests_are_not_held_up(aws: FakeRoute53) -> None:
    account = account_of(aws)
    for _call in range(5):
        read_zone(account)
    assert aws.clock.now == 100.0


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "PriorRequestNotComplete"])
def test_a_change_that_met_a_limit_is_made_again(aws: FakeRoute53, code: str) -> None:
    aws.fail("change_tags_for_resource", *[code] * 6)
    account_of(aws).change("Tagging", api.change_tags_for_health_check, "check", {"a": "b"}, ())
    assert aws.tags == {"check": {"a": "b"}}
    assert aws.clock.slept[:4] == [0.5, 1.0, 2.0, 4.0]


def test_a_limit_is_waited_for_until_the_deadline_and_no_longer(aws: FakeRoute53) -> None:
    aws.fail("get_hosted_zone", *["Throttling"] * 100)
    with pytest.raises(CallFailed, match="Reading the zone: Throttling"):
        read_zone(account_of(aws, seconds=20))
    assert 110 < aws.clock.now <= 120


def test_an_endpoint_that_is_gone_is_tried_a_few_times(aws: FakeRoute53) -> None:
    for _attempt in range(10):
        aws.before.setdefault("get_hosted_zone", []).append(raiser(EndpointConnectionError(endpoint_url="https://x")))
    with pytest.raises(CallFailed, match="EndpointConnectionError"):
        read_zone(account_of(aws))
    assert len(aws.calls) == ATTEMPTS


@pytest.mark.parametrize(
    "lost",
    [error("ServiceUnavailable"), ReadTimeoutError(endpoint_url="https://x"), ResponseParserError("<html>")],
)
def test_a_read_without_an_answer_is_repeated_and_a_change_is_not(aws: FakeRoute53, lost: Exception) -> None:
    aws.lose_answer("get_hosted_zone", lost)
    read_zone(account_of(aws))
    aws.lose_answer("change_tags_for_resource", lost)
    with pytest.raises(CallFailed) as caught:
        account_of(aws).change("Tagging", api.change_tags_for_health_check, "check", {"a": "b"}, ())
    assert caught.value.effect is Effect.UNKNOWN
    assert aws.calls.count("change_tags_for_resource") == 1


def test_what_trying_again_will_not_mend_fails_at_once(aws: FakeRoute53) -> None:
    aws.fail("get_hosted_zone", "AccessDenied")
    with pytest.raises(CallFailed) as caught:
        read_zone(account_of(aws))
    assert (caught.value.effect, aws.clock.slept) == (Effect.FINAL, [])


def test_a_call_that_hangs_ends_with_the_deadline(aws: FakeRoute53) -> None:
    clock = SystemClock()
    account = Account(aws, clock, Deadline.after(clock, 0.3))  # type: ignore[arg-type]  # stands for Clients
    aws.before["get_hosted_zone"] = [lambda: time.sleep(5)]
    began = clock.monotonic()
    with pytest.raises(CallFailed, match="no answer within"):
        read_zone(account)
    assert clock.monotonic() - began < 2


def raiser(exc: Exception) -> Any:
    def body() -> None:
        raise exc

    return body
