# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill tells at its end. It says nothing before: nobody is to do anything about a drill under way. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import EventKind, Happening, Level
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import way_back

Drills = Sequence[Mapping[str, Any]]


def drill_result(run: RunRecord, events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How the drills of a run ended, or that it didn't come to judge them."""
    drills: Drills = run.summary.get("drills") or ()
    passed = run.outcome is Outcome.SUCCEEDED
    return {
        "events": (Happening(EventKind.DRILL_RESULT, Level.INFO if passed else Level.WARNING),),
        "title": f"{run.workload}: {_what(run)} in {run.target} {_ended(run, drills)}",
        "happened": tuple(_happened(run, drills)),
        "figures": tuple(_figures(drills)),
        "next_steps": () if passed else tuple(_next(run, events)),
    }


def _what(run: RunRecord) -> str:
    asked = run.details.get("type") or "all"
    return "the drills" if asked == "all" else f"the drill {asked}"


def _ended(run: RunRecord, drills: Drills) -> str:
    if run.outcome is Outcome.SUCCEEDED:
        return "passed"
    if run.outcome is Outcome.PREEMPTED:
        return "made way for an emergency"
    if run.summary.get("cleaned_up"):
        return "was cut short, and what it left was removed"
    return "did NOT pass" if drills else "didn't come to its end"


def _happened(run: RunRecord, drills: Drills) -> Iterator[str]:
    if run.outcome is Outcome.PREEMPTED:
        yield "A failover took the lease over: from then on the drill could only remove its own copy."
    elif run.summary.get("failed_task"):
        yield f"It stopped at: {run.summary['failed_task']}."
        if run.summary.get("error"):
            yield str(run.summary["error"])
    elif not drills and not run.summary.get("cleaned_up"):
        yield "It stopped without a word."
    for each in drills:
        why = "" if each["verdict"] == Verdict.PASSED.value else f": {'; '.join(each['wrong'] or each['unknown'])}"
        yield f"{each['type']} {each['verdict']}{why}"


def _figures(drills: Drills) -> Iterator[str]:
    """The seconds that the drills measured."""
    for each in drills:
        known = {name: value for name, value in each.get("figures", {}).items() if value is not None}
        if known:
            told = [f"{_words(name)} {float(value):.2f} s" for name, value in known.items()]
            yield f"{each['type']}: {', '.join(told)}"


def _words(name: str) -> str:
    return name.removesuffix("_seconds").replace("_", " ")


def _next(run: RunRecord, events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in run.summary.get("refusals") or ():
        yield f"{each['remedy']} {each.get('runbook', '')}".strip()
    if not run.summary.get("cleaned_up"):
        yield from run.summary.get("way_back") or way_back(run.as_dict(), events)
