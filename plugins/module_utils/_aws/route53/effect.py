# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Route 53 error says about the call that met it."""

from __future__ import annotations

from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import (
    DrError,
    TimedOut,
    aws_error,
    error_code,
)

# Codes by their beginning: some carry a suffix (Throttling, ThrottlingException).
_BUSY = ("PriorRequestNotComplete", "RequestLimitExceeded", "Throttl", "TooManyRequests")
_CONFLICT = ("HealthCheckVersionMismatch",)
_NOT_SENT = ("ConnectTimeout", "EndpointConnection", "ProxyConnection")
_UNKNOWN = (
    "500",
    "502",
    "503",
    "504",
    "ConnectionClosed",
    "ConnectionError",
    "HTTPClient",
    "Internal",
    "ReadTimeout",
    "RequestTimeout",
    "ResponseParser",
    "ResponseStreaming",
    "SSLError",
    "ServiceUnavailable",
    "TimedOut",
)


class Effect(str, Enum):
    """What may have happened on AWS's side, and whether another try makes sense."""

    FINAL = "final"  # none, and trying again won't change that
    CONFLICT = "conflict"  # none: somebody else was faster, look again first
    BUSY = "busy"  # none: the account or the zone is at its limit, which passes
    NOT_SENT = "not_sent"  # none: the call never arrived
    UNKNOWN = "unknown"  # no answer, or none that can be read: it may have taken effect


def effect_of(exc: Exception) -> Effect:
    """Classify an error of a call by its code."""
    code = error_code(exc)
    if code.startswith(_BUSY):
        return Effect.BUSY
    if code in _CONFLICT:
        return Effect.CONFLICT
    if code.startswith(_NOT_SENT):
        return Effect.NOT_SENT
    return Effect.UNKNOWN if isinstance(exc, OSError) or code.startswith(_UNKNOWN) else Effect.FINAL


class CallFailed(DrError):
    """A call of Route 53 that failed for good: ``code`` is AWS's, ``effect`` what it may have done."""

    def __init__(self, exc: Exception, tried: str) -> None:
        told = exc if isinstance(exc, TimedOut) else aws_error(exc, tried)
        super().__init__(tried, told.seen, told.next_step)
        self.code = error_code(exc)
        self.effect = effect_of(exc)
