# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a health checker, who has no credentials, could read the latch: by the canary's object beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import FacesSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
    listed,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import latch_findings

NOTHING_TO_SEE = (Face.ABSENT, Face.FORBIDDEN)


def judge_faces(seen: Sightings[FacesSeen], case: Case) -> Iterator[Remark]:
    """The latch is how clients are moved: what a planned run would hang on, an unplanned one is told."""
    unproved = []
    for region, found in seen.seen.items():
        for face in found.faces:
            if face.where.bucket not in found.present and face.face in NOTHING_TO_SEE:
                unproved.append(face.where.bucket)
                continue
            for remark in adopted(latch_findings((face,)), region):
                weight = Weight.NEVER if remark.weight is Weight.NEVER else Weight.PLANNED
                yield replace(remark, weight=weight)
    if unproved:
        yield Remark(
            "latch_unproved",
            Weight.NEVER,
            case.target,
            f"The canary's object isn't in {listed(unproved)}: nothing tells whether a checker may read the latch.",
            "Flip the canary (-e canary=true): its name follows if the checkers may.",
        )
