# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's own steps: whether they are described well, which are to be made where, and which are done. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.extra_step import END, ExtraStep
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import EventState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import Phase
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import progress

PHASES = tuple(phase.value for phase in Phase)
POINTS = (*PHASES, END)
MODES = ("planned", "unplanned")
KNOWN = ("name", "tasks", "before", "after", "required", "modes")


def extra_findings(given: Sequence[Any], missing: Iterable[str]) -> tuple[Finding, ...]:
    """What is wrong with ``aws_dr_extra_steps``. ``missing`` are the files of tasks that aren't there."""
    found = [why for number, each in enumerate(given, 1) for why in _wrong(each, f"number {number}")]
    names = [str(each["name"]) for each in given if isinstance(each, Mapping) and each.get("name")]
    found += [f"{name} is the name of more than one" for name in dict.fromkeys(names) if names.count(name) > 1]
    found += [f"there is no file {path}" for path in missing]
    remedy = (
        "Give each a name of its own, a file of tasks (relative to the inventory's directory), and before or after:"
        f" {', '.join(PHASES)}."
    )
    return tuple(refusal("extra_step_unusable", f"In aws_dr_extra_steps, {why}.", remedy) for why in found)


def _wrong(each: Any, which: str) -> Iterator[str]:
    if not isinstance(each, Mapping):
        yield f"{which} is no dictionary"
        return
    which = str(each.get("name") or which)
    yield from (f"{which} has no {option}" for option in ("name", "tasks") if not each.get(option))
    strange = sorted(set(map(str, each)) - set(KNOWN))
    if strange:
        yield f"{which} has {', '.join(strange)}, which nothing reads"
    places = [str(each[option]) for option in ("before", "after") if each.get(option)]
    if len(places) != 1:
        yield f"{which} must have one of before and after"
    yield from (f"{which} stands at {place}, which is no part of a run" for place in places if place not in PHASES)
    modes = each.get("modes") or MODES
    if isinstance(modes, str) or set(modes) - set(MODES):
        yield f"{which} has modes other than a list of {' and '.join(MODES)}"


def extra_steps(given: Sequence[Mapping[str, Any]], mode: str) -> tuple[ExtraStep, ...]:
    """Those of a run of this mode, in the order in which they are made."""
    order = {point: number for number, point in enumerate(POINTS)}
    steps = [ExtraStep.from_options(each) for each in given]
    return tuple(sorted((each for each in steps if mode in each.modes), key=lambda each: order[each.point]))


def to_be_made(steps: Iterable[ExtraStep], events: Iterable[Mapping[str, Any]]) -> tuple[ExtraStep, ...]:
    """Those that no earlier attempt at the run has done."""
    done = progress(events)
    return tuple(each for each in steps if done.get(each.journal_name) is not EventState.DONE)
