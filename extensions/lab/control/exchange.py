# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call through the proxy: understood, recorded, perhaps broken on purpose, and answered by moto."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.request import Request

from lab.aws.s3_face import CHECKER_AGENT
from lab.control import wire
from lab.control.calls import Call, Record, is_write
from lab.control.faults import Fault, Kind, Rules
from lab.control.hosts import Endpoint
from lab.control.killing import kill
from lab.control.operations import Answer, Operation, refusal, understand
from lab.control.rates import RateLimits

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ERROR_CODE = re.compile(rb'<Code>([A-Za-z0-9.]+)</Code>|"__type": ?"(?:[^"#]*#)?([A-Za-z0-9.]+)"')
THROTTLING = {
    "s3": (503, "SlowDown"),
    "dynamodb": (400, "ThrottlingException"),
    "ec2": (503, "RequestLimitExceeded"),
    "route53": (400, "Throttling"),
    "cloudfront": (400, "Throttling"),
    "secretsmanager": (400, "ThrottlingException"),
    "kms": (400, "ThrottlingException"),
    "ssm": (400, "ThrottlingException"),
    "lambda": (429, "TooManyRequestsException"),
}
"""How a service says that it is asked too often; those not named answer 400 Throttling."""


def is_checker(head: wire.Head) -> bool:
    """Say whether a request comes from Route 53's health checkers."""
    return CHECKER_AGENT in str(head.headers.get("User-Agent", ""))


class Refuse(Exception):
    """The connection is to be reset."""


class Hang(Exception):
    """No answer is to come; ``fault`` is why, None when the Region is lost."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__("no answer")
        self.fault = fault


class Exchange:
    """Answers calls with ``app``; keeps the record; applies the faults."""

    def __init__(
        self, app: WsgiApp, calls: Record, faults: Rules, call_seconds: float, stopping: threading.Event
    ) -> None:
        self._app = app
        self._calls = calls
        self._faults = faults
        self._stopping = stopping
        self._rates = RateLimits()
        self.call_seconds = call_seconds

    def answer(self, endpoint: Endpoint, head: wire.Head, body: bytes, peer: str) -> Answer:
        """Return the answer to a request.

        :raises Refuse: when the connection is to be reset.
        :raises Hang: when no answer is to come.
        """
        environ = wire.environ(head, body, endpoint.host, peer)
        started, tick = time.time(), time.monotonic()
        operation = understand(endpoint, Request(wire.environ(head, body, endpoint.host, peer)))
        call = Call(
            endpoint.service,
            operation.action,
            endpoint.region,
            endpoint.host,
            started,
            operation.params,
            write=is_write(operation.action),
        )
        # the checkers' probes are no calls of anybody's
        number = None if is_checker(head) else self._calls.begin(call)
        outcome = "failed"
        try:
            answer = self._broken(endpoint, operation, environ) or self._run(endpoint, operation, environ)
            outcome = _outcome(answer)
            return answer
        except Refuse:
            outcome = "refused"
            raise
        except Hang as hang:
            outcome = hang.fault.kind.value if hang.fault else "black_hole"
            raise
        finally:
            if number is not None:
                self._calls.finish(number, time.monotonic() - tick, outcome)

    def _broken(self, endpoint: Endpoint, operation: Operation, environ: dict[str, Any]) -> Answer | None:
        """Apply the faults in force for this call; None when it goes through."""
        hits = {hit.kind: hit for hit in self._faults.take(endpoint.service, operation.action, endpoint.region)}
        delay = self.call_seconds + (hits[Kind.LATENCY].seconds if Kind.LATENCY in hits else 0.0)
        if delay > 0:
            self._stopping.wait(delay)
        if Kind.REFUSE in hits:
            raise Refuse
        if Kind.BLACK_HOLE in hits:
            raise Hang(hits[Kind.BLACK_HOLE])
        if Kind.LOST_ANSWER in hits:
            self._run(endpoint, operation, environ)
            raise Hang(hits[Kind.LOST_ANSWER])
        if Kind.KILL in hits:
            answer = self._run(endpoint, operation, environ)
            kill(hits[Kind.KILL].pid, hits[Kind.KILL].tree)
            return answer
        request = Request(environ)
        if Kind.THROTTLE in hits or self._rates.exceeded(endpoint.service, self.call_seconds):
            status, code = THROTTLING.get(endpoint.service, (400, "Throttling"))
            return refusal(endpoint, operation, request, status, code, "Rate exceeded")
        if Kind.ERROR in hits:
            status = hits[Kind.ERROR].status
            code = hits[Kind.ERROR].code or ("ServiceUnavailable" if status == 503 else "InternalFailure")
            return refusal(endpoint, operation, request, status, code, "injected by the lab")
        return None

    def _run(self, endpoint: Endpoint, operation: Operation, environ: dict[str, Any]) -> Answer:
        """Ask moto; what it does not know is an error that the client can read."""
        given: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _unused: Any = None) -> None:
            given.update(status=int(status.split(" ", 1)[0]), headers=tuple(headers))

        try:
            chunks = self._app(environ, start_response)
            body = b"".join(chunks)
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        except NotImplementedError as error:
            return refusal(endpoint, operation, Request(environ), 501, "NotImplemented", f"not in the lab: {error}")
        except Exception as error:  # whatever breaks in moto is a 500 to its client, as in life
            text = f"{type(error).__name__}: {error}"
            return refusal(endpoint, operation, Request(environ), 500, "InternalFailure", text)
        # How moto says that it has no such address; an object in S3 may begin like that as well.
        if given["status"] >= 400 and body[:15].lower() == b"<!doctype html>":
            return refusal(endpoint, operation, Request(environ), 501, "NotImplemented", "not in the lab")
        return Answer(given["status"], given["headers"], body)


def _outcome(answer: Answer) -> str:
    if answer.status < 400:
        return str(answer.status)
    types = [value for name, value in answer.headers if name.lower() == "x-amzn-errortype"]
    found = ERROR_CODE.search(answer.body)
    code = types[0].rpartition("#")[2] if types else (next(filter(None, found.groups())).decode() if found else "")
    return f"{answer.status} {code}".strip()
