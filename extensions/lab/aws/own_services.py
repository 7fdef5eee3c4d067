# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that moto has no address for: read and answered by botocore's own model of the service."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.core.model import OperationModel
from moto.core.request import Request, determine_request_protocol
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from lab.aws.errors import AwsError
from lab.control.hosts import Endpoint, parse
from lab.control.operations import Operation, understand

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Action = Callable[[Mapping[str, Any], Endpoint], Mapping[str, Any]]


class OwnServices:
    """WSGI middleware: ``actions`` by service (as boto3 names it) and API action; hands on everything else.

    An action takes the parameters as boto3 names them, and the endpoint; what it raises of ``AwsError`` is the answer.
    """

    def __init__(self, app: WsgiApp, actions: Mapping[str, Mapping[str, Action]]) -> None:
        self._app = app
        self._actions = actions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        endpoint = parse(environ.get("HTTP_HOST", ""))
        if endpoint is None or endpoint.service not in self._actions:
            return self._app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)  # for whoever comes next
        request = Request({**environ, "wsgi.input": io.BytesIO(body)})
        operation = understand(endpoint, request)
        action = self._actions[endpoint.service].get(operation.action)
        if action is None or operation.model is None:
            return self._app(environ, start_response)
        status, headers, answer = _answer(_outcome(action, operation, endpoint), operation.model, endpoint, request)
        start_response(
            f"{status} {'OK' if status < 400 else 'Error'}", [*headers, ("Content-Length", str(len(answer)))]
        )
        return [answer]


def _outcome(action: Action, operation: Operation, endpoint: Endpoint) -> Any:
    try:
        return action(operation.params, endpoint)
    except AwsError as error:
        return error


def _answer(
    result: Any, model: OperationModel, endpoint: Endpoint, request: Request
) -> tuple[int, list[tuple[str, str]], bytes]:
    protocol = determine_request_protocol(get_service_model(endpoint.service), request.content_type)
    serializer = get_serializer_class(endpoint.service, protocol)(operation_model=model)
    answer = serializer.serialize(result)
    body: str | bytes = answer["body"]
    headers = [(str(name), str(value)) for name, value in answer["headers"].items() if name != "Content-Length"]
    return int(answer["status_code"]), headers, body.encode() if isinstance(body, str) else body
