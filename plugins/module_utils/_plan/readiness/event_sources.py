# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether functions are fed in the writer's Region, and there only."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import EventSourcesSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.event_sources import placement_findings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
)


def judge_event_sources(seen: Sightings[EventSourcesSeen], case: Case) -> Iterator[Remark]:
    if not case.workload.event_sources:
        return
    if seen.of(case.target) is None:
        yield Remark(
            "event_sources_unknown",
            Weight.PLANNED,
            case.target,
            f"Event sources of {case.target} are unknown: {seen.unread.get(case.target, 'not asked').rstrip('.')}.",
            "Correct aws_dr_event_sources, or check lambda:ListEventSourceMappings: a failover enables them there.",
        )
    for region, found in seen.seen.items():
        if case.writer:
            yield from adopted(placement_findings({region: found.sources}, case.writer), region)
