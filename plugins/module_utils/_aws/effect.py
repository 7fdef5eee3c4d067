# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an AWS error says about the call that met it."""

from __future__ import annotations

from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.elasticache import api as elasticache
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import api as rds
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

# All that a call through botocore under a deadline can end with; anything else is a bug, and is not caught.
CALL_ERRORS: tuple[type[Exception], ...] = (TimedOut, OSError, *AWS_ERRORS)

# Codes by their beginning: some carry a suffix (AccessDenied, AccessDeniedException).
_FINAL = (
    "AccessDenied",
    "ExpiredToken",
    "InvalidClientTokenId",
    "InvalidParameter",
    "NoCredentials",
    "NoRegion",
    "OptInRequired",
    "ParamValidation",
    "PartialCredentials",
    "ProfileNotFound",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
    "UnrecognizedClient",
    "ValidationError",
    *rds.NOT_FOUND,
    *elasticache.NOT_FOUND,
)
_WRONG_STATE = (*rds.WRONG_STATE, *elasticache.WRONG_STATE)
_NOT_SENT = (
    "ConnectTimeout",
    "EndpointConnection",
    "ProxyConnection",
    "RequestLimitExceeded",
    "Throttl",
    "TooManyRequests",
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
    if code in _WRONG_STATE:
        return Effect.WRONG_STATE
    if code.startswith(_FINAL):
        return Effect.FINAL
    return Effect.NONE if code.startswith(_NOT_SENT) else Effect.UNKNOWN
