# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the target can decrypt what the source's keys encrypted."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness_layers import KeysSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.keys import findings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
)


def judge_keys(seen: Sightings[KeysSeen], case: Case) -> Iterator[Remark]:
    target, source = seen.of(case.target), seen.of(case.source)
    if target is None:
        return
    there = {each.name: each.value for each in source.keys} if source else {}
    for each in target.keys:
        if each.error:
            yield Remark(
                "key_unknown",
                Weight.PLANNED,
                case.target,
                f"{case.target} gave no answer about the key {each.name}: {each.error.rstrip('.')}.",
                "Check kms:DescribeKey on it, and the Region's health.",
            )
            continue
        yield from adopted(findings(each.name, case.target, each.value), case.target, Weight.PLANNED)
        other = there.get(each.name)
        if other is not None and each.value is not None and other.id != each.value.id:
            yield Remark(
                "key_not_shared",
                Weight.PLANNED,
                case.target,
                f"{each.name} is {other.id} in {case.source} and {each.value.id} in {case.target}: two keys, of which"
                " the one doesn't decrypt what the other encrypted.",
                "Make a replica of the source's key (kms_replica_key), and point the alias to it.",
            )
