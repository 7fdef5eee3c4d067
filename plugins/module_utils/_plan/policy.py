# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's IAM policies, as documents with placeholders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant, IamRole
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import GRANTS

LIMIT = 6144  # characters of a managed policy, white space apart
ROOM = 5200  # of them for us: what is filled in may be longer than its placeholder


def granted(role: IamRole) -> tuple[Grant, ...]:
    """The role's grants, in the table's order."""
    return tuple(grant for grant in GRANTS if role in grant.roles)


def statement(grant: Grant) -> dict[str, Any]:
    """The grant as a policy says it."""
    conditions = {
        operator: {key: _one_or_all(grant.in_each_place(values)) for key, values in keys.items()}
        for operator, keys in grant.conditions.items()
    }
    conditions.setdefault("StringEquals", {})["aws:RequestedRegion"] = _one_or_all(grant.regions)
    return {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": sorted(grant.actions),
        "Resource": _one_or_all(grant.in_each_place(grant.resources)),
        "Condition": conditions,
    }


def policies(role: IamRole) -> tuple[dict[str, Any], ...]:
    """The role's policies: as few as there is room in, a layer never in two of them."""
    layers: dict[str, list[Any]] = {}
    for grant in granted(role):
        layers.setdefault(grant.layer, []).append(statement(grant))
    found: list[list[Any]] = [[]]
    for statements in layers.values():
        if found[-1] and size(_document([*found[-1], *statements])) > ROOM:
            found.append([])
        found[-1] += statements
    return tuple(map(_document, found))


def size(document: dict[str, Any]) -> int:
    """Characters as AWS counts them."""
    return len("".join(json.dumps(document).split()))


def _document(statements: Sequence[Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
