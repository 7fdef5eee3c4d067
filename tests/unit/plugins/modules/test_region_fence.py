# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import MagicMock

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds import observe
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import fence as run_fence
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import fence_acl, fence_compute, fence_site
from ansible_collections.multiregion.aws_dr.plugins.modules import region_fence as module

from .fence_stage import ACCEPTED, Journal, Stage, allow, client_error, timed_out

SERVICE = {"ecs_services": [{"cluster": "shop", "service": "api"}], "auto_scaling_groups": [], "functions": []}
BOTH = [(1, False), (1, True)]
RUN = {"id": "shop-1", "fence": 1, "lock": "shop"}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()

    def hold(*_given: Any) -> Any:
        if not stage.reached:
            raise Unreachable("Connecting", "no answer", "Look.")
        return "held"

    def guarded(_run: Any, context: Any) -> Journal:
        stage.journals.append(Journal(context, stage.region))
        return stage.journals[-1]

    def end_sessions(_held: Any) -> int:
        return stage.sessions.pop(0) if len(stage.sessions) > 1 else stage.sessions[0]

    monkeypatch.setattr(fence_site, "hold", hold)
    monkeypatch.setattr(fence_site, "READ", 0.6)
    monkeypatch.setattr(observe, "AGAIN_AFTER", 0.05)
    monkeypatch.setattr(fence_acl, "PAUSE", 0.01)
    monkeypatch.setattr(fence_compute, "end_sessions", end_sessions)
    monkeypatch.setattr(fence_compute, "SESSION_INTERVAL", 0.01)
    monkeypatch.setattr(run_fence, "new_connection_writes", lambda *_given: stage.write)
    monkeypatch.setattr(run_fence, "held_connection_writes", lambda *_given: stage.write)
    monkeypatch.setattr(run_fence, "api_acknowledges", lambda *_given: stage.api)
    monkeypatch.setattr(module, "guarded", guarded)
    return stage


def without_record(before: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> MagicMock:
    """A state table whose journal alone knows of the fence."""
    store = MagicMock()
    store.read_fence.return_value = None
    started = Event("shop-1", 1, 0.0, "fence_compute", EventState.STARTED, seen={"before": before})
    store.read_events.return_value = (started,)
    monkeypatch.setattr(module, "open_store", lambda *_given: store)
    return store


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in caught.value.findings]


def test_fencing_denies_both_directions_and_is_proved(stage: Stage) -> None:
    result = stage.ask()
    fence = result.values["fence"]
    assert (fence["state"], fence["method"], fence["proved"]) == ("fenced", "network_acl", "true")
    assert stage.region.numbers() == BOTH
    assert [call.action for call in result.calls] == ["CreateNetworkAclEntry"] * 2
    assert fence["at"] == pytest.approx(time.time(), abs=10)
    assert (result.before, result.after["state"]) == ({"state": "unfenced"}, "fenced")
    assert stage.warnings == []


def test_what_was_before_is_in_the_journal_before_anything_is_changed(stage: Stage) -> None:
    stage.ask()
    (step,) = stage.steps
    assert (step["name"], step["calls"], step["changes"]) == ("fence_network_acl", 2, [])
    assert step["before"]["network_acls"] == {
        "acl-1": ["in 100 allow -1 0.0.0.0/0 0-65535", "out 100 allow -1 0.0.0.0/0 0-65535"]
    }
    assert step["before"]["reached"] is True
    assert step["seen"]["state"] == "fenced"


def test_a_second_run_changes_nothing_and_knows_what_was_before(stage: Stage) -> None:
    first = stage.ask()
    stage.reached = False
    second = stage.ask(before=first.values["fence"]["before"])
    assert (second.changed, second.calls) == (False, ())
    assert second.values["fence"]["proved"] == "true"
    assert second.values["fence"]["at"] is None
    assert stage.steps[-1]["name"] == "already fence_network_acl"


def test_check_mode_lists_the_calls_and_makes_none(stage: Stage) -> None:
    result = stage.ask(check_mode=True)
    assert result.changed
    assert [call.action for call in result.calls] == ["CreateNetworkAclEntry"] * 2
    assert result.values["fence"]["state"] == "fenced"
    assert (stage.region.changes, stage.steps, stage.warnings) == ([], [], [])
    assert "get_secret_value" not in stage.region.calls


def test_taking_down_removes_ours_and_leaves_the_rest_and_a_second_run_changes_nothing(stage: Stage) -> None:
    foreign = {**allow(False), "RuleNumber": 2, "RuleAction": "deny", "CidrBlock": "192.0.2.0/24"}
    stage.region.acls["acl-1"].append(foreign)
    stage.ask()
    first, second = stage.ask("unfenced"), stage.ask("unfenced")
    assert (first.changed, second.changed) == (True, False)
    assert stage.region.acls["acl-1"] == [allow(False), allow(True), foreign]
    assert [call.action for call in first.calls] == ["DeleteNetworkAclEntry"] * 2
    assert first.values["fence"]["state"] == second.values["fence"]["state"] == "unfenced"


def test_check_mode_takes_nothing_down(stage: Stage) -> None:
    stage.ask()
    result = stage.ask("unfenced", check_mode=True)
    assert [call.action for call in result.calls] == ["DeleteNetworkAclEntry"] * 2
    assert stage.region.numbers() == BOTH


def test_every_acl_of_the_databases_subnets_is_fenced(stage: Stage) -> None:
    stage.region.acls["acl-2"] = [allow(False), allow(True)]
    stage.region.subnets["db-b"] = "acl-2"
    stage.ask()
    assert stage.region.numbers("acl-1") == stage.region.numbers("acl-2") == BOTH


def test_reading_says_where_it_stands_and_changes_nothing(stage: Stage) -> None:
    assert stage.ask("read").values["fence"]["state"] == "unfenced"
    stage.region.acls["acl-1"].append({**allow(False), "RuleNumber": 9, "RuleAction": "deny"})
    stage.ask()
    made = list(stage.region.changes)
    seen = stage.ask("read").values["fence"]
    assert (seen["state"], len(seen["entries"]), seen["proved"]) == ("fenced", 2, "unknown")
    stage.region.dead = {"ec2"}
    assert stage.ask("read").values["fence"]["state"] == "unknown"
    assert stage.region.changes == made


class TestUnreachable:
    """Unknown is not fenced."""

    @pytest.mark.parametrize("service", ["rds", "ec2"])
    def test_it_is_refused_in_time_with_a_remedy(self, stage: Stage, service: str) -> None:
        stage.region.dead = {service}
        with pytest.raises(Refused) as caught:
            stage.ask()
        assert codes(caught) == ["fence_owed"]
        assert "allow_unfenced" in caught.value.findings[0].remedy
        assert (stage.region.changes, stage.steps, stage.region.connect_timeouts) == ([], [], [])

    def test_it_is_owed_where_that_is_allowed(self, stage: Stage) -> None:
        stage.region.dead = {"rds"}
        result = stage.ask(allow_unfenced=True)
        fence, hasty = result.values["fence"], stage.region.connect_timeouts  # users wait
        assert (result.changed, fence["state"], fence["proved"], hasty) == (False, "owed", "unknown", [0.5])
        assert "may acknowledge writes that will be lost" in stage.warnings[0]

    def test_taking_down_fails(self, stage: Stage) -> None:
        stage.ask()
        stage.region.dead = {"ec2"}
        with pytest.raises(Exception, match="ec2"):
            stage.ask("unfenced")
        assert stage.region.numbers() == BOTH


class TestFaults:
    def test_a_lost_answer_is_looked_after_and_nothing_is_made_twice(self, stage: Stage) -> None:
        stage.region.lost["create_network_acl_entry"] = [timed_out()]
        result = stage.ask()
        assert result.values["fence"]["state"] == "fenced"
        assert stage.region.numbers() == BOTH
        assert stage.region.changes == ["create_network_acl_entry"] * 2

    def test_a_throttled_call_is_made_again(self, stage: Stage) -> None:
        stage.region.failing["create_network_acl_entry"] = [client_error("RequestLimitExceeded")]
        assert stage.ask().values["fence"]["state"] == "fenced"
        assert sorted(stage.region.numbers()) == BOTH
        assert len(stage.region.changes) == 3

    def test_a_call_that_is_not_allowed_is_not_made_again(self, stage: Stage) -> None:
        stage.region.failing["create_network_acl_entry"] = [client_error("UnauthorizedOperation")] * 2
        with pytest.raises(Refused, match="UnauthorizedOperation"):
            stage.ask()
        assert len(stage.region.changes) == 2

    def test_a_full_acl_is_not_asked_again(self, stage: Stage) -> None:
        stage.region.failing["create_network_acl_entry"] = [client_error("NetworkAclEntryLimitExceeded")] * 2
        with pytest.raises(Refused, match="NetworkAclEntryLimitExceeded"):
            stage.ask()
        assert len(stage.region.changes) == 2

    def test_half_a_fence_is_a_failure_that_says_so(self, stage: Stage) -> None:
        stage.region.failing["create_network_acl_entry"] = [client_error("UnauthorizedOperation")]
        with pytest.raises(DrError, match="it is partial"):
            stage.ask()
        assert stage.region.numbers() == [(1, True)]

    def test_a_fence_that_cannot_be_looked_at_afterwards_is_unknown(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dying(*given: Any) -> Any:
            stage.region.dead = {"ec2"}
            return None

        monkeypatch.setattr(fence_acl, "_call_once", dying)
        result = stage.ask(allow_unfenced=True, timeout=1.0)
        assert result.values["fence"]["state"] == "unknown"
        stage.region.dead = set()
        with pytest.raises(DrError, match="unknown"):
            stage.ask(timeout=1.0)

    def test_a_write_that_is_accepted_disproves_it(self, stage: Stage) -> None:
        stage.write = ACCEPTED
        with pytest.raises(DrError, match="a write was accepted"):
            stage.ask()
        result = stage.ask(allow_unfenced=True)
        assert (result.values["fence"]["state"], result.values["fence"]["proved"]) == ("partial", "false")

    def test_a_database_that_was_out_of_reach_before_proves_nothing(self, stage: Stage) -> None:
        stage.reached = False
        assert stage.ask().values["fence"]["proved"] == "unknown"
        assert "not proved" in stage.warnings[0]

    def test_an_api_that_goes_on_acknowledging_disproves_it(self, stage: Stage) -> None:
        stage.api = ACCEPTED
        with pytest.raises(DrError):
            stage.ask(api_url="http://api.example/healthz")


class TestRefusals:
    def test_a_shared_acl_is_refused_and_accepted_with_a_warning(self, stage: Stage) -> None:
        stage.region.elsewhere = {"app": "acl-1"}
        with pytest.raises(Refused) as caught:
            stage.ask()
        assert codes(caught) == ["acl_shared", "fence_owed"]
        assert stage.region.changes == []
        assert stage.ask(allow_shared_acl=True).values["fence"]["state"] == "fenced"
        assert "acl_shared" in stage.warnings[0]

    def test_no_number_in_front_is_refused(self, stage: Stage) -> None:
        with pytest.raises(Refused) as caught:
            stage.ask(first_rule=200)
        assert "no_rule_number" in codes(caught)

    def test_a_method_that_is_not_described_is_refused_before_anything_is_asked(self, stage: Stage) -> None:
        with pytest.raises(Refused) as caught:
            stage.ask(methods=["compute"])
        assert codes(caught) == ["method_not_described"]
        assert stage.region.calls == []


class TestCompute:
    options: ClassVar[dict[str, Any]] = {"methods": ["compute"], "compute": SERVICE}

    def test_it_is_stopped_sessions_are_ended_and_it_is_set_going_again(self, stage: Stage) -> None:
        stage.sessions = [4, 1, 0]
        fenced = stage.ask(**self.options).values["fence"]
        assert (fenced["state"], fenced["proved"], stage.region.desired) == ("fenced", "true", 0)
        assert fenced["before"]["compute"][0]["desired"] == 3
        assert (stage.steps[0]["before"]["compute"][0]["desired"], stage.steps[0]["changes"]) == (3, [])
        restored = stage.ask("unfenced", before=fenced["before"], **self.options)
        assert (restored.values["fence"]["state"], stage.region.desired) == ("unfenced", 3)

    @pytest.mark.parametrize(("state", "desired"), [("fenced", 3), ("partial", 3), ("unfenced", 0), ("owed", 0)])
    def test_whoever_lifts_it_needs_its_record_alone(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch, state: str, desired: int
    ) -> None:
        """Of a fence that doesn't stand, the record says nothing of how things are now."""
        store, before = MagicMock(), stage.ask(**self.options).values["fence"]["before"]
        store.read_fence.return_value = FenceRecord("shop", "eu-central-1", state, before=before, run_id="shop-0")
        store.read_events.return_value = ()
        monkeypatch.setattr(module, "open_store", lambda *_given: store)
        stage.ask("unfenced", run=RUN, workload="shop", **self.options)
        written = store.write_fence.call_args.args[0]  # whose primary a snapshot is owed, that failover's it stays
        assert (stage.region.desired, written.run_id == "shop-0") == (desired, state != "unfenced")

    def test_one_that_was_killed_before_its_record_is_known_by_the_journal(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = without_record(stage.ask(**self.options).values["fence"]["before"], monkeypatch)
        again = stage.ask(run=RUN, workload="shop", **self.options)
        assert again.values["fence"]["before"]["compute"][0]["desired"] == 3
        assert store.write_fence.call_args.args[0].before["compute"][0]["desired"] == 3

    @pytest.mark.parametrize("state", ["fenced", "unfenced"])
    def test_what_was_done_is_returned_though_no_record_can_be_written(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch, state: str
    ) -> None:
        """Whoever gives up takes down what the result says was put up."""
        before = stage.ask(**self.options).values["fence"]["before"]
        if state == "fenced":
            stage.region.desired = 3
        without_record(before, monkeypatch).write_fence.side_effect = DrError("Writing", "no answer", "Look.")
        result = stage.ask(state, run=RUN, workload="shop", **self.options)
        assert result.changed and result.values["fence"]["before"]["compute"]
        assert any("No record says" in each for each in stage.warnings)

    def test_a_second_run_changes_nothing_and_returns_what_was_before(self, stage: Stage) -> None:
        first = stage.ask(**self.options).values["fence"]
        second = stage.ask(before=first["before"], **self.options)
        assert (second.changed, second.calls) == (False, ())
        assert second.values["fence"]["before"]["compute"] == first["before"]["compute"]

    def test_check_mode_lists_the_calls_and_makes_none(self, stage: Stage) -> None:
        result = stage.ask(check_mode=True, **self.options)
        assert [(call.service, call.action) for call in result.calls] == [("ecs", "UpdateService")]
        assert stage.region.changes == []

    def test_sessions_that_keep_coming_back_are_no_fence(self, stage: Stage) -> None:
        stage.sessions = [2]
        with pytest.raises(DrError, match="partial"):
            stage.ask(timeout=4.3, **self.options)

    def test_what_nobody_knows_how_it_was_stays_stopped(self, stage: Stage) -> None:
        stage.region.desired = 0
        assert not stage.ask("unfenced", **self.options).changed
        assert "before_unknown" in stage.warnings[0]

    def test_it_is_tried_where_the_network_acl_could_not_be_had(self, stage: Stage) -> None:
        stage.region.elsewhere = {"app": "acl-1"}
        fence = stage.ask(methods=["network_acl", "compute"], compute=SERVICE).values["fence"]
        assert (fence["state"], fence["method"]) == ("fenced", "compute")


class TestHook:
    def options(self, script: str, timeout: float = 10.0) -> dict[str, Any]:
        return {"methods": ["hook"], "hook": {"command": [sys.executable, "-c", script], "timeout": timeout}}

    def test_it_is_told_what_is_wanted_of_it(self, stage: Stage, tmp_path: Path) -> None:
        told = tmp_path / "told"
        options = self.options(f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())")
        assert stage.ask(**options).values["fence"]["proved"] == "true"
        assert json.loads(told.read_text()) == {
            "state": "fenced",
            "region": "eu-central-1",
            "global_cluster_id": "shop",
            "cluster": "arn:aws:rds:eu-central-1:123456789012:cluster:shop",
            "endpoint": "shop.example",
            "port": 5432,
        }
        stage.ask("unfenced", **options)
        assert json.loads(told.read_text())["state"] == "unfenced"

    def test_it_runs_though_the_region_gives_no_answer(self, stage: Stage) -> None:
        stage.region.dead = {"rds"}
        fence = stage.ask(**self.options("")).values["fence"]
        assert (fence["state"], fence["proved"]) == ("fenced", "unknown")

    def test_a_failure_is_not_a_fence(self, stage: Stage) -> None:
        with pytest.raises(DrError, match="status 3"):
            stage.ask(**self.options("raise SystemExit(3)"))

    def test_one_that_hangs_is_killed_with_its_children(self, stage: Stage) -> None:
        script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
        began = time.monotonic()
        with pytest.raises(DrError, match="was killed"):
            stage.ask(**self.options(script, timeout=0.5))
        assert time.monotonic() - began < 20

    def test_check_mode_does_not_run_it(self, stage: Stage, tmp_path: Path) -> None:
        told = tmp_path / "told"
        assert stage.ask(check_mode=True, **self.options(f"open({str(told)!r}, 'w')")).changed
        assert not told.exists()
