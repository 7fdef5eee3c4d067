# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The plan is carried on from any state, interrupted anywhere, while the world changes under it."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.extra_step import ExtraStep
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    Cluster,
    FailoverState,
    GlobalCluster,
    Member,
    SyncStatus,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import LatchState, ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import Layer, LayerState, Phase, StepName
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import promotion
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.invariants import (
    World,
    fed_from_non_writer,
    routed_to_non_writer,
    split_brain,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import act_for, moves
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.plan_table import table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.steps import PHASES, Wanted, may_begin, resolve

HOME, STANDBY = "eu-central-1", "eu-west-1"
ARN = {region: f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}" for region in (HOME, STANDBY)}
CONVERGED, BEHIND = LayerState.CONVERGED, LayerState.BEHIND


@dataclass
class Simulation:
    """Two Regions as AWS would have them, and what became of our calls."""

    mode: Mode
    writer: str = HOME
    writable: set[str] = field(default_factory=lambda: {HOME})
    busy_to: str | None = None
    lost: bool = False
    fenced: bool = False
    scaled: bool = False
    resync: bool = False
    latch: list[ObjectState] = field(default_factory=lambda: [ObjectState.CLEAR, ObjectState.CLEAR])
    moved_by_us: bool = False
    edge: str = HOME
    edge_by_us: bool = False
    secret_alone: bool = False
    key_primary: str = HOME

    def routed_to(self) -> str:
        return STANDBY if moves(LatchState.SET, self.latch) else HOME

    def layers(self) -> dict[StepName, Layer]:
        fence = Layer(CONVERGED if self.fenced or self.lost or self.writer == STANDBY else BEHIND)
        return {
            StepName.FENCE_REGION: fence if self.mode is Mode.UNPLANNED else Layer(LayerState.ABSENT),
            StepName.SCALE_COMPUTE: Layer(CONVERGED if self.scaled else BEHIND),
            StepName.PROMOTE_DATABASE: self._database(),
            StepName.PROMOTE_SECRETS: self._only(Mode.UNPLANNED, self.secret_alone),
            StepName.SWITCH_TRAFFIC: self._traffic(),
            StepName.SWITCH_EDGE: Layer(CONVERGED if self.edge == STANDBY else BEHIND),
            StepName.MOVE_KEYS: self._only(Mode.PLANNED, self.key_primary == STANDBY),
        }

    def _only(self, mode: Mode, done: bool) -> Layer:
        """A layer that one kind of run alone moves."""
        return Layer(LayerState.ABSENT) if self.mode is not mode else Layer(CONVERGED if done else BEHIND)

    def _database(self) -> Layer:
        wanted = promotion.Wanted("shop", STANDBY, self.mode, (HOME, STANDBY), accept_data_loss=True)
        members = tuple(
            Member(
                ARN[each],
                each,
                each == self.writer,
                (),
                SyncStatus.PENDING_RESYNC if self.resync and each != self.writer else SyncStatus.CONNECTED,
            )
            for each in (HOME, STANDBY)
        )
        state = FailoverState("failing-over", ARN[self.writer], ARN[self.busy_to], True) if self.busy_to else None
        cluster = GlobalCluster("shop", "available", members, state)
        here = Cluster(ARN[STANDBY], "endpoint", 5432, "available", "aurora-postgresql", "16.4", ("one",))
        decision = promotion.decide(
            promotion.Observed(cluster, here, None if self.lost else replace(here, arn=ARN[HOME])), wanted
        )
        if isinstance(decision, promotion.Refuse):
            return Layer(BEHIND, findings=decision.findings)
        if isinstance(decision, promotion.Already):
            return Layer(CONVERGED)
        calls = (Call("rds", decision.action, decision.region),) if isinstance(decision, promotion.Start) else ()
        return Layer(BEHIND, calls)

    def _traffic(self) -> Layer:
        acts = [act_for(LatchState.SET, each) for each in self.latch]
        calls = tuple(Call("s3", act.value, STANDBY) for act in acts if act)
        return Layer(BEHIND if calls else CONVERGED, calls)

    def make(self, name: StepName, wholly: bool) -> None:
        """Our step takes effect: wholly, or in part only."""
        if name is StepName.FENCE_REGION:
            self.fenced = True
        elif name is StepName.SCALE_COMPUTE:
            self.scaled = wholly
        elif name is StepName.PROMOTE_DATABASE:
            self.busy_to = self.busy_to or STANDBY
            if wholly:
                self.operation_ends()
        elif name is StepName.SWITCH_TRAFFIC:
            self.moved_by_us = True
            self.latch = [ObjectState.SET, ObjectState.SET if wholly else self.latch[1]]
        elif name is StepName.SWITCH_EDGE:
            self.edge, self.edge_by_us = STANDBY, True
        elif name is StepName.PROMOTE_SECRETS:
            assert self.writer == STANDBY, "it can't be undone, and the target doesn't write"
            self.secret_alone = True
        elif name is StepName.MOVE_KEYS:
            assert self.routed_to() == STANDBY, "users are served first"
            self.key_primary = STANDBY if wholly else self.key_primary

    def operation_ends(self) -> None:
        if self.busy_to:
            self.writer, self.busy_to = self.busy_to, None
            self.resync = self.lost
            # A switchover stops the old writer; after a failover it goes on where it lives and isn't fenced.
            keeps_on = self.mode is Mode.UNPLANNED and not self.lost
            self.writable = {self.writer} | ({HOME} if keeps_on and self.writer == STANDBY else set())

    def happens(self, event: str) -> None:
        if event == "home is lost":
            self.lost = True
        elif event == "home returns":
            self.lost = False
            self.writable -= {HOME} if self.writer == STANDBY else set()
        elif event == "the operation ends":
            self.operation_ends()
        elif event == "the operation is cancelled":
            self.busy_to = None
        elif event == "a bucket loses its object":
            self.latch[1] = ObjectState.UNKNOWN if self.latch[0] is ObjectState.SET else self.latch[1]

    def world(self) -> World:
        away = frozenset({HOME} if self.lost else ())
        fenced = frozenset({HOME} if self.fenced else ())
        return World(frozenset(self.writable - away), away, fenced, self.routed_to(), self.edge)


EVENTS = (
    "nothing",
    "home is lost",
    "home returns",
    "the operation ends",
    "the operation is cancelled",
    "a bucket loses its object",
)
SIMULATIONS = st.builds(
    Simulation,
    mode=st.sampled_from(Mode),
    busy_to=st.sampled_from([None, STANDBY, HOME]),
    lost=st.booleans(),
    scaled=st.booleans(),
    resync=st.booleans(),
)


def one_step(simulation: Simulation, wholly: bool) -> str:
    """Carry the plan on by one step; say why not where it isn't."""
    plan = resolve(simulation.layers(), Wanted(simulation.mode, STANDBY, HOME))
    if plan.refusals:
        return plan.refusals[0].code
    todo = [step for step in plan.steps if step.state is BEHIND and may_begin(step.name, plan)]
    if not todo:
        return "done"
    simulation.make(todo[0].name, wholly)
    return ""


@settings(max_examples=300, deadline=None)
@given(SIMULATIONS, st.lists(st.tuples(st.booleans(), st.sampled_from(EVENTS)), max_size=12))
def test_carried_on_from_anywhere_it_breaks_no_invariant_and_ends(
    simulation: Simulation, story: list[tuple[bool, str]]
) -> None:
    for wholly, event in story:
        one_step(simulation, wholly)
        assert routed_to_non_writer(simulation.world(), simulation.moved_by_us) is None
        assert fed_from_non_writer(simulation.world(), simulation.edge_by_us) is None
        if simulation.mode is Mode.UNPLANNED:
            assert split_brain(simulation.world()) is None
        simulation.happens(event)
    for _attempt in range(12):  # now nothing more goes wrong
        simulation.operation_ends()
        ended = one_step(simulation, wholly=True)
    assert ended, "it goes on for ever"
    if ended == "done":
        assert (simulation.writer, simulation.routed_to(), simulation.edge) == (STANDBY,) * 3
        planned = simulation.mode is Mode.PLANNED
        assert (simulation.key_primary == STANDBY, simulation.secret_alone) == (planned, not planned)


def test_traffic_may_not_move_before_the_target_is_the_writer() -> None:
    layers = {StepName.PROMOTE_DATABASE: Layer(BEHIND), StepName.SWITCH_TRAFFIC: Layer(BEHIND)}
    plan = resolve(layers, Wanted(Mode.PLANNED, STANDBY, HOME))
    assert plan.next is not None and plan.next.name is StepName.PROMOTE_DATABASE
    assert not may_begin(StepName.SWITCH_TRAFFIC, plan)


def test_what_a_workload_has_not_got_stands_in_the_way_of_nothing() -> None:
    plan = resolve({StepName.SWITCH_TRAFFIC: Layer(BEHIND)}, Wanted(Mode.PLANNED, STANDBY, HOME))
    assert may_begin(StepName.SWITCH_TRAFFIC, plan)


@pytest.mark.parametrize("mode", Mode)
def test_only_an_unplanned_promotion_is_the_point_of_no_return(mode: Mode) -> None:
    plan = resolve({name: Layer(BEHIND) for name in StepName}, Wanted(mode, STANDBY, HOME))
    final = [step.name for step in plan.steps if step.point_of_no_return]
    assert final == ([StepName.PROMOTE_DATABASE] if mode is Mode.UNPLANNED else [])


def test_a_refusal_of_any_layer_is_one_of_the_plan() -> None:
    layers = {StepName.PROMOTE_DATABASE: Layer(BEHIND, findings=(refusal("no", "seen", "do"),))}
    assert [each.code for each in resolve(layers, Wanted(Mode.PLANNED, STANDBY, HOME)).refusals] == ["no"]


def test_the_table_shows_calls_gates_and_what_needs_us_east_1() -> None:
    layers = {
        StepName.PROMOTE_DATABASE: Layer(BEHIND, (Call("rds", "FailoverGlobalCluster", STANDBY),)),
        StepName.SWITCH_TRAFFIC: Layer(BEHIND, (Call("route53", "ChangeResourceRecordSets", "us-east-1"),)),
    }
    shown = "\n".join(table(resolve(layers, Wanted(Mode.UNPLANNED, STANDBY, HOME))))
    assert "promote_database: behind, POINT OF NO RETURN" in shown
    assert "rds:FailoverGlobalCluster in eu-west-1" in shown
    assert "switch_traffic: behind, needs us-east-1" in shown
    assert "compute" not in shown


def test_the_table_has_every_step_in_its_order_and_the_users_own_where_they_stand() -> None:
    places = {"drain": "promote", "warm": "traffic", "tell": "end"}
    yours = [ExtraStep(name, f"{name}.yml", point, False, ("planned",)) for name, point in places.items()]
    plan = resolve({name: Layer(CONVERGED) for name in StepName}, Wanted(Mode.PLANNED, STANDBY, HOME))
    rows = [line.split(None, 1)[1] for line in table(plan, yours)[1:]]
    names = [row.split("  ")[0] for row in rows]
    assert [name for name in names if not name.startswith("yours")] == [name.value for name in StepName]
    assert names.index("yours: drain") == names.index("promote_database") - 1
    assert names.index("yours: warm") == names.index("switch_traffic") - 1
    assert names[-1] == "yours: tell"


def test_each_step_belongs_to_a_part_of_the_run_and_the_parts_keep_their_order() -> None:
    order = list(Phase)
    assert sorted(StepName, key=lambda name: order.index(PHASES[name])) == list(StepName)


@pytest.mark.parametrize("name", [StepName.PROMOTE_SECRETS, StepName.SWITCH_EDGE, StepName.MOVE_KEYS])
def test_nothing_follows_the_writer_before_there_is_one(name: StepName) -> None:
    plan = resolve({each: Layer(BEHIND) for each in StepName}, Wanted(Mode.UNPLANNED, STANDBY, HOME))
    assert not may_begin(name, plan)
