# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notices of a run, from what is on record of it: so what a killed run couldn't tell, anybody can tell later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    EventKind,
    Happening,
    Level,
    Notice,
    Stage,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import StepName
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import progress, way_back
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_drill import drill_result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_return import returned
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.owed import SPLIT

Events = Sequence[Mapping[str, Any]]

NO_STANDBY = "is no standby yet"
FENCE_OWED = ("the old writer isn't known to be blocked", "the fence of ")
"""How a summary says what is owed."""
NEWS = 86_400.0  # seconds that the end of a run is worth telling
SERVED = (Outcome.SUCCEEDED, Outcome.DEGRADED, Outcome.SPLIT)
CAUSE_LENGTH = 200


def notice_id(run: RunRecord, stage: Stage) -> str:
    """The same for the same stage of the same run; of failures, for the same attempt."""
    attempt = f"-{run.fence}" if stage is Stage.FAILED else ""
    return f"{int(run.opened_at * 1000):015d}#{run.id}#{stage.value}{attempt}"


def of_run(run: RunRecord, events: Events, stage: Stage, runbook: str, now: float) -> Notice:
    """What a run tells at a stage."""
    made = {Stage.PROMOTING: _promoting, Stage.ENDED: _ended, Stage.FAILED: _failed}[stage](run, events, now)
    return Notice(id=notice_id(run, stage), workload=run.workload, run_id=run.id, at=now, runbook=runbook, **made)


def untold(run: RunRecord, events: Events, told: Iterable[str], nobody_at_it: bool, now: float) -> tuple[Stage, ...]:
    """The stages of a run that should have been told and aren't on record: it was killed before it could.

    ``told`` are the ids on record. An open run is still at it, as far as anybody knows, unless ``nobody_at_it``.
    """
    if not run.open:
        ended = Stage.ENDED if run.outcome in SERVED else Stage.FAILED
        fresh = now - run.closed_at < NEWS and run.outcome not in (Outcome.ABORTED, Outcome.PREEMPTED)
        # Looked at every minute: that it failed is told as a cause, which isn't repeated each time.
        fresh = fresh and not (run.kind is RunKind.REGION_RETURN and ended is Stage.FAILED)
        stages: tuple[Stage, ...] = (ended,) if fresh else ()
    elif nobody_at_it:
        stages = (Stage.FAILED,)
    else:
        stages = (Stage.PROMOTING,) if StepName.PROMOTE_DATABASE.value in progress(events) else ()
    on_record = set(told)
    return tuple(stage for stage in stages if notice_id(run, stage) not in on_record)


def refused(
    workload: str,
    kind: RunKind,
    target: str,
    unplanned: bool,
    findings: Iterable[Mapping[str, str]],
    runbook: str,
    now: float,
) -> Notice:
    """A run that was asked for and not begun, or what couldn't be done about a Region that has returned."""
    found = list(findings)
    done = "Nothing was changed." if kind is not RunKind.REGION_RETURN else "The next look at the Region tries again."
    codes = ",".join(sorted({each["code"] for each in found})) or "error"
    level = Level.CRITICAL if unplanned else Level.WARNING
    return Notice(
        id=_id(now, f"refusal#{kind.value}#{target}#{codes}"),
        workload=workload,
        run_id="",
        at=now,
        events=(Happening(EventKind.REFUSAL, level),),
        title=f"{workload}: a {kind.value.replace('_', ' ')} to {target} was refused ({codes})",
        happened=(done, *(f"[{each['code']}] {each['observed']}" for each in found)),
        next_steps=tuple(each["remedy"] for each in found if each.get("remedy")),
        runbook=next((each["runbook"] for each in found if each.get("runbook", "").startswith("http")), runbook),
    )


def told(workload: str, kind: EventKind, happened: Sequence[str], runbook: str, now: float) -> Notice:
    """What somebody else found (a detection), or a test."""
    test = kind is EventKind.TEST
    title = f"{workload}: test of the notifications" if test else f"{workload}: {kind.value.replace('_', ' ')}"
    return Notice(
        id=_id(now, f"{kind.value}#{' '.join(happened)}"),
        workload=workload,
        run_id="",
        at=now,
        events=(Happening(kind, Level.INFO if test else Level.CRITICAL),),
        title=title,
        happened=("Nothing has happened: this only shows that you would be told.",) if test else tuple(happened),
        runbook=runbook,
    )


def _id(now: float, about: str) -> str:
    return f"{int(now * 1000):015d}#{about[:CAUSE_LENGTH]}"


def _urgent(run: RunRecord) -> Level:
    """How urgent it is that this run is under way."""
    return Level.CRITICAL if run.mode == "unplanned" else Level.INFO


def _promoting(run: RunRecord, events: Events, now: float) -> dict[str, Any]:
    ledger = run.details.get("ledger") or {}
    since = ledger.get("first_failure") or 0
    so_far = f"RTO so far {now - since:.0f} s, from the first failed sample" if since else "RTO so far unknown"
    reason = f" Reason: {run.reason}." if run.reason else ""
    approved = f", approved by {run.approved_by}" if run.approved_by else ""
    return {
        "events": (
            Happening(EventKind.START, _urgent(run)),
            Happening(EventKind.POINT_OF_NO_RETURN, _urgent(run)),
        ),
        "title": f"{run.workload}: {run.mode} {run.kind.value} to {run.target} is past its point of no return",
        "happened": (
            f"Begun by {run.initiated_by}{approved}.{reason}",
            f"The promotion of {run.target} was asked for; it can't be cancelled.",
        ),
        "figures": (so_far, *(f"What may be lost: {line}" for line in ledger.get("lines", ()))),
        "next_steps": ("Nothing yet: the run goes on by itself, and says how it ended.",),
    }


def _ended(run: RunRecord, events: Events, now: float) -> dict[str, Any]:
    if run.kind is RunKind.DRILL:
        return drill_result(run, events)
    if run.kind is RunKind.REGION_RETURN:
        return returned(run)
    summary = run.summary
    calm = run.mode == "planned" and not summary.get("owed")
    found = [Happening(EventKind.DONE, Level.INFO if calm else Level.WARNING), *_aftermath(summary)]
    verb = "succeeded" if not summary.get("owed") else "succeeded, and owes something"
    if run.outcome is Outcome.SPLIT:
        verb = "left TWO Regions that take writes"
    return {
        "events": tuple(found),
        "title": f"{run.workload}: {run.mode} {run.kind.value} to {run.target} {verb}",
        "happened": (
            f"{summary.get('writer', run.target)} writes now, proved by a committed write.",
            *((f"Old writer: {summary['old_writer']}",) if summary.get("old_writer") else ()),
        ),
        "figures": _figures(summary),
        "next_steps": (
            *(f"Owed: {each}" for each in summary.get("owed", ())),
            *((f"Way back, once all is in sync: {summary['way_back']}",) if summary.get("way_back") else ()),
        ),
    }


def _aftermath(summary: Mapping[str, Any]) -> Iterable[Happening]:
    owed = list(summary.get("owed", ()))
    if any(each.startswith((*FENCE_OWED, SPLIT)) for each in owed):
        yield Happening(EventKind.FENCE_OWED, Level.CRITICAL)
    if any(NO_STANDBY in each for each in owed):
        yield Happening(EventKind.NO_STANDBY, Level.WARNING)
    if summary.get("way_back"):
        yield Happening(EventKind.FAILBACK_DUE, Level.INFO)
    if _missed(summary):
        yield Happening(EventKind.OBJECTIVE_MISSED, Level.CRITICAL)


def _missed(summary: Mapping[str, Any]) -> bool:
    """Of the loss only a bound is known: it proves the objective met, never missed."""
    took, objective = summary.get("rto_seconds"), (summary.get("objectives") or {}).get("rto_seconds")
    return took is not None and objective is not None and took > objective


def _figures(summary: Mapping[str, Any]) -> tuple[str, ...]:
    objectives = summary.get("objectives") or {}
    took, lost, run_seconds = (summary.get(name) for name in ("rto_seconds", "rpo_seconds", "run_seconds"))
    if took is not None:
        rto = f"RTO {took:.2f} s to the last client{_against(objectives.get('rto_seconds'), took, 'MISSED')}"
    else:
        took_text = f"; the run took {run_seconds:.0f} s" if run_seconds is not None else ""
        rto = f"RTO unknown: no outside probe was named{took_text}"
    if lost is None:
        return rto, "RPO unknown"
    known = summary.get("rpo_known_as") or "bounded"
    most = "" if known == "measured" else "at most "
    return rto, f"RPO {most}{lost:.2f} s ({known}){_against(objectives.get('rpo_seconds'), lost, 'not proved')}"


def _against(objective: float | None, value: float, otherwise: str) -> str:
    return "" if objective is None else f"; objective {objective:g} s: {'met' if value <= objective else otherwise}"


def _failed(run: RunRecord, events: Events, now: float) -> dict[str, Any]:
    if run.kind is RunKind.DRILL:
        return drill_result(run, events)
    summary = run.summary or _last_words(events)
    asked = StepName.PROMOTE_DATABASE.value in progress(events)
    refusals = summary.get("refusals") or ()
    if run.kind is RunKind.FAILBACK and refusals and not asked:
        return _held_up(run, refusals)
    stopped = (
        f"It stopped at: {summary['failed_task']}." if summary.get("failed_task") else "It stopped without a word."
    )
    state = "the promotion was asked for before that" if asked else "the database was not promoted"
    return {
        "events": (Happening(EventKind.FAILED, Level.CRITICAL),),
        "title": f"{run.workload}: {run.mode} {run.kind.value} to {run.target} FAILED; {state}",
        "happened": (stopped, *((str(summary["error"]),) if summary.get("error") else ())),
        "figures": _so_far(run, now),
        "next_steps": tuple(summary.get("way_back") or way_back(run.as_dict(), events)),
    }


def _held_up(run: RunRecord, findings: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """A failback that a gate didn't let pass is refused as one that wasn't begun: users are served all the while."""
    found = refused(run.workload, run.kind, run.target, False, findings, "", 0.0)
    return {name: getattr(found, name) for name in ("events", "title", "next_steps")} | {
        "happened": ("Nothing was promoted.", *found.happened[1:]),
        "figures": (),
    }


def _so_far(run: RunRecord, now: float) -> tuple[str, ...]:
    since = (run.details.get("ledger") or {}).get("first_failure") or 0
    return (f"RTO so far {now - since:.0f} s, from the first failed sample",) if since else ("RTO so far unknown",)


def _last_words(events: Events) -> Mapping[str, Any]:
    """What the attempt said that left the run open."""
    said = [event["seen"] for event in events if event["step"] == "suspend"]
    return said[-1] if said else {}


def unrecorded(
    workload: str,
    run_kind: RunKind,
    run_id: str,
    stage: Stage,
    target: str,
    happened: Sequence[str],
    runbook: str,
    now: float,
) -> Notice:
    """What a run tells where its record can't be read: that much is known all the same."""
    drill = run_kind is RunKind.DRILL
    kind = {
        Stage.PROMOTING: EventKind.POINT_OF_NO_RETURN,
        Stage.ENDED: EventKind.DRILL_RESULT if drill else EventKind.DONE,
        Stage.FAILED: EventKind.DRILL_RESULT if drill else EventKind.FAILED,
    }[stage]
    return Notice(
        id=_id(now, f"{run_id}#{stage.value}"),
        workload=workload,
        run_id=run_id,
        at=now,
        events=(Happening(kind, Level.WARNING if drill else Level.CRITICAL),),
        title=f"{workload}: {kind.value.replace('_', ' ')}, run {run_id} to {target}",
        happened=("The run's record can't be read now.", *happened),
        next_steps=("Look at it: ansible-playbook multiregion.aws_dr.status",),
        runbook=runbook,
    )
