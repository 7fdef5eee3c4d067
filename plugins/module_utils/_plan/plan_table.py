# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as a person reads it: a table of all steps in their order, then what each of them would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.extra_step import ExtraStep
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import LayerState, Phase, PlannedStep
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.steps import PHASES, Plan

HEADS = ("step", "state", "in", "")


def table(plan: Plan, extras: Sequence[ExtraStep] = ()) -> list[str]:
    """The steps that the workload has, the user's own among them, where they stand; then each one's calls."""
    steps = [step for step in plan.steps if step.state is not LayerState.ABSENT]
    rows = list(_rows(steps, extras))
    widths = [max(len(row[column]) for row in (HEADS, *rows)) for column in range(len(HEADS))]
    shown = [
        f"{number:>3}  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        for number, row in (("#", HEADS), *enumerate(rows, 1))
    ]
    return [*(line.rstrip() for line in shown), *(line for step in steps for line in _details(step))]


def _rows(steps: Sequence[PlannedStep], extras: Sequence[ExtraStep]) -> Iterator[tuple[str, str, str, str]]:
    for phase in Phase:
        yield from _yours(extras, phase.value)
        yield from (_row(step) for step in steps if PHASES[step.name] is phase)
    yield from _yours(extras, "end")


def _row(step: PlannedStep) -> tuple[str, str, str, str]:
    regions = ", ".join(dict.fromkeys(call.region for call in step.calls))
    return (step.name.value, step.state.value, regions, ", ".join(_marks(step)))


def _marks(step: PlannedStep) -> list[str]:
    final = step.point_of_no_return and step.state is not LayerState.CONVERGED
    return [*(["POINT OF NO RETURN"] if final else []), *(["needs us-east-1"] if step.needs_us_east_1 else [])]


def _yours(extras: Sequence[ExtraStep], point: str) -> Iterator[tuple[str, str, str, str]]:
    for each in extras:
        if each.point == point:
            yield (f"yours: {each.name}", "would run", "", each.tasks)


def _details(step: PlannedStep) -> list[str]:
    if step.state is LayerState.CONVERGED:
        return []
    rows = [f"{step.name.value}: {', '.join([step.state.value, *_marks(step)])}"]
    rows += [f"     call      {call.service}:{call.action} in {call.region}" for call in step.calls]
    rows += [f"     only when {step.gate}", f"     way back  {step.way_back}"]
    return rows + ([f"     needs     {', '.join(step.iam)}"] if step.iam else [])
