# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drills suppose, how they try it, and all of them summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import Drill, DrillType, Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

EVERY = "all"
CLEANUP = "cleanup"
RUNBOOK = "docs/runbooks/drills.md"


@dataclass(frozen=True)
class Script:
    """A drill beforehand."""

    hypothesis: str
    method: str


SCRIPTS: Mapping[DrillType, Script] = {
    DrillType.HEALTH: Script(
        "a leg that falls sick is noticed in time, and so is its recovery, which lasts",
        "a health check of the drill's own is pointed at a path that nobody serves, and back",
    ),
    DrillType.FAILOVER: Script(
        "a failover would be begun now, and the standby's data can be written and read within the objective",
        "every step is planned against both Regions up to the promotion; that is made on a clone of the standby's"
        " database, proved by SQL, watched, and removed",
    ),
    DrillType.CONSISTENCY: Script(
        "both Regions hold the same data", "databases, buckets, secrets, parameters and the cache are compared"
    ),
    DrillType.PERFORMANCE: Script(
        "past runs and rehearsals keep the objectives, and don't get slower",
        "recovery times and losses of the history in the state table are held against the objectives",
    ),
    DrillType.LIVE: Script(
        "the workload can live in its standby Region, and clients hardly notice the way there and back",
        "a planned switchover to the standby Region and back, under a client's eyes",
    ),
}


def chosen(asked: str) -> tuple[DrillType, ...]:
    """The drills that ``asked`` means: one by its name, or all that don't touch production."""
    if asked in ("", EVERY):
        return tuple(each for each in DrillType if each is not DrillType.LIVE)
    return tuple(each for each in DrillType if each.value == asked)


def passed(drills: Sequence[Drill]) -> bool:
    """Whether every one that there is something to drill for passed, and there was one."""
    judged = [each for each in drills if each.verdict is not Verdict.NOT_APPLICABLE]
    return bool(judged) and all(each.verdict is Verdict.PASSED for each in judged)


def lines(workload: str, drills: Sequence[Drill]) -> list[str]:
    """The drills as a person reads them."""
    told = [f"{workload}: {'every drill passed' if passed(drills) else 'NOT every drill passed'}"]
    for each in drills:
        script = SCRIPTS[each.type]
        told.append(f"{each.type.value}: {each.verdict.value.upper()}")
        told += [f"    supposed: {script.hypothesis}", f"    method:   {script.method}"]
        told += [f"    seen:     {line}" for line in each.seen]
        told += [f"    unknown:  {line}" for line in each.unknown]
        told += [f"    WRONG:    {line}" for line in each.wrong]
        told += [f"    because:  {each.inapplicable}"] if each.inapplicable else []
    return told


def refusals(workload: str, drills: Sequence[Drill]) -> list[Finding]:
    """What ends the play with a status other than 0: also that nothing of what was asked for can be drilled."""
    found = []
    alone = not any(each.verdict is not Verdict.NOT_APPLICABLE for each in drills)
    for each in drills:
        if each.verdict is Verdict.PASSED or (each.verdict is Verdict.NOT_APPLICABLE and not alone):
            continue
        code = "drill_failed" if each.verdict is Verdict.FAILED else "drill_inconclusive"
        why = "; ".join(each.wrong or each.unknown) or each.inapplicable
        seen = f"The {each.type.value} of {workload} {_ended(each.verdict)}: {why}."
        remedy = (
            "Mend what it names, then run the drill again: until it passes, don't count on this part of a failover."
        )
        found.append(refusal(code, seen, remedy, f"{RUNBOOK}#{each.type.value}"))
    return found


def home_refusals(writer: str | None, home: str, workload: str) -> list[Finding]:
    """Why a live drill isn't begun: it goes from home and ends there."""
    if writer == home:
        return []
    seen = f"{workload} is written in {writer or 'an unknown Region'}, not at home in {home}."
    remedy = (
        f"Bring it home first: ansible-playbook multiregion.aws_dr.failover -e workloads={workload} -e target={home}."
    )
    return [refusal("not_at_home", seen, remedy, f"{RUNBOOK}#live")]


def plan_lines(workload: str, types: Sequence[DrillType], calls: Sequence[Mapping[str, str]]) -> list[str]:
    """What a run in check mode shows: what would be drilled, and with which changing calls."""
    told = [f"{workload}: these drills would be carried out; nothing was done"]
    for each in types:
        told += [f"{each.value}: {SCRIPTS[each].hypothesis}", f"    method: {SCRIPTS[each].method}"]
    return told + [f"    call    {call['service']}:{call['action']} in {call['region']}" for call in calls]


def _ended(result: Verdict) -> str:
    return "failed" if result is Verdict.FAILED else "couldn't be judged"


def past(summary: Mapping[str, object]) -> str:
    """A drill of the history in a few words."""
    drills = summary.get("drills")
    if not isinstance(drills, list):
        return ""
    return ", ".join(f"{each['type']} {each['verdict']}" for each in drills)
