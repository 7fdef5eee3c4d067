# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checkers that really probe: real sockets, and AWS's host names through the proxy."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lab.control.checks import Checkers, fleet, looks_needed
from lab.control.probing import SEARCHED, Prober

from .conftest import STANDBY, FakeClock, Lab
from .ports import free_port


class Answers(BaseHTTPRequestHandler):
    """Answers with the status and the length that the path asks for, the token at the end."""

    def do_GET(self) -> None:
        _unused, status, before = self.path.split("/")
        body = b"x" * int(before) + b"token"
        self.send_response(int(status))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[int]:
    """A port that answers HTTP."""
    httpd = ThreadingHTTPServer(("127.0.0.1", free_port()), Answers)
    threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True).start()
    yield httpd.server_address[1]
    httpd.shutdown()
    httpd.server_close()


def probe(port: int, **config: Any) -> tuple[bool, str]:
    prober = Prober(("127.0.0.1", 1), {"www.shop.example": "127.0.0.1"}.get)
    given = {"Type": "HTTP", "IPAddress": "127.0.0.1", "Port": port, "ResourcePath": "/200/0"} | config
    return asyncio.run(prober.probe({name: value for name, value in given.items() if value is not None}))


@pytest.mark.parametrize(
    ("status", "good"), [(200, True), (301, True), (399, True), (400, False), (403, False), (503, False)]
)
def test_2xx_and_3xx_are_healthy(server: int, status: int, good: bool) -> None:
    assert probe(server, ResourcePath=f"/{status}/0")[0] is good


@pytest.mark.parametrize(("before", "good"), [(0, True), (SEARCHED - 5, True), (SEARCHED - 4, False)])
def test_the_string_must_be_in_the_first_5120_bytes(server: int, before: int, good: bool) -> None:
    match = {"Type": "HTTP_STR_MATCH", "SearchString": "token", "ResourcePath": f"/200/{before}"}

    assert probe(server, **match)[0] is good


def test_another_string_is_not_healthy(server: int) -> None:
    assert not probe(server, Type="HTTP_STR_MATCH", SearchString="other")[0]


def test_a_tcp_check_needs_a_connection_only(server: int) -> None:
    assert probe(server, Type="TCP") == (True, "Success: TCP connection established")


def test_nobody_at_the_port_is_not_healthy() -> None:
    assert not probe(free_port(), Type="TCP")[0]


def test_a_server_that_says_nothing_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.control.probing.RESPONSE_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", free_port())) as silent:
        good, text = probe(silent.getsockname()[1])

    assert (good, text) == (False, "Failure: The endpoint did not answer in time.")


def test_a_name_is_resolved_in_the_lab(server: int) -> None:
    assert probe(server, IPAddress=None, FullyQualifiedDomainName="www.shop.example")[0]


@pytest.mark.parametrize(
    "config", [{"IPAddress": "192.0.2.1"}, {"IPAddress": None, "FullyQualifiedDomainName": "nothing.example"}]
)
def test_nothing_outside_of_the_lab_is_probed(server: int, config: dict[str, Any]) -> None:
    assert not probe(server, **config)[0]


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class RealClock(FakeClock):
    """The machine's time."""

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()


@pytest.fixture
def checkers(lab: Lab) -> Iterator[Checkers]:
    result = Checkers(RealClock(), 0.0, proxy=("127.0.0.1", lab.proxy.port))
    result.start()
    yield result
    result.stop()


def latch(lab: Lab) -> str:
    """An inverted check on an object that is not there."""
    bucket = "shop-latch"
    s3 = lab.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": STANDBY})
    resource = f"arn:aws:s3:::{bucket}/latch/shop"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    config = {
        "Type": "HTTPS_STR_MATCH",
        "FullyQualifiedDomainName": f"{bucket}.s3.{STANDBY}.amazonaws.com",
        "ResourcePath": "/latch/shop",
        "SearchString": "aws-dr-latch:shop",
        "RequestInterval": 10,
        "FailureThreshold": 1,
        "Inverted": True,
    }
    check = lab.client("route53").create_health_check(CallerReference="latch", HealthCheckConfig=config)
    return str(check["HealthCheck"]["Id"])


def test_a_latch_is_healthy_until_its_object_is_there(lab: Lab, checkers: Checkers) -> None:
    check = latch(lab)
    assert eventually(lambda: checkers.healthy(check))
    lab.client("s3").put_object(Bucket="shop-latch", Key="latch/shop", Body=b"aws-dr-latch:shop")

    assert eventually(lambda: not checkers.healthy(check))


def test_a_latch_whose_region_is_lost_is_healthy(lab: Lab, checkers: Checkers) -> None:
    check = latch(lab)
    lab.client("s3").put_object(Bucket="shop-latch", Key="latch/shop", Body=b"aws-dr-latch:shop")
    assert eventually(lambda: "Success" in (checkers.observation(check) or ("", 0))[0])
    lab.faults.lose_region(STANDBY)

    assert eventually(lambda: checkers.healthy(check))


def test_an_object_encrypted_by_kms_never_trips_the_latch(lab: Lab, checkers: Checkers) -> None:
    check = latch(lab)
    lab.client("s3").put_object(
        Bucket="shop-latch", Key="latch/shop", Body=b"aws-dr-latch:shop", ServerSideEncryption="aws:kms"
    )
    assert eventually(lambda: "400" in (checkers.observation(check) or ("", 0))[0])

    assert eventually(lambda: checkers.healthy(check))


def test_a_disabled_check_is_not_probed(lab: Lab, checkers: Checkers) -> None:
    check = latch(lab)
    lab.client("route53").update_health_check(HealthCheckId=check, Disabled=True)
    assert eventually(lambda: checkers.healthy(check))


def put_metric(lab: Lab, value: float) -> None:
    lab.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "errors", "Value": value}])


@pytest.mark.parametrize(("value", "healthy"), [(1.0, True), (9.0, False), (None, True)])
def test_an_alarms_check_follows_the_data_and_not_the_alarm(lab: Lab, value: float | None, healthy: bool) -> None:
    cloudwatch = lab.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="Shop",
        MetricName="errors",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM" if healthy else "OK", StateReason="by hand")
    config = {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": STANDBY, "Name": "errors"},
        "InsufficientDataHealthStatus": "Healthy",
    }
    check = lab.client("route53").create_health_check(CallerReference="alarm", HealthCheckConfig=config)["HealthCheck"][
        "Id"
    ]
    if value is not None:
        put_metric(lab, value)

    assert Checkers(RealClock(), 0.0, proxy=("127.0.0.1", 1)).healthy(check) is healthy


@pytest.mark.parametrize(
    ("interval", "expected"), [(0.0, (1, 0.2)), (0.05, (1, 0.2)), (1.0, (5, 0.2)), (10.0, (16, 0.625))]
)
def test_checkers_spread_their_looks_over_the_interval(interval: float, expected: tuple[int, float]) -> None:
    assert fleet(interval) == expected


@pytest.mark.parametrize(
    ("good", "checkers", "threshold", "looks"),
    [(False, 16, 1, 14), (True, 16, 1, 3), (False, 16, 3, 46), (False, 1, 1, 1), (True, 1, 3, 3)],
)
def test_an_endpoint_is_healthy_while_more_than_18_percent_of_the_checkers_say_so(
    good: bool, checkers: int, threshold: int, looks: int
) -> None:
    assert looks_needed(good, checkers, threshold) == looks
