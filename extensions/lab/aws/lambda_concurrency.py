# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisioned concurrency of Lambda's aliases and versions, which moto has none of."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException

from lab.aws.errors import AwsError
from lab.aws.own_services import Action
from lab.aws.plane_protocol import Clock
from lab.aws.ramp import Ramps
from lab.control.hosts import Endpoint
from lab.settings import ACCOUNT

NAME = re.compile(r"(?:^|:function:)(?P<name>[\w-]+)(?::[\whmB]+)?$")


@dataclass(frozen=True)
class Asked:
    """What was asked for, and when (epoch seconds)."""

    count: int
    at: float


class ProvisionedConcurrency:
    """The API actions.

    :param seconds: until an execution environment is there.
    """

    def __init__(self, ramps: Ramps, clock: Clock, seconds: float) -> None:
        self._ramps, self._clock, self._seconds = ramps, clock, seconds
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, str], Asked] = {}

    def actions(self) -> Mapping[str, Action]:
        """The actions, by name."""
        return {
            "PutProvisionedConcurrencyConfig": self.put,
            "GetProvisionedConcurrencyConfig": self.get,
            "DeleteProvisionedConcurrencyConfig": self.delete,
        }

    def put(self, params: Mapping[str, Any], endpoint: Endpoint) -> Mapping[str, Any]:
        """PutProvisionedConcurrencyConfig."""
        key, count = _key(params, endpoint), int(params["ProvisionedConcurrentExecutions"])
        if count < 1:
            raise AwsError("InvalidParameterValueException", "ProvisionedConcurrentExecutions must be at least 1.")
        with self._lock:
            self._asked[endpoint.region, key] = Asked(count, self._clock.wall())
        self._ramps.want(endpoint.region, key, count, self._seconds)
        return self._view(endpoint.region, key)

    def get(self, params: Mapping[str, Any], endpoint: Endpoint) -> Mapping[str, Any]:
        """GetProvisionedConcurrencyConfig."""
        key = _key(params, endpoint)
        if (endpoint.region, key) not in self._asked:
            text = f"No Provisioned Concurrency Config found for this function: {params['FunctionName']}"
            raise AwsError("ProvisionedConcurrencyConfigNotFoundException", text)
        return self._view(endpoint.region, key)

    def delete(self, params: Mapping[str, Any], endpoint: Endpoint) -> Mapping[str, Any]:
        """DeleteProvisionedConcurrencyConfig: no error where there is none."""
        key = _key(params, endpoint)
        with self._lock:
            self._asked.pop((endpoint.region, key), None)
        self._ramps.want(endpoint.region, key, 0, 0.0)
        return {}

    def reset(self) -> None:
        """Forget them all."""
        with self._lock:
            self._asked.clear()

    def _view(self, region: str, key: str) -> Mapping[str, Any]:
        asked, ready = self._asked[region, key], self._ramps.serving(region, key)
        view: dict[str, Any] = {
            "RequestedProvisionedConcurrentExecutions": asked.count,
            "AvailableProvisionedConcurrentExecutions": ready,
            "AllocatedProvisionedConcurrentExecutions": ready,
            "Status": "READY" if ready == asked.count else "IN_PROGRESS",
            "LastModified": datetime.datetime.fromtimestamp(asked.at, datetime.UTC).isoformat(),
        }
        if self._ramps.short(region, key) > 0:
            view["Status"] = "FAILED"
            view["StatusReason"] = "Lambda could not allocate the requested concurrency: not enough capacity."
        return view


def _key(params: Mapping[str, Any], endpoint: Endpoint) -> str:
    """Name the function's alias or version. Raises ResourceNotFoundException where there is none."""
    found = NAME.search(str(params["FunctionName"]))
    name, qualifier = found["name"] if found else "", str(params["Qualifier"])
    backend: LambdaBackend = lambda_backends[ACCOUNT][endpoint.region]
    if qualifier == "$LATEST":
        text = "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
        raise AwsError("InvalidParameterValueException", text)
    try:
        if not qualifier.isdigit():
            backend.get_alias(qualifier, name)
        found_function = backend.get_function(name, qualifier)
    except (ServiceException, HTTPException):
        found_function = None
    if found_function is None:
        arn = f"arn:aws:lambda:{endpoint.region}:{ACCOUNT}:function:{name}:{qualifier}"
        raise AwsError("ResourceNotFoundException", f"Function not found: {arn}")
    return f"lambda/{name}/{qualifier}"
