# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the target's own API answers."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import ApiSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
)

STANDS_BY = (200, 503)  # a check that is good only where a write works says 503 in a standby


def judge_api(seen: Sightings[ApiSeen], case: Case) -> Iterator[Remark]:
    api = seen.of(case.target)
    if api is None or api.status in STANDS_BY:
        return
    how = f"answered {api.status}" if api.status else f"didn't answer: {api.error.rstrip('.')}"
    yield Remark(
        "target_api_unhealthy",
        Weight.NEVER,
        case.target,
        f"The target's API at {api.url} {how}.",
        "Start or scale it before clients are sent there, or let the run's own step do so.",
    )
