# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the monthly look at a workload's records says: capacity and how it moves, and who did what. Pure.

What no record tells is unknown, and said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Target
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill_performance import FEWEST, NOISE

RUNBOOK = "docs/runbooks/drills.md"
ABOUT_CAPACITY = ("capacity_", "quota", "compute_missing")
"""What the codes of a preflight's findings on capacity and limits begin with."""
WAS = {"overdue": "is overdue", "never done": "was never done"}
"""Where a rehearsal stands that is due, as a sentence has it."""
DAY = 86_400.0
SHORT = 16  # characters of a time: to the minute


def movement(figures: Sequence[float]) -> str:
    """The later half's median against the earlier half's; the oldest comes first."""
    if len(figures) < FEWEST:
        return "unknown"
    half = len(figures) // 2
    earlier, later = median(figures[:half]), median(figures[-half:])
    if abs(later - earlier) <= NOISE * earlier:
        return "steady"
    return "rising" if later > earlier else "falling"


def capacity_lines(compute: Sequence[Target], baselines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each target in each Region, by the preflights that are kept, the newest first, and what the last one found."""
    if not compute:
        return ["capacity trend: not applicable, as aws_dr_compute names nothing"]
    if not baselines:
        return ["capacity trend: unknown, as no preflight is on record"]
    newest = baselines[0]
    days = (newest["taken_at"] - baselines[-1]["taken_at"]) / DAY
    lines = [f"capacity trend: {_count(baselines, 'preflight')} in {days:.1f} days, the last one of {_when(newest)}"]
    for region in sorted({region for each in baselines for region in each["capacity"]}):
        lines += [_target_line(target, region, baselines) for target in compute]
    told = [each for each in newest["findings"] if str(each.get("code", "")).startswith(ABOUT_CAPACITY)]
    # Both modes of a preflight find the same of a Region.
    lines += dict.fromkeys(f"    [{each['code']}] {each.get('observed', '')}" for each in told)
    limits = "what it found is above" if told else "it found nothing wrong with capacity or quotas"
    return [*lines, f"    limits were compared by the last preflight: {limits}"]


def _target_line(target: Target, region: str, baselines: Sequence[Mapping[str, Any]]) -> str:
    figures = _serving(target, region, baselines)
    most = f", at most {target.maximum}" if target.maximum is not None else ""
    wanted = f"a failover wants {target.desired}{most}"
    if not figures:
        return f"    {target.id} in {region}: unknown how many serve; {wanted}; trend unknown"
    last = _last_serving(target, region, baselines)
    now = "unknown how many serve now" if last is None else f"{last} serve"
    span = f"{min(figures)} to {max(figures)} in {_count(figures, 'preflight')}"
    return f"    {target.id} in {region}: {now} ({span}); {wanted}; trend {movement(figures[::-1])}"


def capacity_findings(compute: Sequence[Target], baselines: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Where a Region carries more than a failover would give the other one."""
    found = []
    for region in sorted(baselines[0]["capacity"]) if baselines else ():
        for target in compute:
            serving = _last_serving(target, region, baselines)
            if serving is not None and serving > target.desired:
                seen = f"{target.id} in {region}: {serving} serve, and a failover scales the other Region to"
                remedy = "Raise desired (and maximum) in aws_dr_compute, and see that the quotas allow it."
                told = f"{seen} {target.desired}."
                found.append(refusal("capacity_outgrown", told, remedy, f"{RUNBOOK}#capacity_outgrown"))
    return found


def _serving(target: Target, region: str, baselines: Sequence[Mapping[str, Any]]) -> list[int]:
    """As the baselines have it, the newest first; one that doesn't tell is left out."""
    found = (_last_serving(target, region, [each]) for each in baselines)
    return [each for each in found if each is not None]


def _last_serving(target: Target, region: str, baselines: Sequence[Mapping[str, Any]]) -> int | None:
    seen = baselines[0]["capacity"].get(region) or {}
    found = next((each for each in seen.get("targets", ()) if each["id"] == target.id), None)
    return None if found is None or found["serving"] is None else int(found["serving"])


def audit_lines(
    seen: Mapping[str, Any], calendar: Sequence[Mapping[str, Any]], verified: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Who ran what and who approved it, the kill switch, what is due, and whether the evidence was altered."""
    runs = seen["history"]
    if not runs:
        lines = ["audit: no run is on record"]
    else:
        lines = [f"audit: {_count(runs, 'run')}, the first of {_at(runs[-1]['opened_at'])}"]
    lines += [f"    {_run_line(run)}" for run in runs]
    lines += _switch_lines(seen.get("automation") or {"switches": [], "unread": "it wasn't read"})
    lines += [f"    rehearsal {each['type']} every {each['every_days']:g} days: {_due(each)}" for each in calendar]
    if not calendar:
        lines.append("    rehearsals: what is due is unknown, as there is no aws_dr_drill_calendar")
    lines += [
        f"    evidence {each['path']}: {'ALTERED, or not to be read' if each['wrong'] else 'intact'}"
        for each in verified
    ]
    return lines if verified else [*lines, "    evidence: not verified, as no report is kept on this machine"]


def _run_line(run: Mapping[str, Any]) -> str:
    approved = f"approved by {run['approved_by']}" if run["approved_by"] else "approved by nobody"
    by = run["summary"].get("by")
    ended = f"; ended by {by}: {run['summary'].get('reason', '')}" if run["outcome"] == "aborted" and by else ""
    what = f"{_at(run['opened_at'])} {run['kind']} {run['mode']} to {run['target']}: {run['outcome']}"
    who = f"by {run['initiated_by'] or 'nobody known'}, {approved}"
    return f"{what}, {who}; {run['reason'] or 'no reason given'}{ended} ({run['id']})"


def _switch_lines(automation: Mapping[str, Any]) -> Iterator[str]:
    if automation["unread"]:
        yield f"    kill switch: unknown ({automation['unread']})"
    elif not automation["switches"]:
        yield "    kill switch: never touched"
    for each in automation["switches"]:
        who = each["by"] or "somebody"
        yield f"    kill switch of {each['scope']}: {each['state']} since {_at(each['at'])} by {who}: {each['reason']}"


def _due(entry: Mapping[str, Any]) -> str:
    last = f", last {_at(entry['last_at'])} ({entry['last_run']})" if entry["last_run"] else ""
    return f"{entry['state']}{last}"


def audit_findings(calendar: Sequence[Mapping[str, Any]], verified: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """What is due and wasn't rehearsed, and evidence that isn't what was written."""
    found = [
        refusal(
            "rehearsal_overdue",
            f"The rehearsal {each['type']} {WAS[each['state']]}: it is due every {each['every_days']:g} days.",
            "Do it, or change aws_dr_drill_calendar.",
            f"{RUNBOOK}#rehearsal_overdue",
        )
        for each in calendar
        if each["state"] in WAS
    ]
    for each in verified:
        if each["wrong"]:
            remedy = "See what became of it: report.yml -e verify=true names the files. The table still has the record."
            told = f"The evidence in {each['path']} isn't as it was written: {each['wrong']}"
            found.append(refusal("evidence_altered", told, remedy, "docs/runbooks/findings.md#evidence_altered"))
    return found


def _count(what: Sequence[Any], name: str) -> str:
    return f"{len(what)} {name}{'' if len(what) == 1 else 's'}"


def _when(baseline: Mapping[str, Any]) -> str:
    return f"{_at(baseline['taken_at'])} by {baseline['by'] or 'somebody'}"


def _at(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat(' ')[:SHORT]} UTC"
