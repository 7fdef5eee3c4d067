# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the latch is where it should be before a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import (
    Landing,
    LatchObject,
    LatchState,
    ObjectState,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import LatchSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import overall
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    listed,
)


def judge_latch(seen: Sightings[LatchSeen], case: Case) -> Iterator[Remark]:
    config = case.workload.latch
    if config is None:
        return
    landings = {landing.where: landing for each in seen.seen.values() for landing in each.landings}
    forward = [landings[where] for where in config.forward if where in landings]
    reverse = [landings[where] for where in config.reverse if where in landings]
    if case.target == case.workload.standby:
        yield from _forward(forward, config.forward, case)
        yield from _reverse(reverse)
    for landing in (*forward, *reverse):
        yield from _object(landing)


def _forward(landings: Sequence[Landing], objects: Sequence[LatchObject], case: Case) -> Iterator[Remark]:
    known = {landing.where: landing.after for landing in landings}
    state = overall(known.get(where, ObjectState.UNKNOWN) for where in objects)
    has_it = listed([landing.where.bucket for landing in landings if landing.after is ObjectState.SET])
    if state is LatchState.PARTIAL and case.done:
        yield Remark(
            "latch_partial",
            Weight.NEVER,
            case.target,
            f"Only {has_it} has the latch's object: it moves traffic, and one bucket's loss would let it return.",
            "Run the failover again: it sets the others.",
        )
    elif state is LatchState.PARTIAL:
        yield Remark(
            "latch_partial",
            Weight.PLANNED,
            case.target,
            f"{has_it} has the latch's object, others haven't: clients are sent to {case.target}, which isn't known"
            " to be the writer.",
            "Clear it with traffic_latch (state=clear), or finish the run that set it.",
        )
    elif state is LatchState.SET and not case.done:
        yield Remark(
            "latch_already_set",
            Weight.PLANNED,
            case.target,
            f"The latch is set ({has_it}): clients are sent to {case.target}, which isn't known to be the writer.",
            "Clear it with traffic_latch (state=clear), or finish the run that set it.",
        )


def _reverse(landings: Sequence[Landing]) -> Iterator[Remark]:
    for landing in landings:
        if landing.after is ObjectState.SET:
            yield Remark(
                "reverse_latch_set",
                Weight.NEVER,
                landing.where.region,
                f"The reverse latch is set in {landing.where.bucket}: clients would be sent home, whatever the forward"
                " latch says.",
                "A planned run clears it. Before an unplanned one, clear it with traffic_latch (state=clear).",
            )


def _object(landing: Landing) -> Iterator[Remark]:
    where = landing.where
    if landing.after is ObjectState.UNKNOWN:
        yield Remark(
            "latch_unknown",
            Weight.PLANNED,
            where.region,
            f"Whether {where.bucket} has the latch's object is unknown: {landing.error.rstrip('.') or 'no answer'}.",
            "If its Region answers, check s3:GetObject and s3:ListBucket on that bucket.",
        )
    elif landing.after is ObjectState.OTHER:
        yield Remark(
            "latch_other_content",
            Weight.NEVER,
            where.region,
            f"The latch's object in {where.bucket} doesn't hold the token: no health check sees it.",
            "See who wrote it; traffic_latch overwrites or deletes it.",
        )
