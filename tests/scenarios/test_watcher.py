# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The circle without a human: a Region is lost, noticed, failed over, people are told, its return is seen to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playing import LabUnderTest
from receivers import Hooks, Mailbox, hooks, mailbox
from watching import AUTOMATIC, POLICY, RECOMMEND, Rulebook, no_java, rulebook, runs, shipped_watch, state_table

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import ENDED_WELL, RunKind
from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port
from lab.settings import HOME, STANDBY

pytestmark = pytest.mark.skipif(bool(no_java()), reason=no_java() or "there is Java")

KEY = "a-key-of-the-webhook-which-nobody-may-see"
SWITCH = ("ansible-playbook", "multiregion.aws_dr.automatic", "-i", "inventories/lab", "-e", "reason=test")
PATIENCE = 180.0


class Told:
    """The receivers, and the variables that make them the workload's channels."""

    def __init__(self, hook: Hooks, box: Mailbox) -> None:
        self.hook, self.box = hook, box
        webhook = {"name": "hook", "type": "webhook", "url": hook.url, "key": KEY}
        mail = {"name": "mail", "type": "mail", "host": "127.0.0.1", "port": box.port}
        mail |= {"sender": "dr@example.com", "to": ["ops@example.com"]}
        self.variables: dict[str, Any] = {"aws_dr_automatic": POLICY, "aws_dr_notify": {"channels": [webhook, mail]}}

    @property
    def kinds(self) -> list[str]:
        return [event["kind"] for each in self.hook.taken for event in each["events"]]


@pytest.fixture
def told() -> Iterator[Told]:
    with hooks(free_port(), KEY) as hook, mailbox(free_port()) as box:
        yield Told(hook, box)


def wait_for(what: Callable[[], Any], watcher: Rulebook, seconds: float = PATIENCE) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"not so within {seconds:.0f} s: {watcher.output[-3000:]}")


def test_a_lost_region_is_failed_over_people_are_told_and_its_return_is_seen_to(
    lab: LabUnderTest, told: Told, tmp_path: Path
) -> None:
    table = state_table(lab.instance)
    with rulebook(lab.instance, tmp_path, told.variables, AUTOMATIC) as watcher:
        time.sleep(3.0)
        lost_at = time.time()
        lab.run("fault", "region", HOME)
        run = wait_for(lambda: next((each for each in runs(table) if not each.open), None), watcher)
        assert run.outcome in ENDED_WELL, watcher.output
        assert (run.kind, run.target, run.approved_by) == (RunKind.FAILOVER, STANDBY, "policy")
        # lab fault is a process: the Region goes within a second or two.
        assert lost_at - 0.1 <= run.details["ledger"]["first_failure"] <= lost_at + 5.0
        assert lab.report_writers() == [STANDBY]
        wait_for(lambda: "done" in told.kinds and len(told.box.mails) >= 2, watcher)
        assert told.kinds[:2] == ["start", "point_of_no_return"] and told.hook.bad == []
        assert "shop" in told.box.text()
        lab.run("heal", "region", HOME)
        wait_for(lambda: any(each.kind is RunKind.REGION_RETURN for each in runs(table)), watcher)
        assert [each.id for each in runs(table) if each.kind is RunKind.FAILOVER] == [run.id]
        assert KEY not in watcher.output


def test_with_the_kill_switch_engaged_nothing_is_run(lab: LabUnderTest, told: Told, tmp_path: Path) -> None:
    table = state_table(lab.instance)
    assert lab.play(*SWITCH, "-e", "state=engaged").status == 0
    with rulebook(lab.instance, tmp_path, told.variables) as watcher:
        time.sleep(3.0)
        lab.run("fault", "region", HOME)
        decision = wait_for(lambda: table.read_decisions("shop"), watcher)[0]
        time.sleep(5.0)
        assert (decision.action.value, runs(table)) == ("hold", []), watcher.output
        assert "automation_switched_off" in decision.codes
        assert lab.report_writers() == []


def test_a_failover_that_fails_before_it_decides_is_noticed(lab: LabUnderTest, told: Told, tmp_path: Path) -> None:
    """Ansible itself is broken for that playbook: nobody but the watcher can say so."""
    program = tmp_path / "bin" / "ansible-playbook"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\ncase "$*" in *automatic_failover*) exit 4;; esac\n'
        f'exec "{Path(os.environ["PATH"].split(os.pathsep)[0]) / "ansible-playbook"}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    told.variables["aws_dr_watch"] = {**shipped_watch(), "repeat": 3}
    with rulebook(lab.instance, tmp_path / "rulebook", told.variables, path=[program.parent]) as watcher:
        time.sleep(3.0)
        lab.run("fault", "region", HOME)
        wait_for(lambda: "detection" in told.kinds, watcher)
        assert "failed before it could decide" in str(told.hook.taken[0]["happened"])
        time.sleep(8.0)
        assert told.kinds == ["detection"]  # once, however often it was tried


def test_what_a_killed_run_could_not_tell_is_told(lab: LabUnderTest, told: Told, tmp_path: Path) -> None:
    table = state_table(lab.instance)
    # On a busy machine errands take 10 s, and between two rounds it has to become quiet.
    told.variables["aws_dr_watch"] = {**shipped_watch(), "errands": 20}
    with rulebook(lab.instance, tmp_path, told.variables) as watcher:
        time.sleep(3.0)
        lab.run("fault", "region", HOME)
        wait_for(lambda: runs(table), watcher)
        for each in watcher.playing:
            each.kill()
        wait_for(lambda: "failed" in told.kinds, watcher)


def test_who_only_recommends_tells_the_command_and_runs_nothing(lab: LabUnderTest, told: Told, tmp_path: Path) -> None:
    with rulebook(lab.instance, tmp_path, told.variables, RECOMMEND) as watcher:
        time.sleep(3.0)
        lab.run("fault", "region", HOME)
        wait_for(lambda: "detection" in told.kinds and told.box.mails, watcher)
        assert "multiregion.aws_dr.failover" in told.box.text()
        assert runs(state_table(lab.instance)) == []
