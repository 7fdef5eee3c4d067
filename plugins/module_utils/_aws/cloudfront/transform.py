# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From CloudFront's answers to records, and back to a configuration."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cloudfront import (
    DEFAULT_PATH,
    Behavior,
    Distribution,
    Edit,
)


def distribution(answer: Mapping[str, Any]) -> Distribution:
    """The record of what GetDistribution or UpdateDistribution answered."""
    raw = answer["Distribution"]
    config = raw["DistributionConfig"]
    return Distribution(
        id=raw["Id"],
        etag=answer["ETag"],
        status=raw["Status"],
        origins={origin["Id"]: origin["DomainName"] for origin in _items(config["Origins"])},
        groups=tuple(group["Id"] for group in _items(config.get("OriginGroups"))),
        behaviors=(
            _behavior(DEFAULT_PATH, config["DefaultCacheBehavior"]),
            *(_behavior(each["PathPattern"], each) for each in _items(config.get("CacheBehaviors"))),
        ),
        raw=config,
    )


def edited(config: Mapping[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """A copy of the configuration with the edits made, and nothing else changed."""
    result = copy.deepcopy(dict(config))
    for edit in edits:
        if edit.origin:
            origin = next(each for each in _items(result["Origins"]) if each["Id"] == edit.origin)
            origin["DomainName"] = edit.after
        elif edit.path == DEFAULT_PATH:
            result["DefaultCacheBehavior"]["TargetOriginId"] = edit.after
        else:
            behaviors = _items(result["CacheBehaviors"])
            next(each for each in behaviors if each["PathPattern"] == edit.path)["TargetOriginId"] = edit.after
    return result


def _behavior(path: str, raw: Mapping[str, Any]) -> Behavior:
    return Behavior(path, raw["TargetOriginId"], tuple(_items(raw.get("AllowedMethods"))))


def _items(part: Mapping[str, Any] | None) -> list[Any]:
    return (part or {}).get("Items") or []
