# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an AWS error says about the call that met it."""

from __future__ import annotations

from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.api import NOT_FOUND, WRONG_STATE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

# All that a call through botocore under a deadline can end with; anything else is a bug, and is not caught.
CALL_ERRORS: tuple[type[Exception], ...] = (TimedOut, OSError, *AWS_ERRORS)

# Codes by their beginning: some carry a suffix (AccessDenied, AccessDeniedException).
_FINAL = (
    "AccessDenied",
    "AlreadyExists",
    "Disabled",
    "ExpiredToken",
    "HierarchyTypeMismatch",
    "InvalidAliasName",
    "InvalidArn",
    "InvalidClientTokenId",
    "InvalidKeyId",
    "InvalidParameter",
    "InvalidRequestException",
    "KMSInvalidState",
    "LimitExceeded",
    "MalformedPolicyDocument",
    "NoCredentials",
    "NoRegion",
    "NotFoundException",
    "OptInRequired",
    "ParamValidation",
    "ParameterLimitExceeded",
    "ParameterMaxVersionLimitExceeded",
    "ParameterPatternMismatch",
    "PartialCredentials",
    "ProfileNotFound",
    "ResourceNotFound",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
    "UnrecognizedClient",
    "UnsupportedOperation",
    "ValidationError",
    "ValidationException",
    *NOT_FOUND,
)
_NOT_SENT = (
    "ConnectTimeout",
    "EndpointConnection",
    "ProxyConnection",
    "RequestLimitExceeded",
    "Throttl",
    "TooManyRequests",
    "TooManyUpdates",
)


class Effect(str, Enum):
    """What may have happened on AWS's side, and whether another try makes sense."""

    FINAL = "final"  # it had none, and trying again won't change that
    NONE = "none"  # it had none: it was never taken in
    WRONG_STATE = "wrong_state"  # refused, perhaps because it already runs
    UNKNOWN = "unknown"  # no answer, or none that can be read: it may have taken effect


def effect_of(exc: Exception) -> Effect:
    """Classify an error of a call by its code. A read that wasn't ``FINAL`` may simply be tried again."""
    code = error_code(exc)
    if code in WRONG_STATE:
        return Effect.WRONG_STATE
    if code.startswith(_FINAL):
        return Effect.FINAL
    return Effect.NONE if code.startswith(_NOT_SENT) else Effect.UNKNOWN
