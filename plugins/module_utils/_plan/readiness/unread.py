# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What couldn't be read, and what the baseline says in its stead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    RUNBOOK,
    Case,
    Judged,
    Remark,
    Sightings,
    Weight,
    brief,
    how_old,
    listed,
)

LOST, OF_A_LOST_REGION = "source_unreachable", ("region_unreadable", "latch_unknown")


def unread_remarks(sightings: Mapping[str, Sightings[Any]], case: Case) -> Iterator[Remark]:
    """One remark for each Region that didn't answer about something."""
    missing: dict[str, dict[str, str]] = {}
    for topic, seen in sightings.items():
        for region, why in seen.unread.items():
            missing.setdefault(region, {})[topic] = why
    for region, topics in missing.items():
        told = [f"{topic}: {brief(before)}" for topic in topics if (before := _before(case, topic, region))]
        instead = f" The baseline, {_age(case, topics, region)} old, saw {'; '.join(told)}." if told else ""
        first, *_others = topics.values()
        seen_text = f"{region} didn't answer about {listed(list(topics))}: {first.rstrip('.')}."
        code = "us_east_1_unreadable" if region == US_EAST_1 else "region_unreadable"
        # What us-east-1 would have said changes seldom: a baseline that isn't too old stands in for it.
        stands_in = region == US_EAST_1 and len(told) == len(topics) and not _too_old(case, topics, region)
        yield Remark(
            code,
            Weight.NEVER if stands_in else Weight.PLANNED,
            region,
            seen_text + instead,
            "Mend the path to it, or its credentials, and run again; in an outage, mode=unplanned doesn't need it.",
        )


def told_once(found: Sequence[Judged]) -> Iterator[Judged]:
    """What has one cause is one finding: where the run is refused as the source is lost, not also for each thing in it.

    What else couldn't be read there is said along with it.
    """
    unread = {each.region: each.finding.observed for each in found if each.finding.code == "region_unreadable"}
    lost = {each.region for each in found if each.finding.code == LOST}
    for each in found:
        if each.region not in lost or each.finding.code not in (LOST, *OF_A_LOST_REGION):
            yield each
        elif each.finding.code == LOST:
            observed = " ".join(filter(None, (each.finding.observed, unread.get(each.region))))
            yield replace(each, finding=replace(each.finding, observed=observed))


def carried(sightings: Mapping[str, Sightings[Any]], case: Case) -> Iterator[Judged]:
    """What the baseline had found on what couldn't be read now, as warnings that say how old they are."""
    for each in case.baseline.findings if case.baseline and not case.preflight else ():
        topic, region = each.get("topic", ""), each.get("region", "")
        if topic in sightings and region in sightings[topic].unread:
            observed = f"As of the baseline, {_age(case, (topic,), region)} ago: {each.get('observed', '')}"
            code = str(each.get("code", ""))
            finding = Finding(code, Severity.WARN, observed, str(each.get("remedy", "")), f"{RUNBOOK}#{code}")
            yield Judged(finding, topic, region)


def baseline_remarks(case: Case) -> Iterator[Remark]:
    """Whether there is a baseline to stand on. A preflight is about to make one."""
    if case.preflight or not case.workload.table:
        return
    if case.baseline is None:
        yield Remark(
            "no_baseline",
            Weight.NEVER,
            case.target,
            "There is no baseline of this workload: nothing stands in for what a lost Region can't tell.",
            "Run the preflight on a schedule: ansible-playbook multiregion.aws_dr.preflight.",
        )
    elif _too_old(case):
        yield Remark(
            "baseline_old",
            Weight.NEVER,
            case.target,
            f"The baseline, or a part of it, is {_age(case)} old, more than {how_old(case.max_baseline_age)}.",
            "What it says may be wrong by now. Run the preflight on a schedule.",
        )


def _before(case: Case, topic: str, region: str) -> Mapping[str, Any] | None:
    return case.baseline.seen(topic, region) if case.baseline else None


def _age(case: Case, topics: Iterable[str] = (), region: str = "") -> str:
    """Of the oldest of these values, or of all."""
    return how_old(_seconds(case.baseline, case, topics, region)) if case.baseline else "of unknown age"


def _too_old(case: Case, topics: Iterable[str] = (), region: str = "") -> bool:
    return case.baseline is not None and _seconds(case.baseline, case, topics, region) > case.max_baseline_age


def _seconds(baseline: Baseline, case: Case, topics: Iterable[str], region: str) -> float:
    seen = min((baseline.seen_at(topic, region) for topic in topics), default=baseline.oldest)
    return max(0.0, case.now - seen)
