# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that a task ends with. Each says what was tried, what was seen and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding

_REMEDIES = {
    "AccessDenied": "Grant that action to the role in use (Aurora's need cluster and global-cluster ARN).",
    "ExpiredToken": "Sign in again: the session's credentials have expired.",
    "InvalidClientTokenId": "Check which credentials are in use (profile, environment, role).",
    "Throttling": "Run the task again: AWS limited the rate of calls for this account.",
    "EndpointConnectionError": "Check the network path to that endpoint, and whether its Region is well.",
    "KMSKeyNotAccessible": "Enable the key, and let the role in use describe it and create grants on it (docs/iam).",
    "NoCredentialsError": "Give credentials: a profile, environment variables or an instance role.",
}


class Ended(Exception):
    """What a task ends with. ``made`` are the changing calls that it had made by then, or may have."""

    made: tuple[Call, ...] = ()


class DrError(Ended):
    """``tried`` (what was attempted), ``seen`` (what came back), ``next_step`` (what to do now): a sentence each.

    ``values`` are what the module returns nevertheless: what did succeed is not to be lost with what did not.
    """

    def __init__(self, tried: str, seen: str, next_step: str, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{tried}: {seen.rstrip('.')}. {next_step}")
        self.tried = tried
        self.seen = seen
        self.next_step = next_step
        self.values = dict(values or {})


class TimedOut(DrError):
    """A deadline passed first. Nothing may be concluded about what happened on the other side."""


class Refused(Ended):
    """What was asked for is not safe, or not possible, now. Carries the findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(f"[{f.code}] {f.observed} {f.remedy}" for f in findings))
        self.findings = tuple(findings)

    def as_result(self) -> list[dict[str, Any]]:
        return [finding.as_dict() for finding in self.findings]


@contextmanager
def having_made(calls: Iterable[Call]) -> Iterator[None]:
    """Whatever ends the task in here says that ``calls``, as they then are, were made before."""
    try:
        yield
    except Ended as error:
        error.made = (*calls, *error.made)
        raise


def error_code(exc: BaseException) -> str:
    """AWS's error code of a ClientError, else the exception's class name."""
    response = getattr(exc, "response", None) or {}
    return str(response.get("Error", {}).get("Code") or type(exc).__name__)


def aws_error(exc: Exception, tried: str) -> DrError:
    """Any ``ClientError`` or ``BotoCoreError`` (time-outs and unreadable answers included) as a :class:`DrError`.

    What has timed out stays a :class:`TimedOut`.
    """
    code = error_code(exc)
    fallback = (
        "Check the Region's health and the call's permissions, then run the task again: it goes on from what AWS says."
    )
    if "NotFound" in code:
        fallback = "Check that name where it was given (the inventory), the account in use, and the Region."
    remedy = next((text for prefix, text in _REMEDIES.items() if code.startswith(prefix)), fallback)
    kind = TimedOut if isinstance(exc, TimedOut) else DrError
    return kind(tried, f"{code}: {exc}", remedy)
