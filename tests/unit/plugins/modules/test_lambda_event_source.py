# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""The module against mappings of its own: gated when it enables, one call each, looked at until they are there."""

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import writer_gate
from ansible_collections.multiregion.aws_dr.plugins.modules import lambda_event_source as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import LOST, SteppedClock, context, refused

DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "require"}
PROOF = WriterProof("eu-west-1", "shop-1", "aurora_server_id", "endpoint", "127.0.0.1", "nonce", 0.01, 1.0)


def given(answer: Any) -> Any:
    """What a fake was told to answer; an error is raised."""
    if isinstance(answer, Exception):
        raise answer
    return answer


class FakeLambda:
    def __init__(self) -> None:
        self.states = {"one": "Disabled", "two": "Disabled"}
        self.calls: list[tuple[str, bool]] = []
        self.faults: list[Exception] = []
        self.lost_answer = False
        self.stuck = False
        self.proved_at: int | None = None

    def get(self, _service: str, _region: str) -> FakeLambda:
        return self

    def tick(self) -> None:
        ends = {"Enabling": "Enabled", "Disabling": "Disabled", "Creating": "Disabled"}
        if not self.stuck:
            self.states = {uuid: ends.get(state, state) for uuid, state in self.states.items()}

    def _shown(self, uuid: str) -> dict[str, str]:
        arn = "arn:aws:lambda:eu-west-1:1:function:orders"
        return {"UUID": uuid, "FunctionArn": arn, "EventSourceArn": f"arn:{uuid}", "State": self.states[uuid]}

    def get_paginator(self, _name: str) -> FakeLambda:
        return self

    def paginate(self, FunctionName: str, EventSourceArn: str = "") -> list[dict[str, Any]]:  # noqa: N803
        found = [self._shown(uuid) for uuid in self.states if FunctionName == "orders"]
        wanted = [each for each in found if EventSourceArn in ("", each["EventSourceArn"])]
        return [{"EventSourceMappings": wanted}]

    def get_event_source_mapping(self, UUID: str) -> dict[str, str]:  # noqa: N803
        return self._shown(UUID)

    def update_event_source_mapping(self, UUID: str, Enabled: bool) -> dict[str, str]:  # noqa: N803
        self.calls.append((UUID, Enabled))
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or self.lost_answer:
            self.states[UUID] = "Enabling" if Enabled else "Disabling"
        if fault is not None:
            raise fault
        return self._shown(UUID)


class Bench:
    def __init__(self) -> None:
        self.aws, self.clock, self.warnings = FakeLambda(), SteppedClock(), list[str]()
        self.clock.tick = self.aws.tick
        self.proved = 0
        self.proof: Exception | WriterProof = PROOF

    def prove(self, *_arguments: Any) -> WriterProof:
        self.proved += 1
        assert self.aws.calls == [], "the writer is proved before anything is enabled"
        answer: WriterProof = given(self.proof)
        return answer

    def run(self, state: str = "enabled", check_mode: bool = False, **options: Any) -> Result:
        given = {
            "region": "eu-west-1",
            "state": state,
            "mappings": [{"function": "orders", "source": None}],
            "database": DATABASE,
            "allow_unverified_writer": False,
            "resolvers": [],
            "run": None,
            "wait": True,
            "timeout": 60.0,
            **options,
        }
        return module.execute(given, context(self.clock, self.aws, self.warnings, check_mode, given["timeout"]))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench()
    monkeypatch.setattr(writer_gate, "proved_writer", bench.prove)
    monkeypatch.setattr(writer_gate.WriterGate, "look", lambda _self: bench.warnings.append("looked"))
    return bench


def test_all_mappings_are_enabled_once_the_writer_is_proved(bench: Bench) -> None:
    result = bench.run()
    assert (result.changed, bench.proved) == (True, 1)
    assert bench.aws.states == {"one": "Enabled", "two": "Enabled"}
    assert result.values["event_sources"]["state"] == "enabled"
    assert result.values["writer"]["server_id"] == "shop-1"
    assert [call.action for call in result.calls] == ["UpdateEventSourceMapping"] * 2
    assert (result.before, result.after) == (
        {"one": "Disabled", "two": "Disabled"},
        {"one": "Enabled", "two": "Enabled"},
    )


def test_a_second_run_proves_and_changes_nothing(bench: Bench) -> None:
    bench.aws.states = {"one": "Enabled", "two": "Enabled"}
    result = bench.run()
    assert (result.changed, bench.proved, bench.aws.calls) == (False, 0, [])
    assert result.values["writer"] is None


def test_what_is_on_its_way_is_waited_for_and_not_asked_again(bench: Bench) -> None:
    bench.aws.states = {"one": "Enabling", "two": "Enabled"}
    result = bench.run()
    assert (result.changed, bench.aws.calls, result.values["event_sources"]["state"]) == (False, [], "enabled")


def test_a_mapping_under_change_is_waited_for_before_it_is_asked(bench: Bench) -> None:
    bench.aws.states = {"one": "Disabling", "two": "Enabled"}
    assert bench.run().changed
    assert bench.aws.calls == [("one", True)]


def test_disabling_needs_no_proof(bench: Bench) -> None:
    bench.aws.states = {"one": "Enabled", "two": "Disabled"}
    result = bench.run("disabled", database=None)
    assert (result.changed, bench.proved, bench.aws.calls) == (True, 0, [("one", False)])
    assert bench.warnings == []


def test_only_the_source_that_is_named_is_meant(bench: Bench) -> None:
    bench.run(mappings=[{"function": "orders", "source": "arn:two"}])
    assert bench.aws.calls == [("two", True)]


def test_check_mode_lists_the_calls_and_makes_none(bench: Bench) -> None:
    result = bench.run(check_mode=True)
    assert (result.changed, len(result.calls), bench.aws.calls, bench.proved) == (True, 2, [], 0)
    assert bench.warnings == ["looked"]


def test_reading_changes_nothing(bench: Bench) -> None:
    bench.aws.states["one"] = "Enabled"
    result = bench.run("read", database=None)
    assert (result.changed, result.values["event_sources"]["state"]) == (False, "mixed")


def test_nothing_is_enabled_where_the_writer_is_not_proved(bench: Bench) -> None:
    bench.proof = NotWriter("Writing", "it is a replica", "Promote it.")
    with pytest.raises(Refused, match="writer_not_proved"):
        bench.run()
    assert bench.aws.calls == []


@pytest.mark.parametrize(
    ("options", "code"), [({"database": None}, "writer_unverified"), ({"mappings": []}, "no_mappings")]
)
def test_a_wrong_request_is_refused(bench: Bench, options: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        bench.run(**options)


def test_a_function_that_nothing_feeds_is_an_error(bench: Bench) -> None:
    with pytest.raises(DrError, match="no such event source mapping"):
        bench.run(mappings=[{"function": "nope", "source": None}])


def test_a_lost_answer_is_looked_at_and_the_call_not_made_again(bench: Bench) -> None:
    bench.aws.states = {"one": "Disabled"}
    bench.aws.faults, bench.aws.lost_answer = [LOST], True
    assert bench.run().changed
    assert bench.aws.calls == [("one", True)]


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ResourceInUseException"])
def test_a_passing_refusal_is_waited_out(bench: Bench, code: str) -> None:
    bench.aws.states, bench.aws.faults = {"one": "Disabled"}, [refused(code)]
    assert bench.run().values["event_sources"]["state"] == "enabled"


def test_one_mappings_failure_loses_nothing_of_the_other(bench: Bench) -> None:
    bench.aws.faults = [refused("AccessDeniedException")]
    with pytest.raises(DrError, match="AccessDeniedException") as caught:
        bench.run()
    assert sorted(each["state"] for each in caught.value.values["event_sources"]["mappings"]) == ["Disabled", "Enabled"]


def test_a_mapping_that_stays_under_change_is_late(bench: Bench) -> None:
    bench.aws.stuck = True
    with pytest.raises(DrError, match="not so after"):
        bench.run(timeout=5.0)


def test_without_waiting_it_is_on_its_way(bench: Bench) -> None:
    bench.aws.stuck = True
    result = bench.run(wait=False)
    assert (result.changed, result.values["event_sources"]["state"]) == (True, "changing")
