# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of a workload's layers, as readiness is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.layer_calls import Described, layer_calls
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode


def failover_calls(described: Mapping[str, Any], target: str, mode: str) -> list[dict[str, str]]:
    """The changing calls that a failover makes for what the inventory describes."""
    found = Described(
        traffic=str(described["traffic"]),
        endpoints=tuple(each["region"] for each in described["endpoints"]),
        cloudfront=bool(described["cloudfront"]),
        secrets_written=bool(described["secrets_written"]),
    )
    source = next((region for region in described["regions"] if region != target), "")
    return [call.as_dict() for call in layer_calls(found, source, target, Mode(mode))]


class FilterModule:
    """A filter about the calls of a failover."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"failover_calls": failover_calls}
