# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the target has the secrets that the source has."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import Named, SecretsSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret, SecretPair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.secrets import findings


def judge_secrets(seen: Sightings[SecretsSeen], case: Case) -> Iterator[Remark]:
    target, source = seen.of(case.target), seen.of(case.source)
    if target is None:
        return
    there = {each.name: each for each in source.secrets} if source else {}
    # Time to mend it is there only before a planned move: one that is done, or a disaster, lives with what is there.
    strict = not (case.accepted or case.done)
    for each in target.secrets:
        if each.error:
            yield Remark(
                "secret_unknown",
                Weight.PLANNED,
                case.target,
                f"{case.target} gave no answer about the secret {each.name}: {each.error.rstrip('.')}.",
                "Check secretsmanager:DescribeSecret on it, and the Region's health.",
            )
        else:
            yield from adopted(
                findings(secret_pair(each, there.get(each.name), case), strict=strict), case.target, Weight.PLANNED
            )


def secret_pair(target: Named[Secret], source: Named[Secret] | None, case: Case) -> SecretPair:
    """Where the source's whole Region didn't answer, that is said elsewhere, and once."""
    if source is None:
        return SecretPair(target.name, case.target, target.value)
    return SecretPair(target.name, case.target, target.value, case.source, source.value, not source.error)
