# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a secret's text to what it means. No value of a secret appears in an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheLogin
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Credentials
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import (
    Replica,
    ReplicationStatus,
    Secret,
)

CURRENT = "AWSCURRENT"


def credentials(text: str, secret_id: str, region: str) -> Credentials:
    """User and password from a database secret as RDS writes it: JSON with ``username`` and ``password``.

    Raises ``DrError`` for anything else.
    """
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise _unreadable(secret_id, region, "it is not a JSON object")
    missing = [name for name in ("username", "password") if not isinstance(values.get(name), str) or not values[name]]
    if missing:
        raise _unreadable(secret_id, region, f"it has no {' and no '.join(missing)}")
    return Credentials(values["username"], values["password"])


def cache_login(text: str, secret_id: str, region: str) -> CacheLogin:
    """A cache's token as the secret's whole text, or in JSON as ``password`` with, for a user of its own, ``username``.

    Raises ``DrError`` where there is none.
    """
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        values = {"password": text.strip()}
    password, username = values.get("password"), values.get("username", "")
    if not isinstance(password, str) or not password or not isinstance(username, str):
        tried = f"Reading the secret {secret_id} in {region}"
        raise DrError(tried, "it holds no token", "Store the token alone, or JSON with password and perhaps username.")
    return CacheLogin(password, username)


def _unreadable(secret_id: str, region: str, seen: str) -> DrError:
    # Not raised while the parser's error is handled: that one quotes the text.
    return DrError(
        f"Reading the secret {secret_id} in {region}", seen, "Store it as RDS does: JSON with username and password."
    )


def secret_id_in(secret_id: str, region: str) -> str:
    """The same secret in another Region: a replica's ARN differs from its primary's in the Region alone."""
    parts = secret_id.split(":")
    return ":".join([*parts[:3], region, *parts[4:]]) if parts[0] == "arn" and len(parts) > 4 else secret_id


def secret(raw: Mapping[str, Any], region: str) -> Secret:
    """What a Region says of a secret."""
    stages: Mapping[str, list[str]] = raw.get("VersionIdsToStages") or {}
    changed = raw.get("LastChangedDate")
    return Secret(
        name=raw["Name"],
        region=region,
        arn=raw["ARN"],
        current_version=next((version for version, names in stages.items() if CURRENT in names), ""),
        changed_at=changed.timestamp() if changed else 0.0,
        primary_region=raw.get("PrimaryRegion") or "",
        replicas=tuple(_replica(each) for each in raw.get("ReplicationStatus") or ()),
        deleted=bool(raw.get("DeletedDate")),
        stages=tuple((version, tuple(sorted(names))) for version, names in sorted(stages.items())),
    )


def _replica(raw: Mapping[str, Any]) -> Replica:
    known = {status.value: status for status in ReplicationStatus}
    status = known.get(raw.get("Status", ""), ReplicationStatus.UNKNOWN)
    return Replica(raw["Region"], status, raw.get("StatusMessage") or "")
