# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of one run, from its record and its journal alone: read again, it is the same again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.report import (
    Figure,
    Note,
    RunReport,
    Span,
    StepLine,
    Verdict,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.evidence import EVIDENCE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import way_back

RECONCILED = "reconcile_lost_writes"
"""The journal's note about the rows that were counted after the run: how many, of how many seconds, and if all."""
MARKS = (
    ("detect", "run_started"),
    ("decide", "decided"),
    ("fence", "fenced"),
    ("promote", "writer_proved"),
    ("route", "traffic_switched"),
    ("verify", "first_success"),
    ("cached answers run out", "ttl_tail_until"),
)
"""The phases of a run by what each ends with."""

# What a part of a record has where nothing is said of it: runs differ in what they look at.
LEDGER: dict[str, Any] = {"first_failure": 0.0, "run_started": 0.0, "lines": [], "lags": []}
FINDING: dict[str, Any] = {"code": "", "severity": "warn", "observed": "", "remedy": ""}
STEP: dict[str, Any] = {"name": "", "gate": "", "way_back": "", "point_of_no_return": False}
PROBE: dict[str, Any] = {
    "samples": 0,
    "failures": 0,
    "last_error": "",
    "answers": [],
    "series": None,
    **dict.fromkeys(("first_failure", "first_success", "ttl_tail_until")),
}


def run_report(record: RunRecord, events: Sequence[Event], read_from: str) -> RunReport:
    """All that is on record of a run. Of one that failed or is open, its journal says how it would be finished."""
    summary, details = record.summary, record.details
    kept: Mapping[str, Any] = summary.get(EVIDENCE) or {}
    notes = tuple(Note(each.at, each.step, each.seen) for each in events if each.state is EventState.NOTE)
    counted = next((each.seen for each in notes if each.name == RECONCILED and each.seen.get("complete")), {})
    return RunReport(
        run=_head(record),
        read_from=read_from,
        rto=rto(summary),
        rpo=_counted(counted, rpo(summary)),
        lost_rows=counted.get("rows"),
        phases=phases(summary.get("marks") or {}),
        steps=steps(events),
        waits=tuple(Span(**each) for each in kept.get("waits", ())),
        notes=notes,
        ledger=LEDGER | dict(details.get("ledger") or {}),
        probe=PROBE | dict(kept["probe"]) if kept.get("probe") else None,
        findings=tuple(FINDING | dict(each) for each in details.get("findings") or kept.get("findings") or ()),
        plan=tuple(STEP | dict(each) for each in details.get("plan") or kept.get("plan") or ()),
        way_back=_way_back(record, events),
        owed=tuple(summary.get("owed") or ()),
        lines=tuple(summary.get("lines") or ([summary["error"]] if summary.get("error") else ())),
        left_out=tuple(sorted(name for part in (details, summary, kept) for name in (part.get("left_out") or {}))),
    )


def _head(record: RunRecord) -> dict[str, Any]:
    known = record.as_dict()
    head = {name: known[name] for name in known if name not in ("details", "summary", "closed_at")}
    return {
        **head,
        "source": record.details.get("source", ""),
        "type": drill_type(record),
        "closed_at": record.closed_at or None,
    }


def drill_type(record: RunRecord) -> str:
    """Which kind of drill it was; empty for anything else."""
    return str(record.details.get("type") or record.summary.get("type") or "")


def rto(summary: Mapping[str, Any]) -> Figure:
    """Measured by samples, from an outside probe's first failed one; else unknown."""
    seconds, objective = summary.get("rto_seconds"), _objective(summary, "rto_seconds")
    basis = str(summary.get("rto_origin") or "no end of the run is on record")
    if seconds is None:
        return Figure(None, objective, Verdict.UNKNOWN, "unknown", basis)
    return Figure(seconds, objective, _against(seconds, objective, Verdict.MISSED), "measured", basis)


def rpo(summary: Mapping[str, Any]) -> Figure:
    """By the canary's rows where they say more than the ledger, which only bounds it."""
    bound, rows = _ledger(summary), _by_canary(summary)
    closer = rows is not None and (bound.seconds is None or (rows.seconds or 0.0) < bound.seconds)
    return rows if rows is not None and closer else bound


def _ledger(summary: Mapping[str, Any]) -> Figure:
    seconds, objective = summary.get("rpo_seconds"), _objective(summary, "rpo_seconds")
    known_as = str(summary.get("rpo_known_as") or "unknown")
    basis = str(summary.get("rpo_basis") or "no end of the run is on record")
    worse = Verdict.MISSED if known_as == "measured" else Verdict.NOT_PROVED
    return Figure(seconds, objective, _against(seconds, objective, worse), known_as, basis)


def _by_canary(summary: Mapping[str, Any]) -> Figure | None:
    """What the canary measured lies between two bounds: the upper one counts, only the lower one can have missed."""
    found = summary.get("rpo_canary") or {}
    low, high = found.get("at_least"), found.get("at_most")
    if found.get("known_as") != "measured" or low is None or high is None:
        return None
    objective = _objective(summary, "rpo_seconds")
    worse = Verdict.MISSED if objective is not None and low > objective else Verdict.NOT_PROVED
    basis = f"the canary lost {found['rows']} rows, {low:.2f} to {high:.2f} s of writes: {found['basis']}"
    return Figure(high, objective, _against(high, objective, worse), "measured", basis)


def _counted(counted: Mapping[str, Any], known: Figure) -> Figure:
    """The loss as it was counted afterwards, where every table could be compared."""
    if not counted:
        return known
    seconds = float(counted["seconds"])
    basis = f"{counted['rows']} acknowledged writes were counted, by key and time"
    return Figure(seconds, known.objective, _against(seconds, known.objective, Verdict.MISSED), "measured", basis)


def _objective(summary: Mapping[str, Any], name: str) -> float | None:
    value = (summary.get("objectives") or {}).get(name)
    return None if value is None else float(value)


def _against(seconds: float | None, objective: float | None, worse: Verdict) -> Verdict:
    if seconds is None or objective is None:
        return Verdict.UNKNOWN
    return Verdict.MET if seconds <= objective else worse


def phases(marks: Mapping[str, float]) -> tuple[Span, ...]:
    """One after the other, as the summary reckons them: a mark that isn't later than the one before took no time."""
    began = marks.get("first_failure") or marks.get("run_started")
    if not began:
        return ()
    found, previous = [], float(began)
    for name, mark in MARKS:
        end = max(previous, float(marks.get(mark) or 0.0))
        found.append(Span(name, round(previous, 3), round(end, 3)))
        previous = end
    return tuple(found)


def steps(events: Iterable[Event]) -> tuple[StepLine, ...]:
    """Each attempt at a step: a start with the end that belongs to it, or with none where nobody came to write one."""
    begun: dict[tuple[int, str], list[int]] = {}
    found: list[StepLine] = []
    for event in events:
        if event.state is EventState.NOTE:
            continue
        key = (event.fence, event.step)
        if event.state is EventState.STARTED:
            begun.setdefault(key, []).append(len(found))
            found.append(_line(event, event.at, None))
        elif begun.get(key):
            at = begun[key].pop(0)
            found[at] = _line(event, found[at].span.started, event.at, found[at].seen)
        else:
            found.append(_line(event, event.at, event.at))
    return tuple(found)


def _line(event: Event, started: float, ended: float | None, before: Mapping[str, Any] | None = None) -> StepLine:
    calls = tuple(call.as_dict() for call in event.calls)
    seen = {**(before or {}), **event.seen}
    return StepLine(Span(event.step, started, ended), event.state.value, event.fence, calls, seen, event.error)


def _way_back(record: RunRecord, events: Sequence[Event]) -> tuple[str, ...]:
    known = record.summary.get("way_back")
    if isinstance(known, str) and known:
        return (known,)
    if known:
        return tuple(known)
    return tuple(way_back(record.as_dict(), [event.as_dict() for event in events])) if record.open else ()
