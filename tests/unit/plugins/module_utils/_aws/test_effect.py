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

KNOWN_FINAL = (
    *("AlreadyExistsException", "DisabledException", "HierarchyTypeMismatchException", "InvalidKeyId"),
    *("InvalidRequestException", "InvalidParameterException", "KMSInvalidStateException", "NotFoundException"),
    *("ParameterPatternMismatchException", "ResourceNotFoundException", "UnsupportedOperationException"),
    *("MalformedPolicyDocumentException", "LimitExceededException", "ValidationException"),
)


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "FailoverGlobalCluster")


@pytest.mark.parametrize(
    ("error", "effect"),
    [
        (client_error("InvalidGlobalClusterStateFault"), Effect.WRONG_STATE),
        (client_error("InvalidDBClusterStateFault"), Effect.WRONG_STATE),
        (client_error("AccessDenied"), Effect.FINAL),
        (client_error("AccessDeniedException"), Effect.FINAL),
        (client_error("GlobalClusterNotFoundFault"), Effect.FINAL),
        (client_error("DBClusterNotFoundFault"), Effect.FINAL),
        *((client_error(code), Effect.FINAL) for code in KNOWN_FINAL),
        (NoCredentialsError(), Effect.FINAL),
        (client_error("Throttling"), Effect.NONE),
        (client_error("ThrottlingException"), Effect.NONE),
        (client_error("RequestLimitExceeded"), Effect.NONE),
        (client_error("TooManyUpdates"), Effect.NONE),
        (client_error("KMSInternalException"), Effect.UNKNOWN),
        (client_error("InternalServiceError"), Effect.UNKNOWN),
        (EndpointConnectionError(endpoint_url="https://rds"), Effect.NONE),
        (ConnectTimeoutError(endpoint_url="https://rds"), Effect.NONE),
        (ReadTimeoutError(endpoint_url="https://rds"), Effect.UNKNOWN),
        (client_error("InternalFailure"), Effect.UNKNOWN),
        (client_error("ServiceUnavailable"), Effect.UNKNOWN),
        (ResponseParserError("not XML"), Effect.UNKNOWN),
        (TimedOut("Calling", "no answer", "Look."), Effect.UNKNOWN),
        (ConnectionResetError(), Effect.UNKNOWN),
    ],
)
def test_an_error_says_whether_the_call_may_have_taken_effect(error: Exception, effect: Effect) -> None:
    assert effect_of(error) is effect
