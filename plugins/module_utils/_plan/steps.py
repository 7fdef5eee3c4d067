# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was observed to the ordered steps of a run: what each does, may do only when, and is undone by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import (
    Layer,
    LayerState,
    Phase,
    PlannedStep,
    StepName,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.permissions import iam_actions
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode

US_EAST_1 = "us-east-1"
ABSENT = Layer(LayerState.ABSENT)


@dataclass(frozen=True)
class Wanted:
    """Where a run goes, and how."""

    mode: Mode
    target: str
    source: str


@dataclass(frozen=True)
class Plan:
    """The steps in their order, those that have nothing to do included; and why it may not be begun."""

    steps: tuple[PlannedStep, ...]
    refusals: tuple[Finding, ...]

    @property
    def next(self) -> PlannedStep | None:
        """The first step that isn't known to have nothing to do."""
        return next((step for step in self.steps if step.state in (LayerState.BEHIND, LayerState.UNKNOWN)), None)


@dataclass(frozen=True)
class _Rule:
    """``after`` are the steps that must have converged before this one may be made."""

    gate: str
    way_back: Callable[[Wanted], str]
    after: tuple[StepName, ...] = ()
    point_of_no_return: Callable[[Wanted], bool] = lambda _wanted: False


def _none_needed(_wanted: Wanted) -> str:
    return "none needed"


def _run_again(wanted: Wanted) -> str:
    return f"the same run towards {wanted.source}"


_WRITER = (StepName.PROMOTE_DATABASE,)
_RULES: Mapping[StepName, _Rule] = {
    StepName.FENCE_REGION: _Rule(
        "the lease is held; what was there before is journalled",
        lambda wanted: f"lift the fence of {wanted.source}: done by itself when the run fails before the promotion",
    ),
    StepName.DRAIN_STORAGE: _Rule("the source Region answers", _none_needed),
    StepName.SCALE_COMPUTE: _Rule(
        "the lease is held", lambda wanted: f"scale {wanted.target} down; it costs money, and does no harm"
    ),
    StepName.DISABLE_EVENT_SOURCES: _Rule("the source Region answers", _run_again),
    StepName.PROMOTE_DATABASE: _Rule(
        "readiness refuses nothing; unplanned: the loss is accepted and the run approved",
        lambda wanted: (
            "none: only another planned run, once the old Region is a replica in sync"
            if wanted.mode is Mode.UNPLANNED
            else _run_again(wanted)
        ),
        point_of_no_return=lambda wanted: wanted.mode is Mode.UNPLANNED,
    ),
    StepName.PROMOTE_CACHE: _Rule("the lease is held", _run_again),
    StepName.SYNC_PARAMETERS: _Rule("the lease is held", _run_again),
    # It can't be taken back as such: so only once the target is to write for sure.
    StepName.PROMOTE_SECRETS: _Rule(
        "unplanned, and the target is proved the writer",
        lambda wanted: (
            f"link it again, once {wanted.source} is back (secretsmanager_replica, state=linked, source="
            f"{wanted.target}, target={wanted.source}): what {wanted.source} has is given up then"
        ),
        after=_WRITER,
    ),
    StepName.ENABLE_EVENT_SOURCES: _Rule("the target is proved the writer", _run_again, after=_WRITER),
    StepName.SWITCH_TRAFFIC: _Rule("the target is proved the writer, by a committed write", _run_again, after=_WRITER),
    StepName.SWITCH_EDGE: _Rule("the target is proved the writer, by a committed write", _run_again, after=_WRITER),
    StepName.MOVE_KEYS: _Rule(
        "planned, and clients are served in the target", _run_again, after=(*_WRITER, StepName.SWITCH_TRAFFIC)
    ),
}


PHASES: Mapping[StepName, Phase] = {
    **dict.fromkeys(
        (StepName.FENCE_REGION, StepName.SCALE_COMPUTE, StepName.DISABLE_EVENT_SOURCES, StepName.DRAIN_STORAGE),
        Phase.PREPARE,
    ),
    **dict.fromkeys((StepName.PROMOTE_DATABASE, StepName.PROMOTE_CACHE), Phase.PROMOTE),
    **dict.fromkeys((StepName.SYNC_PARAMETERS, StepName.PROMOTE_SECRETS, StepName.ENABLE_EVENT_SOURCES), Phase.FOLLOW),
    **dict.fromkeys((StepName.SWITCH_TRAFFIC, StepName.SWITCH_EDGE), Phase.TRAFFIC),
    StepName.MOVE_KEYS: Phase.VERIFY,
}
"""The part of the run in which each step is made."""


def resolve(layers: Mapping[StepName, Layer], wanted: Wanted) -> Plan:
    """The plan. A layer that isn't in ``layers`` is one that the workload hasn't got."""
    steps = tuple(_planned(name, layers.get(name, ABSENT), wanted) for name in StepName)
    refusals = tuple(
        finding
        for name in StepName
        for finding in layers.get(name, ABSENT).findings
        if finding.severity is Severity.REFUSE
    )
    return Plan(steps, refusals)


def _planned(name: StepName, layer: Layer, wanted: Wanted) -> PlannedStep:
    rule = _RULES[name]
    return PlannedStep(
        name=name,
        state=layer.state,
        calls=layer.calls,
        iam=tuple(dict.fromkeys(action for call in layer.calls for action in iam_actions(call))),
        gate=rule.gate,
        way_back=rule.way_back(wanted),
        point_of_no_return=rule.point_of_no_return(wanted),
        needs_us_east_1=any(call.region == US_EAST_1 for call in layer.calls),
    )


def may_begin(name: StepName, plan: Plan) -> bool:
    """Whether every step that must stand before ``name`` has converged, or doesn't exist for this workload."""
    done = {step.name for step in plan.steps if step.state in (LayerState.CONVERGED, LayerState.ABSENT)}
    return set(_RULES[name].after) <= done
