# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From KMS's answers to records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Alias, Key


def key(raw: Mapping[str, Any], region: str) -> Key:
    """A key as ``region`` describes it."""
    config = raw.get("MultiRegionConfiguration") or {}
    return Key(
        id=raw["KeyId"],
        arn=raw["Arn"],
        region=region,
        state=raw["KeyState"],
        primary_region=config.get("PrimaryKey", {}).get("Region", ""),
        replica_regions=tuple(sorted(each["Region"] for each in config.get("ReplicaKeys", ()))),
    )


def aliases(raw: Iterable[Mapping[str, Any]]) -> tuple[Alias, ...]:
    """Aliases that name a key; one that AWS keeps for a key not made yet names none."""
    return tuple(Alias(each["AliasName"], each["TargetKeyId"]) for each in raw if each.get("TargetKeyId"))


def plain_id(key_id: str) -> str:
    """The id in a key's ARN; what isn't one is given back. A multi-Region key's id is the same in every Region."""
    return key_id.rsplit(":key/", 1)[-1]
