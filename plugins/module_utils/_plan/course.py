# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that a run is made of, by its phases: those that the workload and the mode give something to do. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import StepName
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode

SUMMARY = "summary"
LEFT_BEHIND = {
    Mode.UNPLANNED: {
        "compute": "compute",
        "cache": "cache",
        "parameters": "parameters",
        "secrets_written": "secrets_written",
        "sources_on": "event_sources",
        "edge": "cloudfront",
    },
    Mode.PLANNED: {"keys": "keys"},
}
"""The parts that an accepted run goes on without, and the layer that each is of."""
STEP_OF: Mapping[str, StepName] = {
    "fence": StepName.FENCE_REGION,
    "compute": StepName.SCALE_COMPUTE,
    "sources_off": StepName.DISABLE_EVENT_SOURCES,
    "drain": StepName.DRAIN_STORAGE,
    "promotion": StepName.PROMOTE_DATABASE,
    "cache": StepName.PROMOTE_CACHE,
    "parameters": StepName.SYNC_PARAMETERS,
    "secrets_written": StepName.PROMOTE_SECRETS,
    "sources_on": StepName.ENABLE_EVENT_SOURCES,
    **dict.fromkeys(("latch", "records", "routing_control"), StepName.SWITCH_TRAFFIC),
    "edge": StepName.SWITCH_EDGE,
    "keys": StepName.MOVE_KEYS,
}
"""The step that each part makes; the others prepare one, wait for it, or look."""


@dataclass(frozen=True)
class Case:
    """What it depends on. ``has`` are the layers that the inventory describes, as ``aws_dr_NAME``.

    ``promoted``: the target was the writer when the run looked. ``leaves``: it is this run that moves the writer.
    ``sent_home``: home says that its reverse latch is set. ``by_reverse``: that latch is to hold clients at home.
    ``opened``: the run holds the lease. ``failback``: it is one, which counts no canaries.
    """

    has: frozenset[str]
    mode: Mode
    homewards: bool
    traffic: str
    by_reverse: bool
    promoted: bool
    leaves: bool
    sent_home: bool
    opened: bool
    check: bool
    failback: bool

    @property
    def acts(self) -> bool:
        """Whether steps may do anything, or in check mode say what they would do."""
        return self.opened or self.check

    @property
    def planned(self) -> bool:
        return self.mode is Mode.PLANNED


def course(case: Case) -> dict[str, tuple[str, ...]]:
    """The parts by phase, both in their order."""
    return {
        "prepare": tuple(_prepare(case)),
        "promote": tuple(_promote(case)),
        "follow": tuple(_follow(case)),
        "traffic": tuple(_traffic(case)),
        "verify": tuple(_verify(case)),
        "end": ("keys",) if case.acts and case.planned and "keys" in case.has else (),
        SUMMARY: tuple(_summary(case)),
    }


def steps(case: Case) -> tuple[StepName, ...]:
    """What the run is to do once it holds the lease, in the order of the steps."""
    parts = {part for phase in course(replace(case, opened=True)).values() for part in phase}
    made = {STEP_OF[part] for part in parts if part in STEP_OF}
    return tuple(step for step in StepName if step in made)


def left_behind(has: frozenset[str], mode: Mode) -> tuple[str, ...]:
    """The parts whose work an accepted run may have left undone."""
    return tuple(part for part, layer in LEFT_BEHIND[mode].items() if layer in has)


def _prepare(case: Case) -> Iterator[str]:
    """What makes the promotion safe, and what takes long: begun before it."""
    if not case.acts:
        return
    if "fence" in case.has and not case.planned and not case.promoted:
        yield "fence"
    if "fence" in case.has and (case.planned or case.by_reverse):
        yield "unfence"
    if "compute" in case.has:
        yield "compute"
    if case.planned and "secrets" in case.has:
        yield "secrets_in_sync"
    if case.planned and "event_sources" in case.has:
        yield "sources_off"
    if case.planned and "buckets" in case.has and case.leaves:  # else nobody writes there any more
        yield "drain"


def _promote(case: Case) -> Iterator[str]:
    yield "promotion"
    if case.acts and "cache" in case.has:
        yield "cache"
    if "notify" in case.has and not case.promoted:
        yield "promoting"
    yield "writer"


def _follow(case: Case) -> Iterator[str]:
    """What follows the writer. None of it may hold up users in a disaster: what failed is owed."""
    if not case.acts:
        return
    if "compute" in case.has:
        yield "compute_served"
    if "cache" in case.has:
        yield "cache_served"
    if "parameters" in case.has:
        yield "parameters"
    if "secrets_written" in case.has and not case.planned:
        yield "secrets_written"
    if "event_sources" in case.has:
        yield "sources_on"


def _traffic(case: Case) -> Iterator[str]:
    latch = case.traffic == "latch"
    # Unplanned, only where home has just said that the latch is set. One that can't be read counts as clear.
    if latch and not case.homewards and (case.planned or case.sent_home):
        yield "latch_reverse_off"
    yield case.traffic
    if case.by_reverse:
        yield "latch_forward_off"
    if latch and case.homewards and case.planned:
        yield "latch_home"
    if case.acts and "cloudfront" in case.has:
        yield "edge"


def _verify(case: Case) -> Iterator[str]:
    yield "clients"
    if case.check:
        return
    if "event_sources" in case.has:
        yield "sources_fed"
    yield "writers"
    if case.opened and "database_canary" in case.has and not case.failback:
        yield "canary"


def _summary(case: Case) -> Iterator[str]:
    yield "summarise"
    if case.opened and not case.check and "notify" in case.has:
        yield "ended"
    if case.opened and not case.check and "observability" in case.has:
        yield "published"
