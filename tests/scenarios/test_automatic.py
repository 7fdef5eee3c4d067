# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A verdict is acted on without a person, or isn't, and says why; with everybody told who has to be."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playing import LabUnderTest, Played
from receivers import Hooks, hooks

from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port
from lab.settings import HOME, STANDBY

KEY = "a-key-of-the-webhook-which-nobody-may-see"
TRIGGER = ("ansible-playbook", "multiregion.aws_dr.automatic_failover", "-i", "inventories/lab")
SWITCH = ("ansible-playbook", "multiregion.aws_dr.automatic", "-i", "inventories/lab")
STATUS = ("ansible-playbook", "multiregion.aws_dr.status", "-i", "inventories/lab")
HISTORY = (
    *("aws", "dynamodb", "query", "--region", STANDBY, "--table-name", "aws-dr-state"),
    *("--key-condition-expression", "pk = :pk", "--expression-attribute-values", '{":pk": {"S": "history#shop"}}'),
)
SEEN_FOR = 35.0  # seconds that the watcher saw it fail for


@pytest.fixture
def hook() -> Iterator[Hooks]:
    with hooks(free_port(), KEY) as running:
        yield running


def verdict(ruling: str = "region_lost") -> dict[str, Any]:
    now = time.time()
    bad = {"region": HOME, "reading": "bad", "failing_since": now - SEEN_FOR, "detail": "no answer"}
    probe = {"witness": "probe", "kind": "probe", "place": STANDBY, "subject": "workload"}
    canary = {"witness": "canary", "kind": "canary", "place": "eu-west-3", "subject": "platform"}
    return {
        "workload": "shop",
        "region": HOME,
        "ruling": ruling,
        "evidence": [{**bad, **probe}, {**bad, **canary}],
        "reasons": [f"canary, probe saw it fail for {SEEN_FOR} s"],
        "first_failure": now - SEEN_FOR,
        "sustained": SEEN_FOR - 1,
        "ruled_at": now,
    }


def trigger(
    lab: LabUnderTest, path: Path, mode: str = "automatic", ruling: str = "region_lost", hook: Hooks | None = None
) -> Played:
    given: dict[str, Any] = {"verdict": verdict(ruling), "aws_dr_automatic": {"mode": mode, "witnesses": 2, "kinds": 2}}
    if hook is not None:
        given["aws_dr_notify"] = {"channels": [{"name": "hook", "type": "webhook", "url": hook.url, "key": KEY}]}
    (path / "given.json").write_text(json.dumps(given), encoding="utf-8")
    return lab.play(*TRIGGER, "-e", f"@{path / 'given.json'}")


def held(played: Played) -> list[str]:
    assert played.status == 0, played.output
    assert (played.summary["action"], played.changed) == ("hold", 0), played.output
    assert [call for call in played.writes if call["service"] != "dynamodb"] == []
    return list(played.summary["codes"])


def test_a_lost_region_is_failed_over_and_the_next_verdict_finds_it_moved(lab: LabUnderTest, tmp_path: Path) -> None:
    lab.run("fault", "region", HOME)
    played = trigger(lab, tmp_path)
    assert played.status == 0, played.output
    assert (played.summary["writer"], lab.report_writers()) == (STANDBY, [STANDBY])
    assert "it fails over" in played.output and "first failed sample of an outside probe" in played.output
    [run] = json.loads(lab.run("exec", "--", *HISTORY).stdout)["Items"]
    assert (run["approved_by"]["S"], run["initiated_by"]["S"]) == ("policy", "watcher")
    assert run["reason"]["S"].startswith(f"automatic: {HOME} is lost: canary, probe saw it fail")
    told = lab.play(*STATUS, "-e", json.dumps({"aws_dr_automatic": {"mode": "automatic"}})).output
    assert "automatic failover: automatic, on 2 witnesses of 2 kinds for 30 s" in told
    assert "kill switch: released" in told and "fail_over, ruled region lost" in told
    assert {"writer_elsewhere", "cooling_down"} <= set(held(trigger(lab, tmp_path)))


def test_with_the_kill_switch_engaged_it_holds_and_people_are_told(
    lab: LabUnderTest, tmp_path: Path, hook: Hooks
) -> None:
    engage = ("-e", "state=engaged", "-e", "reason='works on the lines'")
    assert lab.play(*SWITCH, *engage).changed == 1
    assert lab.play(*SWITCH, *engage).changed == 0
    lab.run("fault", "region", HOME)
    assert held(trigger(lab, tmp_path, hook=hook)) == ["automation_switched_off"]
    assert "KILL SWITCH engaged for every workload" in lab.play(*STATUS).output
    [message] = hook.taken
    assert [event["kind"] for event in message["events"]] == ["detection"]
    assert "automation_switched_off" in json.dumps(message)
    assert "aws_dr.failover -i INVENTORY -e workloads=shop" in json.dumps(message)
    assert lab.play(*SWITCH, "-e", "state=released", "-e", "reason=done").changed == 1
    recommended = trigger(lab, tmp_path, mode="recommend", hook=hook)
    assert (recommended.status, recommended.changed) == (0, 0), recommended.output
    assert "Nothing was changed" in json.dumps(hook.taken[1]) and "accept_data_loss=true" in json.dumps(hook.taken[1])
    assert [call for call in recommended.writes if call["service"] != "dynamodb"] == []
    assert lab.report_writers() == []


def test_with_the_state_table_unreadable_it_holds(lab: LabUnderTest, tmp_path: Path) -> None:
    lab.run("fault", "region", HOME)
    lab.run("fault", "api", "error", "--service", "dynamodb")
    codes = held(trigger(lab, tmp_path))
    assert {"switch_unreadable", "lease_unknown", "last_run_unknown"} <= set(codes)
    assert lab.report_writers() == []


def test_what_isn_t_a_lost_region_is_left_alone(lab: LabUnderTest, tmp_path: Path) -> None:
    assert held(trigger(lab, tmp_path, ruling="application")) == ["application_failing"]
    assert lab.report_writers() == [HOME]


def test_a_failover_that_fails_is_an_error(lab: LabUnderTest, tmp_path: Path) -> None:
    lab.run("fault", "region", HOME)
    lab.run("fault", "api", "error", "--service", "rds", "--action", "FailoverGlobalCluster")
    played = trigger(lab, tmp_path)
    assert played.status != 0 and "finish it: ansible-playbook multiregion.aws_dr.failover" in played.output


@pytest.mark.parametrize("given", [{}, {"verdict": verdict() | {"workload": "billing"}}], ids=["none", "a stranger's"])
def test_a_verdict_on_nothing_that_is_in_play_is_an_error(lab: LabUnderTest, given: dict[str, Any]) -> None:
    played = lab.play(*TRIGGER, "-e", json.dumps(given))
    assert played.status != 0 and played.writes == []
