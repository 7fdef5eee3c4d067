# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request asks AWS for, read from the request itself; and an error in the words of that service's protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import NotFound, get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from lab.aws.errors import AwsError
from lab.control.hosts import Endpoint

UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Operation:
    """An API action of a service, with its parameters as boto3 names them."""

    action: str
    params: Mapping[str, Any] = field(default_factory=dict)
    model: OperationModel | None = None


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def understand(endpoint: Endpoint, request: Request) -> Operation:
    """Find the action and the parameters of a request; what can't be understood is ``Unknown``, never an error."""
    try:
        service = get_service_model(endpoint.service)
        model, path_params = _operation(service, endpoint, request)
    except (OperationNotFoundError, BotoCoreError, NotFound, NotImplementedError, LookupError):
        return Operation(_target(request) or UNKNOWN)
    return Operation(str(model.name), _params(service, model, path_params, request), model)


def refusal(endpoint: Endpoint, operation: Operation, request: Request, status: int, code: str, text: str) -> Answer:
    """Build an error answer in the protocol that the client speaks."""
    error = AwsError(code, text)
    try:
        service = get_service_model(endpoint.service)
        protocol = determine_request_protocol(service, request.content_type)
        model = operation.model or OperationModel({}, service)
        answer = get_serializer_class(endpoint.service, protocol)(operation_model=model).serialize(error)
    except Exception:  # a service that botocore can't load still gets an answer
        plain = json.dumps({"__type": code, "message": text}).encode()
        return Answer(status, (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)), plain)
    body: str | bytes = answer["body"]
    headers = tuple((str(name), str(value)) for name, value in answer["headers"].items())
    return Answer(status, headers, body.encode() if isinstance(body, str) else body)


def _target(request: Request) -> str | None:
    target = request.headers.get("X-Amz-Target")
    return target.rsplit(".", 1)[-1] if target else request.values.get("Action")


def _operation(service: ServiceModel, endpoint: Endpoint, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    named = _target(request)
    if named:
        return service.operation_model(named), {}
    model, params = get_service_router(endpoint.service).match(request)
    return model, dict(params)


def _params(service: ServiceModel, model: OperationModel, found: dict[str, Any], request: Request) -> dict[str, Any]:
    protocol = determine_request_protocol(service, request.content_type)
    try:
        parsed = PROTOCOL_PARSERS[protocol](model, map_type=dict).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": found,
            }
        )
    except Exception as error:  # the record must not fail a call that moto would have answered
        return {**found, "unreadable": type(error).__name__}
    return {**found, **parsed}
