# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies allow, as IAM says. In moto an Allow whose condition does not hold denies, and ``?`` is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Context = Mapping[str, Sequence[str]]

ALLOWED, IMPLICIT_DENY, EXPLICIT_DENY = "allowed", "implicitDeny", "explicitDeny"
FOR_ALL = "ForAllValues:"


@dataclass(frozen=True)
class Verdict:
    """The decision, and the context keys that statements about the action ask for and that weren't given."""

    decision: str
    missing: tuple[str, ...] = ()


def decide(documents: Iterable[Mapping[str, Any]], action: str, resource: str, context: Context) -> Verdict:
    """Whether the policies allow ``action`` on ``resource``. One Deny is enough, and no Allow, too."""
    statements = [each for document in documents for each in _listed(document["Statement"])]
    concerned = [
        each
        for each in statements
        if _concerns(each, "Action", action, ignore_case=True) and _concerns(each, "Resource", resource)
    ]
    missing = {key for each in concerned for key in _keys(each) if key not in context}
    effects = {each["Effect"] for each in concerned if _holds(each.get("Condition", {}), context)}
    decision = EXPLICIT_DENY if "Deny" in effects else ALLOWED if "Allow" in effects else IMPLICIT_DENY
    return Verdict(decision, tuple(sorted(missing)))


def _concerns(statement: Mapping[str, Any], element: str, value: str, ignore_case: bool = False) -> bool:
    flags = re.IGNORECASE if ignore_case else 0
    if f"Not{element}" in statement:
        return not _any_like(statement[f"Not{element}"], value, flags)
    return _any_like(statement.get(element, "*"), value, flags)


def _any_like(patterns: Any, value: str, flags: int = 0) -> bool:
    return any(_like(pattern, value, flags) for pattern in _listed(patterns))


def _like(pattern: str, value: str, flags: int = 0) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, flags | re.DOTALL) is not None


def _same(pattern: str, value: str) -> bool:
    return pattern == value


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _same,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
}


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    return all(
        _holds_for(operator, _listed(wanted), context.get(key))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _holds_for(operator: str, wanted: Sequence[str], values: Sequence[str] | None) -> bool:
    """``ForAllValues`` holds of a key that isn't there; nothing else does."""
    matches = _OPERATORS[operator.removeprefix(FOR_ALL)]
    if not values:
        return operator.startswith(FOR_ALL)
    return all(any(matches(pattern, value) for pattern in wanted) for value in values)


def _keys(statement: Mapping[str, Any]) -> Iterable[str]:
    for keys in statement.get("Condition", {}).values():
        yield from keys


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
