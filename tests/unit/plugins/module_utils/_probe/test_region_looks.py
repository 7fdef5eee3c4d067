# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a Region: what is bad there is told from what keeps the watcher itself from looking."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Api, PlatformCanary
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Quorum, Reading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.region_looks import (
    Eyes,
    look_at_api,
    look_at_platform,
    try_quorum,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import WebServer

NAME = "api.eu-central-1.shop.example"
CANARY = PlatformCanary("eu-central-1", "bucket", "key")
NEVER = threading.Event()


def refused(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "X")  # type: ignore[typeddict-item]  # enough of an answer


def fails(error: Exception) -> Callable[..., Any]:
    def call(**_given: Any) -> Any:
        raise error

    return call


def answers(**_given: Any) -> dict[str, Any]:
    return {}


def hangs(**_given: Any) -> Any:
    NEVER.wait(5.0)
    raise AssertionError("nobody waits so long")


@dataclass
class Clients:
    """Whatever client is asked for does the same, as far as it isn't said otherwise by service."""

    every: Callable[..., Any] = answers
    by_service: dict[str, Callable[..., Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def get(self, service: str, region: str) -> Any:
        self.asked.append((service, region))
        call = self.by_service.get(service, self.every)

        class Client:
            head_object = get_caller_identity = put_item = staticmethod(call)

        return Client()


def eyes(clients: Any = None, timeout: float = 1.0, resolvers: tuple[str, ...] = ()) -> Eyes:
    if clients is None:
        clients = Clients()
    return Eyes(clients, SystemClock(), timeout, resolvers)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.mark.parametrize(
    ("status", "reading"),
    [(200, Reading.GOOD), (204, Reading.GOOD), (302, Reading.BAD), (404, Reading.BAD), (503, Reading.BAD)],
)
def test_an_api_is_well_if_it_says_so(web: WebServer, status: int, reading: Reading) -> None:
    web.status = status
    with DnsServer({(f"{NAME}.", "A"): ["3 A 127.0.0.1"]}) as names:
        seen, detail = look_at_api(
            Api("eu-central-1", f"http://{NAME}:{web.port}/healthz"), eyes(resolvers=(names.address,))
        )
    assert seen is reading and f"status {status}" in detail


def test_an_api_that_refuses_or_hangs_is_bad_and_in_time(web: WebServer) -> None:
    assert look_at_api(Api("eu-central-1", "http://127.0.0.1:9/"), eyes())[0] is Reading.BAD
    web.go.clear()
    began = SystemClock().monotonic()
    reading, detail = look_at_api(Api("eu-central-1", f"http://127.0.0.1:{web.port}/"), eyes(timeout=0.3))
    assert reading is Reading.BAD and "no answer" in detail
    assert SystemClock().monotonic() - began < 0.6


def test_a_name_that_does_not_resolve_says_nothing_of_the_region() -> None:
    with DnsServer({}) as names:
        reading, _detail = look_at_api(Api("eu-central-1", f"http://{NAME}/"), eyes(resolvers=(names.address,)))
    assert reading is Reading.UNKNOWN


@pytest.mark.parametrize(
    ("s3", "sts", "reading"),
    [
        (answers, answers, Reading.GOOD),
        (fails(refused("404", 404)), fails(refused("AccessDenied", 403)), Reading.GOOD),
        (fails(EndpointConnectionError(endpoint_url="x")), answers, Reading.GOOD),
        (hangs, fails(EndpointConnectionError(endpoint_url="x")), Reading.BAD),
        (fails(refused("503", 503)), fails(ReadTimeoutError(endpoint_url="x")), Reading.BAD),
        (fails(refused("InternalError", 500)), fails(refused("Throttling", 400)), Reading.UNKNOWN),
        (fails(NoCredentialsError()), fails(NoCredentialsError()), Reading.UNKNOWN),
        (fails(refused("SlowDown", 503)), fails(refused("ThrottlingException", 429)), Reading.UNKNOWN),
    ],
)
def test_a_platform_is_bad_only_if_neither_service_answers(
    s3: Callable[..., Any], sts: Callable[..., Any], reading: Reading
) -> None:
    clients = Clients(by_service={"s3": s3, "sts": sts})
    seen, detail = look_at_platform(CANARY, eyes(clients, timeout=0.3))
    assert seen is reading, detail
    assert {region for _service, region in clients.asked} == {"eu-central-1"}


@pytest.mark.parametrize(
    ("put", "outcome"),
    [
        (answers, Quorum.OK),
        (hangs, Quorum.REFUSED),
        (fails(refused("InternalServerError", 500)), Quorum.REFUSED),
        (fails(EndpointConnectionError(endpoint_url="x")), Quorum.REFUSED),
        (fails(refused("ThrottlingException", 400)), Quorum.UNKNOWN),
        (fails(refused("ReplicatedWriteConflictException", 400)), Quorum.UNKNOWN),
        (fails(refused("AccessDeniedException", 400)), Quorum.UNKNOWN),
    ],
)
def test_a_write_that_nobody_takes_is_isolation_and_one_that_is_held_up_says_nothing(
    put: Callable[..., Any], outcome: Quorum
) -> None:
    clients = Clients(put)
    assert try_quorum("aws-dr-state", "eu-west-1", "shop", "host-1", eyes(clients, timeout=0.3))[0] is outcome
    assert clients.asked == [("dynamodb", "eu-west-1")]


def test_what_no_look_is_to_end_with_is_no_reading() -> None:
    with pytest.raises(ZeroDivisionError):
        look_at_platform(CANARY, eyes(Clients(fails(ZeroDivisionError()))))
