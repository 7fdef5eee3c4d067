# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Cost Explorer's answer says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cost import Costs


def costs(results: Iterable[Mapping[str, Any]]) -> Costs:
    """The sum of each Region over all results. Without any, nothing is known."""
    by_region: dict[str, float] = {}
    currency = ""
    for group in (group for result in results for group in result.get("Groups", [])):
        cost = group["Metrics"]["UnblendedCost"]
        (region,) = group["Keys"]
        by_region[region] = by_region.get(region, 0.0) + float(cost["Amount"])
        currency = str(cost["Unit"])
    return Costs(by_region, currency)
