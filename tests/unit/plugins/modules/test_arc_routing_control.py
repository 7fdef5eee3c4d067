# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The module against a cluster of its own: any endpoint will do, the writer is proved first, rules are obeyed."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Answer
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import record_watch, writer_gate
from ansible_collections.multiregion.aws_dr.plugins.modules import arc_routing_control as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import LOST, SteppedClock, context, refused

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
ENDPOINTS = [{"region": region, "url": f"https://one.{region}.example/v1"} for region in REGIONS]
CONTROLS = [{"arn": "home", "region": "eu-central-1"}, {"arn": "standby", "region": "eu-west-1"}]
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}
PROOF = WriterProof("eu-west-1", "shop-1", "aurora_server_id", "endpoint", "127.0.0.1", "nonce", 0.01, 1.0)
RECORD: dict[str, Any] = {"name": "api.shop.example", "expect": ["192.0.2.62"]}
RULE = "arn:rule"


def given(answer: Any) -> Any:
    """What a fake was told to answer; an error is raised."""
    if isinstance(answer, Exception):
        raise answer
    return answer


class FakeCluster:
    def __init__(self) -> None:
        self.states = {"home": "On", "standby": "Off"}
        self.dead: set[str] = set()
        self.asked: list[str] = []
        self.updates: list[dict[str, str]] = []
        self.faults: list[Exception] = []
        self.lost_answer = False
        self.through: set[str] = set()

    def get_at(self, service: str, region: str, url: str, through: str) -> Endpoint:
        assert (service, url) == ("route53-recovery-cluster", f"https://one.{region}.example/v1")
        self.through.add(through)
        return Endpoint(self, region)


class Endpoint:
    def __init__(self, cluster: FakeCluster, region: str) -> None:
        self.cluster, self.region = cluster, region

    def _enter(self) -> None:
        self.cluster.asked.append(self.region)
        if self.region in self.cluster.dead:
            raise EndpointConnectionError(endpoint_url=self.region)

    def get_routing_control_state(self, RoutingControlArn: str) -> dict[str, str]:  # noqa: N803
        self._enter()
        if RoutingControlArn not in self.cluster.states:
            raise refused("ResourceNotFoundException")
        return {"RoutingControlState": self.cluster.states[RoutingControlArn]}

    def update_routing_control_states(
        self,
        UpdateRoutingControlStateEntries: list[dict[str, str]],  # noqa: N803
        SafetyRulesToOverride: list[str],  # noqa: N803
    ) -> None:
        self._enter()
        entries = UpdateRoutingControlStateEntries
        states = {entry["RoutingControlArn"]: entry["RoutingControlState"] for entry in entries}
        self.cluster.updates.append(states)
        fault = self.cluster.faults.pop(0) if self.cluster.faults else None
        if fault is not None and not self.cluster.lost_answer and RULE not in SafetyRulesToOverride:
            raise fault
        self.cluster.states.update(states)
        if fault is not None and self.cluster.lost_answer:
            raise fault


class Bench:
    def __init__(self) -> None:
        self.cluster, self.clock, self.warnings = FakeCluster(), SteppedClock(), list[str]()
        self.proved = 0
        self.proof: Exception | WriterProof = PROOF

    def prove(self, *_arguments: Any) -> WriterProof:
        self.proved += 1
        assert self.cluster.updates == [], "the writer is proved before anything is switched"
        answer: WriterProof = given(self.proof)
        return answer

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        given = {
            "state": "switched",
            "endpoints": ENDPOINTS,
            "controls": CONTROLS,
            "target": "eu-west-1",
            "database": DATABASE,
            "allow_unverified_writer": False,
            "safety_rules_to_override": [],
            "record": None,
            "resolvers": [],
            "run": None,
            "wait": True,
            "timeout": 60.0,
            **options,
        }
        return module.execute(given, context(self.clock, self.cluster, self.warnings, check_mode, given["timeout"]))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench()
    monkeypatch.setattr(writer_gate, "proved_writer", bench.prove)
    monkeypatch.setattr(writer_gate.WriterGate, "look", lambda _self: bench.warnings.append("looked"))
    return bench


def test_the_controls_are_switched_in_one_transaction_once_the_writer_is_proved(bench: Bench) -> None:
    result = bench.run()
    assert (result.changed, bench.proved) == (True, 1)
    assert bench.cluster.updates == [{"home": "Off", "standby": "On"}]
    shown = result.values["routing_controls"]
    assert [control["state"] for control in shown["controls"]] == ["Off", "On"]
    assert shown["switched_at"] is not None
    assert [call.action for call in result.calls] == ["UpdateRoutingControlStates"]
    assert (result.before, result.after) == ({"home": "On", "standby": "Off"}, {"home": "Off", "standby": "On"})


def test_a_second_run_proves_and_switches_nothing(bench: Bench) -> None:
    bench.run()
    again = bench.run()
    assert (again.changed, bench.proved, len(bench.cluster.updates)) == (False, 1, 1)
    assert (again.calls, again.values["routing_controls"]["switched_at"]) == ((), None)


def test_only_what_differs_is_switched(bench: Bench) -> None:
    bench.cluster.states = {"home": "On", "standby": "On"}
    bench.run()
    assert bench.cluster.updates == [{"home": "Off"}]


def test_check_mode_lists_the_call_and_makes_none(bench: Bench) -> None:
    result = bench.run(check_mode=True)
    assert (result.changed, len(result.calls), bench.cluster.updates, bench.proved) == (True, 1, [], 0)
    assert bench.warnings == ["looked"]


def test_reading_needs_no_target(bench: Bench) -> None:
    result = bench.run(state="read", target=None, database=None)
    assert not result.changed
    assert [each["state"] for each in result.values["routing_controls"]["controls"]] == ["On", "Off"]


@pytest.mark.parametrize("alive", REGIONS)
def test_any_one_endpoint_is_enough(bench: Bench, alive: str) -> None:
    bench.cluster.dead = set(REGIONS) - {alive}
    result = bench.run()
    assert result.values["routing_controls"]["endpoint"] == alive
    assert bench.cluster.states == {"home": "Off", "standby": "On"}


def test_the_endpoint_that_answered_is_asked_first_again(bench: Bench) -> None:
    bench.cluster.dead = set(REGIONS) - {"eu-west-1"}
    bench.run()
    later = bench.cluster.asked[-3:]
    assert later == ["eu-west-1"] * 3


def test_no_endpoint_is_everybodys_first() -> None:
    firsts = set()
    for _unused in range(60):
        bench = Bench()
        bench.run(state="read", target=None, controls=CONTROLS[:1])
        firsts.add(bench.cluster.asked[0])
    assert len(firsts) > 1


def test_the_credentials_are_those_of_the_target(bench: Bench) -> None:
    bench.run()
    assert bench.cluster.through == {"eu-west-1"}


def test_no_answer_at_all_is_said_with_what_each_endpoint_did(bench: Bench) -> None:
    bench.cluster.dead = set(REGIONS)
    with pytest.raises(DrError, match="no endpoint of the cluster answered") as caught:
        bench.run()
    assert all(region in str(caught.value) for region in REGIONS)


def test_a_passing_fault_of_every_endpoint_is_waited_out(bench: Bench) -> None:
    bench.cluster.faults = [refused("EndpointTemporarilyUnavailableException")] * 6
    bench.run()
    assert bench.cluster.states == {"home": "Off", "standby": "On"}


def test_a_lost_answer_does_no_harm(bench: Bench) -> None:
    bench.cluster.faults, bench.cluster.lost_answer = [LOST], True
    assert bench.run().changed
    assert bench.cluster.updates == [{"home": "Off", "standby": "On"}] * 2


def test_a_safety_rule_is_a_refusal_that_no_second_endpoint_is_asked_about(bench: Bench) -> None:
    bench.cluster.faults = [refused("ConflictException")] * 2
    with pytest.raises(Refused, match="safety_rule"):
        bench.run()
    assert len(bench.cluster.updates) == 1
    assert bench.cluster.states == {"home": "On", "standby": "Off"}


def test_a_safety_rule_is_overridden_only_by_name(bench: Bench) -> None:
    bench.cluster.faults = [refused("ConflictException")]
    assert bench.run(safety_rules_to_override=[RULE]).changed


def test_a_missing_permission_is_final(bench: Bench) -> None:
    bench.cluster.faults = [refused("AccessDeniedException")] * 2
    with pytest.raises(DrError, match="AccessDenied"):
        bench.run()
    assert len(bench.cluster.updates) == 1


def test_nothing_is_switched_where_the_writer_is_not_proved(bench: Bench) -> None:
    bench.proof = NotWriter("Writing", "it is a replica", "Promote it.")
    with pytest.raises(Refused, match="writer_not_proved"):
        bench.run()
    assert bench.cluster.updates == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"endpoints": []}, "no_endpoints"),
        ({"controls": []}, "no_controls"),
        ({"target": "eu-west-3"}, "target_without_control"),
        ({"database": None}, "writer_unverified"),
        ({"controls": [*CONTROLS, {"arn": "nope", "region": "eu-west-3"}]}, "unknown_control"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_switched(
    bench: Bench, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        bench.run(**options)
    assert bench.cluster.updates == []


def test_the_record_is_watched_until_it_follows(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [("192.0.2.61",), ("192.0.2.62",)]
    monkeypatch.setattr(record_watch, "resolve", lambda *_args: Answer(RECORD["name"], answers.pop(0), 60, 0.0))
    result = bench.run(record=RECORD)
    assert result.values["record"]["addresses"] == ["192.0.2.62"]


def test_a_record_that_does_not_follow_is_an_error_about_the_controls(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_watch, "resolve", lambda *_args: Answer(RECORD["name"], ("192.0.2.61",), 60, 0.0))
    with pytest.raises(DrError, match=r"controls are switched, and the name is not so .* 192\.0\.2\.61") as caught:
        bench.run(record=RECORD, timeout=5.0)
    assert "RECOVERY_CONTROL" in caught.value.next_step
