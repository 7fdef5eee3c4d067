# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an AWS error says about the call that met it."""

from __future__ import annotations

from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.api import WRONG_STATE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    TimedOut,
    aws_error,
    error_code,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

# All that a call through botocore under a deadline can end with; anything else is a bug, and is not caught.
CALL_ERRORS: tuple[type[Exception], ...] = (TimedOut, OSError, *AWS_ERRORS)

# Codes by their beginning: some carry a suffix (Throttling, ThrottlingException).
_BUSY = (
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttl",
    "TooManyRequests",
)
_CONFLICT = ("HealthCheckVersionMismatch", *WRONG_STATE)
_NOT_SENT = ("ConnectTimeout", "CredentialRetrieval", "EndpointConnection", "MetadataRetrieval", "ProxyConnection")
_UNKNOWN = (
    "500",
    "502",
    "503",
    "504",
    "ConnectionClosed",
    "ConnectionError",
    "HTTPClient",
    "IncompleteRead",
    "Internal",
    "ReadTimeout",
    "RequestTimeout",
    "ResponseParser",
    "ResponseStreaming",
    "SSLError",
    "ServiceUnavailable",
    "TimedOut",
)
_SERVER_FAULT = 500  # HTTP status from which on the server says that the fault is its own


class Effect(str, Enum):
    """What may have happened on AWS's side, and whether another try makes sense."""

    FINAL = "final"  # none, and trying again won't change that
    CONFLICT = "conflict"  # none: refused as things are, perhaps because it already runs; look again first
    BUSY = "busy"  # none: the account or the resource is at its limit, which passes
    NOT_SENT = "not_sent"  # none: the call never arrived
    UNKNOWN = "unknown"  # no answer, or none that can be read: it may have taken effect


NO_EFFECT = (Effect.BUSY, Effect.NOT_SENT)
"""It had none, and another try may have."""


def effect_of(exc: Exception) -> Effect:
    """Classify an error of a call by its code. A read that wasn't ``FINAL`` may simply be tried again."""
    code = error_code(exc)
    if code.startswith(_BUSY):
        return Effect.BUSY
    if code in _CONFLICT:
        return Effect.CONFLICT
    if code.startswith(_NOT_SENT):
        return Effect.NOT_SENT
    unclear = isinstance(exc, OSError) or code.startswith(_UNKNOWN) or _status(exc) >= _SERVER_FAULT
    return Effect.UNKNOWN if unclear else Effect.FINAL


def _status(exc: Exception) -> int:
    """The HTTP status of an answer, 0 where there was none."""
    response = getattr(exc, "response", None) or {}
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


class CallFailed(DrError):
    """A call that failed: ``code`` is AWS's, ``effect`` what it may have done."""

    def __init__(self, exc: Exception, tried: str) -> None:
        told = exc if isinstance(exc, TimedOut) else aws_error(exc, tried)
        super().__init__(tried, told.seen, told.next_step)
        self.code = error_code(exc)
        self.effect = effect_of(exc)
