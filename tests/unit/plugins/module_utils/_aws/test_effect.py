# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut


def client_error(code: str, status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "FailoverGlobalCluster")  # type: ignore[arg-type]  # as much of an answer as is read


@pytest.mark.parametrize(
    ("error", "effect"),
    [
        (client_error("InvalidGlobalClusterStateFault"), Effect.CONFLICT),
        (client_error("InvalidDBClusterStateFault"), Effect.CONFLICT),
        (client_error("AccessDenied"), Effect.FINAL),
        (client_error("AccessDeniedException"), Effect.FINAL),
        (client_error("GlobalClusterNotFoundFault"), Effect.FINAL),
        (client_error("DBClusterNotFoundFault"), Effect.FINAL),
        (NoCredentialsError(), Effect.FINAL),
        (client_error("Throttling"), Effect.BUSY),
        (client_error("ThrottlingException"), Effect.BUSY),
        (client_error("RequestLimitExceeded"), Effect.BUSY),
        (EndpointConnectionError(endpoint_url="https://rds"), Effect.NOT_SENT),
        (ConnectTimeoutError(endpoint_url="https://rds"), Effect.NOT_SENT),
        (ReadTimeoutError(endpoint_url="https://rds"), Effect.UNKNOWN),
        (client_error("InternalFailure"), Effect.UNKNOWN),
        (client_error("ServiceUnavailable"), Effect.UNKNOWN),
        (client_error("SomethingNew"), Effect.FINAL),
        (client_error("SomethingNew", 500), Effect.UNKNOWN),
        (client_error("HealthCheckVersionMismatch", 409), Effect.CONFLICT),
        (client_error("PriorRequestNotComplete"), Effect.BUSY),
        (ResponseParserError("not XML"), Effect.UNKNOWN),
        (TimedOut("Calling", "no answer", "Look."), Effect.UNKNOWN),
        (ConnectionResetError(), Effect.UNKNOWN),
    ],
)
def test_an_error_says_whether_the_call_may_have_taken_effect(error: Exception, effect: Effect) -> None:
    assert effect_of(error) is effect
