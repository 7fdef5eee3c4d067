# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.course import (
    SUMMARY,
    Case,
    course,
    left_behind,
    steps,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode


def failover_course(
    known: Mapping[str, Any], workload: str, extras: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> dict[str, Any]:
    """The parts of a run: ``ours`` and ``yours`` by phase, ``all`` in their order, and what may be ``left`` behind.

    ``steps`` are those that it is to make once it is opened. Each part names its workload: Ansible includes a file once
    for all hosts that ask for it with the same variables, and so puts one host's parts in another's order.
    """
    has = frozenset(name for name, there in known["has"].items() if there)
    mode = Mode(known["mode"])
    case = Case(**{**known, "has": has, "mode": mode})
    ours = {phase: [{"part": part, "workload": workload} for part in parts] for phase, parts in course(case).items()}
    given = extras or {}
    yours = {phase: [{**each, "workload": workload} for each in given.get(phase, ())] for phase in ours}
    del yours[SUMMARY]
    return {
        "ours": ours,
        "yours": yours,
        "all": [part for phase, parts in ours.items() for part in [*yours.get(phase, ()), *parts]],
        "steps": [step.value for step in steps(case)],
        "left": [{"part": part, "workload": workload} for part in left_behind(has, mode)],
    }


class FilterModule:
    """The filter that says what a run is made of."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"failover_course": failover_course}
