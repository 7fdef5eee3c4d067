# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Service Quotas' answers to records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Quota


def quotas(found: Iterable[Mapping[str, Any]]) -> tuple[Quota, ...]:
    """Those of a Region: a global quota says nothing about it."""
    return tuple(
        Quota(each["ServiceCode"], each["QuotaCode"], each["QuotaName"], float(each["Value"]))
        for each in found
        if not each.get("GlobalQuota")
    )
