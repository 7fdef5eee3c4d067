# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every judge of readiness is given, what it returns, and how heavy that is in which mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1, Workload
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode

RUNBOOK = "docs/runbooks/readiness.md"

T = TypeVar("T")


class Weight(Enum):
    """In which runs a remark is a refusal."""

    ALWAYS = "always"  # users can't be served by going on
    PLANNED = "planned"  # data would be lost, or something hang: an unplanned run has accepted that
    NEVER = "never"  # worth knowing


@dataclass(frozen=True)
class Remark:
    """Something found, and the Region it is about; how severe it is depends on the run."""

    code: str
    weight: Weight
    region: str
    observed: str
    remedy: str


@dataclass(frozen=True)
class Case:
    """The run that readiness is judged for. Times are epoch seconds, ages seconds.

    ``writer`` is the Region that writes now, ``None`` where that couldn't be read; ``first_failure`` when the workload
    failed, 0 where nobody knows.
    """

    workload: Workload
    target: str
    mode: Mode
    accept_data_loss: bool
    now: float
    preflight: bool = False
    run_id: str = ""
    first_failure: float = 0.0
    writer: str | None = None
    baseline: Baseline | None = None
    max_lag_age: float = 180.0
    max_baseline_age: float = 86_400.0

    @property
    def source(self) -> str:
        """The Region that is left."""
        return next((region for region in self.workload.regions if region != self.target), "")

    @property
    def accepted(self) -> bool:
        """An unplanned run whose loss is accepted: nothing of the old Region or of us-east-1 may stop it."""
        return self.mode is Mode.UNPLANNED and self.accept_data_loss

    @property
    def done(self) -> bool:
        """The target writes already: this is a run that goes on, or one with nothing to do."""
        return self.writer == self.target


@dataclass(frozen=True)
class Sightings(Generic[T]):
    """What was seen for one topic, by Region; and why nothing was, where nothing was."""

    seen: Mapping[str, T] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)

    def of(self, region: str) -> T | None:
        return self.seen.get(region)


@dataclass(frozen=True)
class Judged:
    """A finding, and what it was found on."""

    finding: Finding
    topic: str
    region: str

    def as_dict(self) -> dict[str, str]:
        return {**self.finding.as_dict(), "topic": self.topic, "region": self.region}


def adopted(findings: Iterable[Finding], region: str, refusing: Weight = Weight.ALWAYS) -> tuple[Remark, ...]:
    """The findings of another decision, which knows the mode already, as remarks on ``region``.

    ``refusing`` is how heavy its refusals are: those of a layer that follows the database hold up no accepted loss.
    """
    weights = {Severity.REFUSE: refusing, Severity.WARN: Weight.NEVER}
    return tuple(Remark(each.code, weights[each.severity], region, each.observed, each.remedy) for each in findings)


def severity(remark: Remark, case: Case) -> Severity:
    """Once a loss is accepted, only the target can still refuse: a real disaster must never deadlock."""
    if remark.weight is Weight.NEVER:
        return Severity.WARN
    if not case.accepted:
        return Severity.REFUSE
    elsewhere = {case.source, US_EAST_1} - {case.target}
    return Severity.REFUSE if remark.weight is Weight.ALWAYS and remark.region not in elsewhere else Severity.WARN


def judged(topic: str, remark: Remark, case: Case) -> Judged:
    """The remark as a finding of this run."""
    runbook = f"{RUNBOOK}#{remark.code}"
    finding = Finding(remark.code, severity(remark, case), remark.observed, remark.remedy, runbook)
    return Judged(finding, topic, remark.region)


def in_order(found: Iterable[Judged]) -> tuple[Judged, ...]:
    """Refusals first, each said once."""
    once = {(each.finding.code, each.region, each.finding.observed): each for each in found}
    return tuple(sorted(once.values(), key=lambda each: each.finding.severity is not Severity.REFUSE))


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))


def how_old(seconds: float) -> str:
    """An age as a person says it."""
    for size, name in ((86_400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"


def brief(values: Mapping[str, Any], most: int = 6) -> str:
    """The plain ones of a baseline's values, for a line of text."""
    plain = {name: value for name, value in values.items() if isinstance(value, (str, int, float)) and value != ""}
    return ", ".join(f"{name} {value}" for name, value in list(plain.items())[:most]) or "what it should"
