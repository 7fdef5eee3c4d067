# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bucket policy lets someone do who shows no credentials."""

from __future__ import annotations

import fnmatch
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Verdict(str, Enum):
    """What a policy says of a request."""

    ALLOW = "allow"
    DENY = "deny"
    SILENT = "silent"


@dataclass(frozen=True)
class Question:
    """An anonymous request: the action, the resource's ARN, and the address it comes from."""

    action: str
    resource: str
    source_ip: str


def decide(document: bytes | None, question: Question, *, public_is_void: bool = False) -> Verdict:
    """Evaluate a policy for an anonymous request.

    :param public_is_void: Block Public Access restricts the bucket: what is open to everybody doesn't count.
    """
    verdict = Verdict.SILENT
    for statement in _statements(document):
        if not _about(statement, question):
            continue
        if statement.get("Effect") == "Deny" and _conditions(statement, question, unknown=True):
            return Verdict.DENY
        if statement.get("Effect") == "Allow" and _conditions(statement, question, unknown=False):
            verdict = verdict if public_is_void and not names_addresses(statement) else Verdict.ALLOW
    return verdict


def names_addresses(statement: Mapping[str, Any]) -> bool:
    """Say whether a statement is limited to given addresses: Block Public Access does not call that public."""
    wanted = _ranges(statement.get("Condition", {}).get("IpAddress", {}))
    return bool(wanted) and all(network.prefixlen > 0 for network in wanted)


def _statements(document: bytes | None) -> list[Mapping[str, Any]]:
    if not document:
        return []
    statements = json.loads(document).get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def _about(statement: Mapping[str, Any], question: Question) -> bool:
    principal = statement.get("Principal")
    anybody = principal == "*" or (isinstance(principal, Mapping) and "*" in _list(principal.get("AWS")))
    actions = [action.lower() for action in _list(statement.get("Action"))]
    return (
        anybody
        and any(fnmatch.fnmatchcase(question.action.lower(), action) for action in actions)
        and any(fnmatch.fnmatchcase(question.resource, resource) for resource in _list(statement.get("Resource")))
    )


def _conditions(statement: Mapping[str, Any], question: Question, *, unknown: bool) -> bool:
    """Say whether all conditions hold; ``unknown`` stands for those that are not understood here."""
    for operator, wanted in (statement.get("Condition") or {}).items():
        if operator in ("IpAddress", "NotIpAddress"):
            address = ipaddress.ip_address(question.source_ip)
            inside = any(address in network for network in _ranges(wanted))
            holds = inside == (operator == "IpAddress")
        elif operator == "Bool" and [name.lower() for name in wanted] == ["aws:securetransport"]:
            holds = [str(value).lower() for value in _list(*wanted.values())] == ["true"]
        else:
            holds = unknown
        if not holds:
            return False
    return True


def _ranges(wanted: Mapping[str, Any]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    values = [value for name, given in wanted.items() if name.lower() == "aws:sourceip" for value in _list(given)]
    return [ipaddress.ip_network(value, strict=False) for value in values]


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [str(value)]
