# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module on a fake AWS and a state table that is a file: what it reads, decides and puts on record."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import ServerState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import KillSwitch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import health
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import trigger
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lease import suspend
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.local_store import LocalStore
from ansible_collections.multiregion.aws_dr.plugins.modules import failover_trigger
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import Stage, asked

AUTOMATIC = {"mode": "automatic"}


def said(witness: str, kind: str, place: str, subject: str = "workload", reading: str = "bad") -> dict[str, Any]:
    return {
        "witness": witness,
        "kind": kind,
        "place": place,
        "subject": subject,
        "region": HOME,
        "reading": reading,
        "failing_since": time.time() - 40,
        "detail": "no answer",
    }


def verdict(**changed: Any) -> dict[str, Any]:
    now = time.time()
    return {
        "workload": "shop",
        "region": HOME,
        "ruling": "region_lost",
        "evidence": [said("probe", "probe", STANDBY), said("canary", "canary", "eu-west-3", "platform")],
        "reasons": ["canary, probe saw it fail for 35.0 s"],
        "first_failure": now - 40,
        "sustained": 35.0,
        "ruled_at": now,
        **changed,
    }


class Table:
    """``broken`` are the reads that fail, ``slow`` holds up every write."""

    def __init__(self, path: Path) -> None:
        self.store = LocalStore(str(path / "table.json"))
        self.broken: set[str] = set()
        self.slow: threading.Event | None = None
        self.regions: list[str] = []

    def __call__(self, _clients: Any, region: str, _table: str, _clock: Any) -> Any:
        self.regions.append(region)
        return self

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any) -> Any:
            if name in self.broken:
                raise DrError(f"Asking the table to {name}", "no answer", "Ask again.")
            if self.slow is not None and name.startswith("write"):
                self.slow.wait(20)
            return getattr(self.store, name)(*given)

        return call


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    state = ServerState("shop-eu-west-1-1", "server_id", "10.0.0.1", writable=False, seconds=0.01)
    monkeypatch.setattr(health, "read_state", lambda *_given, **_more: state)
    return FakeAws()


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    found = Table(tmp_path)
    monkeypatch.setattr(failover_trigger, "TableStore", found)
    return found


def decide(aws: FakeAws, check_mode: bool = False, **given: Any) -> dict[str, Any]:
    options = {
        "workload": "shop",
        "lock": "shop",
        "verdict": verdict(),
        "policy": AUTOMATIC,
        "target": {"region": STANDBY, "api_url": None, "global_replication_group_id": None},
        "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"},
        "resolvers": [],
        "table": "aws-dr-state",
        "table_region": STANDBY,
        "decided_by": "watcher",
        "observe_timeout": 3.0,
        **given,
    }
    clock = SystemClock()
    warnings: list[str] = []
    clients: Any = aws
    context = Context(check_mode, False, clock, Deadline.after(clock, 10), clients, silent, warnings.append)
    result = failover_trigger.execute(options, context)
    assert result.changed is False and result.calls == ()
    return {**result.values["decision"], "warnings": warnings}


def codes(decided: dict[str, Any]) -> list[str]:
    return [each["code"] for each in decided["reasons"]]


def ended(**changed: Any) -> RunRecord:
    closed = {"outcome": Outcome.SUCCEEDED, "opened_at": 5000.0, "closed_at": 6000.0, "fence": 1}
    return asked(**{**closed, **changed})


def test_a_lost_region_is_failed_over_and_the_decision_is_on_record(aws: FakeAws, table: Table) -> None:
    decided = decide(aws)
    assert (decided["action"], decided["reasons"], decided["recorded"]) == ("fail_over", [], True)
    [kept] = table.store.read_decisions("shop")
    assert (kept.number, kept.action, kept.by, kept.verdict["sustained"]) == (1, "fail_over", "watcher", 35.0)
    assert decided["first_failure"] == pytest.approx(time.time() - 40, abs=5)
    assert "it fails over" in decided["lines"][0] and decided["told"] == []


def test_nothing_is_asked_of_the_lost_region_nor_of_us_east_1(aws: FakeAws, table: Table) -> None:
    decide(aws)
    assert {region for _action, region, _call in aws.calls} == {STANDBY}
    assert table.regions == [STANDBY]


def test_without_a_policy_nothing_is_done_and_nothing_recorded(aws: FakeAws, table: Table) -> None:
    decided = decide(aws, policy={})
    assert (decided["action"], codes(decided)) == ("none", ["automation_off"])
    assert table.store.read_decisions("shop") == ()


def test_check_mode_decides_and_puts_nothing_on_record(aws: FakeAws, table: Table) -> None:
    decided = decide(aws, check_mode=True)
    assert (decided["action"], decided["recorded"]) == ("fail_over", False)
    assert table.store.read_decisions("shop") == ()


@pytest.mark.parametrize("scope", ["*", "shop"])
def test_either_kill_switch_holds_it(aws: FakeAws, table: Table, scope: str) -> None:
    table.store.write_switch(KillSwitch(scope, True, "a test", "ada", 1.0), None)
    assert codes(decide(aws)) == ["automation_switched_off"]


def test_another_workloads_kill_switch_doesn_t(aws: FakeAws, table: Table) -> None:
    table.store.write_switch(KillSwitch("billing", True, "a test", "ada", 1.0), None)
    assert decide(aws)["action"] == "fail_over"


@pytest.mark.parametrize(
    ("broken", "code"),
    [("read_switch", "switch_unreadable"), ("read_lock", "lease_unknown"), ("read_history", "last_run_unknown")],
)
def test_what_can_t_be_read_holds_it_and_says_why(aws: FakeAws, table: Table, broken: str, code: str) -> None:
    table.broken = {broken}
    decided = decide(aws)
    assert (decided["action"], codes(decided)) == ("hold", [code])
    assert any("no answer" in why for why in decided["unread"].values())


def test_a_table_that_answers_nothing_holds_it_and_costs_a_few_seconds(aws: FakeAws, table: Table) -> None:
    table.broken = {name for name in dir(LocalStore) if name.startswith(("read", "write"))}
    decided = decide(aws)
    assert decided["action"] == "hold" and not decided["recorded"]
    assert {"switch_unreadable", "lease_unknown", "last_run_unknown"} <= set(codes(decided))
    assert "isn't on record" in decided["warnings"][0]


@pytest.mark.parametrize("outcome", [None, Outcome.SUCCEEDED])
def test_an_open_run_holds_it_and_a_closed_one_doesn_t(aws: FakeAws, table: Table, outcome: Outcome | None) -> None:
    opened = Stage(table.store).open()
    if outcome is not None:
        table.store.write_run(replace(opened.run, outcome=outcome))
    assert codes(decide(aws)) == ([] if outcome else ["lease_held"])


@pytest.mark.parametrize("kind", RunKind)
def test_the_cooldown_counts_from_the_end_of_any_run(aws: FakeAws, table: Table, kind: RunKind) -> None:
    table.store.add_history(ended(kind=kind, opened_at=time.time() - 900, closed_at=time.time() - 60))
    assert codes(decide(aws)) == ["cooling_down"]
    assert decide(aws, policy={**AUTOMATIC, "cooldown": 30})["action"] == "fail_over"


def test_a_workload_that_was_moved_already_is_left_there(aws: FakeAws, table: Table) -> None:
    aws.writer = STANDBY
    decided = decide(aws)
    assert "writer_elsewhere" in codes(decided)
    assert decided["told"] == []


def test_a_target_that_can_t_be_read_is_unknown_and_the_writer_is_as_the_baseline_saw_it(
    aws: FakeAws, table: Table
) -> None:
    aws.failing["describe_global_clusters", STANDBY] = DrError("Asking RDS", "no answer", "Ask again.")
    assert codes(decide(aws)) == ["writer_unknown", "target_unknown"]
    roles = {HOME: {"role": "writer"}, STANDBY: {"role": "reader"}}
    table.store.write_baseline(Baseline("shop", 7000.0, observed={"database": roles}))
    assert codes(decide(aws)) == ["target_unknown"]


@pytest.mark.parametrize(
    ("run", "code"),
    [
        ({}, []),
        ({"closed_at": 7500.0, "target": STANDBY}, ["writer_elsewhere"]),
        ({"closed_at": 7500.0, "target": HOME, "kind": RunKind.FAILBACK}, []),
        ({"closed_at": 7500.0, "outcome": Outcome.FAILED}, ["writer_unknown"]),
        ({"closed_at": 7500.0, "outcome": Outcome.FAILED, "kind": RunKind.DRILL}, []),
    ],
)
def test_a_run_since_the_baseline_tells_more_than_that(
    aws: FakeAws, table: Table, run: dict[str, Any], code: list[str]
) -> None:
    aws.failing["describe_global_clusters", STANDBY] = DrError("Asking RDS", "no answer", "Ask again.")
    roles = {HOME: {"role": "writer"}, STANDBY: {"role": "reader"}}
    table.store.write_baseline(Baseline("shop", 7000.0, observed={"database": roles}))
    table.store.add_history(ended(**run))
    assert codes(decide(aws)) == [*code, "target_unknown"]


@pytest.mark.parametrize(
    ("roles", "run", "code"),
    [
        ({HOME: "writer", STANDBY: "reader"}, None, []),
        ({HOME: "writer", STANDBY: "writer"}, None, ["writer_elsewhere"]),  # it has moved since
        ({HOME: "writer", STANDBY: "reader"}, 6500.0, ["writer_elsewhere"]),  # a run since what was seen of it
    ],
)
def test_what_a_preflight_kept_of_a_lost_region_tells_as_of_when_it_was_seen(
    aws: FakeAws, table: Table, roles: dict[str, str], run: float | None, code: list[str]
) -> None:
    aws.failing["describe_global_clusters", STANDBY] = DrError("Asking RDS", "no answer", "Ask again.")
    seen = {region: {"role": role} for region, role in roles.items()}
    older = {"database": {HOME: 6000.0}}
    table.store.write_baseline(Baseline("shop", 7000.0, observed={"database": seen}, older=older))
    if run is not None:
        table.store.add_history(ended(closed_at=run, target=STANDBY))
    assert codes(decide(aws)) == [*code, "target_unknown"]


def test_a_target_that_can_t_be_promoted_holds_it(aws: FakeAws, table: Table) -> None:
    aws.instances[STANDBY] = []
    assert codes(decide(aws)) == ["target_unhealthy"]


def test_lag_never_holds_it(aws: FakeAws, table: Table) -> None:
    """No metric has a sample: of the lost Region none comes any more."""
    assert aws.metrics == {}
    assert decide(aws)["action"] == "fail_over"


def test_a_failover_doesn_t_wait_for_its_record(aws: FakeAws, table: Table) -> None:
    table.slow = threading.Event()
    began = time.monotonic()
    decided = decide(aws)
    took = time.monotonic() - began
    table.slow.set()
    assert (decided["action"], decided["recorded"]) == ("fail_over", False) and took < 5
    assert "hasn't answered yet" in decided["warnings"][0]


def test_a_decision_is_recorded_once_until_it_changes(aws: FakeAws, table: Table) -> None:
    unclear = verdict(ruling="unclear")
    for _time in range(3):
        assert decide(aws, verdict=unclear)["recorded"]
    assert len(table.store.read_decisions("shop")) == 1
    decide(aws, verdict=verdict(ruling="healthy"))
    decide(aws, verdict=verdict(ruling="healthy"))
    decide(aws, verdict=unclear)
    newest = [(each.number, each.action.value, each.codes) for each in table.store.read_decisions("shop")]
    assert newest == [
        (3, "hold", ("witnesses_unclear",)),
        (2, "none", ()),
        (1, "hold", ("witnesses_unclear",)),
    ]


def test_two_that_decide_at_once_are_both_on_record(
    aws: FakeAws, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(aws)
    first = table.store.read_decisions("shop")
    monkeypatch.setattr(table.store, "read_decisions", lambda _workload: first)
    decide(aws)
    decide(aws)
    monkeypatch.undo()
    assert [each.number for each in table.store.read_decisions("shop")] == [3, 2, 1]


def test_a_recommendation_tells_the_command(aws: FakeAws, table: Table) -> None:
    decided = decide(aws, policy={"mode": "recommend"})
    assert decided["action"] == "recommend"
    command = decided["told"][-1]
    assert "multiregion.aws_dr.failover -i INVENTORY -e workloads=shop -e target=eu-west-1 -e mode=unplanned" in command
    assert "-e accept_data_loss=true -e first_failure=" in command and "approved_by" not in command


def test_a_first_failure_that_can_t_be_is_left_out(aws: FakeAws, table: Table) -> None:
    for wrong in (time.time() + 7200, time.time() - 90_000):
        assert decide(aws, verdict=verdict(first_failure=wrong))["first_failure"] == 0.0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"verdict": {}}, "KeyError: 'workload'"),
        ({"verdict": {"workload": "shop", "region": HOME, "ruling": "gone"}}, "'gone' is not a valid Ruling"),
        ({"workload": "billing"}, "it is of shop, not of billing"),
        ({"verdict": verdict(region=STANDBY)}, "the target itself"),
        ({"policy": {"mode": "auto"}}, "Give one of: manual, recommend, automatic"),
    ],
)
def test_what_can_t_be_understood_is_an_error_and_not_a_decision(
    aws: FakeAws, table: Table, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(DrError) as raised:
        decide(aws, **given)
    assert told in str(raised.value)
    assert aws.calls == []


OURS: dict[str, Any] = {"approved_by": "policy", "target": STANDBY}


@pytest.mark.parametrize(
    ("run", "dead", "code"),
    [
        (OURS, True, []),
        (OURS, False, ["lease_held"]),
        ({**OURS, "approved_by": "grace"}, True, ["lease_held"]),
        ({**OURS, "target": HOME}, True, ["lease_held"]),
        ({**OURS, "mode": "planned"}, True, ["lease_held"]),
        ({**OURS, "kind": RunKind.FAILBACK}, True, ["lease_held"]),
    ],
)
def test_only_a_failover_of_its_own_that_was_killed_is_gone_on_with(
    aws: FakeAws, table: Table, monkeypatch: pytest.MonkeyPatch, run: dict[str, Any], dead: bool, code: list[str]
) -> None:
    """Also when it has promoted the target already: its clients are yet to be moved."""
    Stage(table.store).open(asked(**run))
    monkeypatch.setattr(trigger, "is_dead", lambda _holder: dead)
    decided = decide(aws)
    assert (codes(decided), decided["goes_on"]) == (code, code == [])
    aws.writer = STANDBY
    monkeypatch.setattr(trigger.plan, "target_healthy", lambda *_given: True)
    assert codes(decide(aws)) == ([*code, "writer_elsewhere"] if code else [])


def test_one_that_failed_is_a_persons_to_look_at(aws: FakeAws, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Stage(table.store).open(asked(**OURS))
    suspend(opened.run.id, "shop", opened.lock.fence, {}, table.store, SystemClock())
    monkeypatch.setattr(trigger, "is_dead", lambda _holder: True)
    assert codes(decide(aws)) == ["lease_held"]
