# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failovers that tell people, with real receivers; and ones that nobody hears of, which end as well and as fast."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playing import FAILOVER, LabUnderTest
from receivers import Hooks, Mailbox, hooks, mailbox

from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port
from lab.settings import HOME, STANDBY

UNPLANNED = ("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=Ada")
NOTIFY = ("ansible-playbook", "multiregion.aws_dr.notify", "-i", "inventories/lab")
TEST = ("ansible-playbook", "multiregion.aws_dr.notify_test", "-i", "inventories/lab")
KEY = "a-key-of-the-webhook-which-nobody-may-see"
TOKEN = "T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx"
PASSWORD = "hunter2-hunter2-hunter2"
SECRETS = (KEY, TOKEN, PASSWORD)


class Told:
    """The receivers, and the variable that makes them the workload's channels."""

    def __init__(self, hook: Hooks, box: Mailbox, path: Path) -> None:
        self.hook, self.box, self.path = hook, box, path
        webhook = {"name": "hook", "type": "webhook", "url": hook.url, "key": KEY}
        mail = {"name": "mail", "type": "mail", "host": "127.0.0.1", "port": box.port}
        self.channels: list[dict[str, Any]] = [webhook, {**mail, "sender": "dr@example.com", "to": ["ops@example.com"]}]

    def options(self, **more: Any) -> tuple[str, ...]:
        self.path.write_text(json.dumps({"aws_dr_notify": {"channels": self.channels, **more}}), encoding="utf-8")
        return ("-e", f"@{self.path}")

    @property
    def kinds(self) -> list[list[str]]:
        return [[event["kind"] for event in each["events"]] for each in self.hook.taken]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with hooks(free_port(), KEY) as hook, mailbox(free_port()) as box:
        yield Told(hook, box, tmp_path / "notify.json")


def down(name: str, **settings: Any) -> dict[str, Any]:
    return {"name": name, **settings}


# Each in a way of its own: refused, silent (192.0.2.1 is nobody's), denied by the proxy, without topic and identity.
ALL_DOWN = [
    down("hook", type="webhook", url="http://127.0.0.1:9/hook", key=KEY),
    down("silent", type="webhook", url="http://192.0.2.1/hook", key=KEY),
    down("mail", type="mail", host="127.0.0.1", port=9, sender="dr@example.com", to=["ops@example.com"]),
    down("login", type="mail", host="192.0.2.1", sender="a@example.com", to=["b@example.com"])
    | {"username": "dr", "password": PASSWORD},
    down("chat", type="slack", token=TOKEN),
    down("sms", type="sns", topics=[f"arn:aws:sns:{STANDBY}:123456789012:nowhere"]),
    down("ses", type="ses", sender="nobody@example.com", to=["ops@example.com"]),
    down("misspelt", type="pigeon"),
]


def test_an_unplanned_failover_tells_people_beside_the_promotion_and_at_its_end(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    played = lab.failover(*UNPLANNED, *told.options(runbook="https://wiki.example.com/dr"))
    assert played.status == 0, played.output
    assert told.kinds[0] == ["start", "point_of_no_return"]
    assert told.kinds[1][0] == "done" and {"no_standby", "failback_due"} <= set(told.kinds[1])
    assert len(told.kinds) == 2
    assert told.hook.bad == []
    assert len(told.box.mails) == 2
    assert "https://wiki.example.com/dr" in told.box.text()
    assert "told hook: done" in played.output and "told mail: done" in played.output
    # A second run changes nothing, and tells nobody.
    again = lab.failover(*UNPLANNED, *told.options())
    assert (again.status, again.changed, len(told.kinds)) == (0, 0, 2), again.output


def test_with_every_channel_down_the_failover_is_the_same_and_all_of_it_is_on_record(
    lab: LabUnderTest, told: Told
) -> None:
    lab.run("fault", "region", HOME)
    told.channels = ALL_DOWN
    played = lab.failover(*UNPLANNED, *told.options(timeout=6))
    assert played.status == 0, played.output
    assert (played.summary["writer"], played.summary["outcome"]) == (STANDBY, "degraded")
    for each in ALL_DOWN:
        assert f"NOT TOLD {each['name']}: done" in played.output
    seen = json.loads(lab.run("exec", "--", *OUTBOX).stdout)["Items"]
    kept = [json.loads(item["deliveries_json"]["S"]) for item in seen]
    assert sorted(len(each) for each in kept) == [len(ALL_DOWN)] * 2
    assert {each["state"] for deliveries in kept for each in deliveries} <= {"pending", "sending"}
    for secret in SECRETS:
        assert secret not in played.output
        assert secret not in json.dumps(seen)


OUTBOX = (
    *("aws", "dynamodb", "query", "--region", STANDBY, "--table-name", "aws-dr-state"),
    *("--key-condition-expression", "pk = :pk", "--expression-attribute-values", '{":pk": {"S": "outbox#shop"}}'),
)


def test_channels_that_are_down_do_not_delay_what_users_see(lab: LabUnderTest, told: Told) -> None:
    """Of the tasks up to where clients are served again; what is told at the end comes after that."""
    took = {}
    for name, channels in (("up", told.channels), ("down", ALL_DOWN)):
        lab.run("reset")
        lab.run("fault", "region", HOME)
        told.channels = channels
        played = lab.failover(*UNPLANNED, *told.options(timeout=3))
        assert played.status == 0, played.output
        took[name] = played.summary["run_seconds"]
    # On a loaded machine two runs differ by more than what is looked for: an undelayed one is surely below this.
    assert took["down"] < took["up"] + 3, took


def test_secrets_are_in_no_process_list_and_no_output(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    told.channels[1] |= {"username": "dr", "password": PASSWORD}
    told.channels.append(down("chat", type="slack", token=TOKEN))
    seen, stop = set[str](), threading.Event()
    watcher = threading.Thread(target=watch, args=(seen, stop))
    watcher.start()
    try:
        played = lab.failover(*UNPLANNED, "-vvvv", *told.options(timeout=5))
    finally:
        stop.set()
        watcher.join()
    assert played.status == 0, played.output
    assert any("multiregion.aws_dr.failover" in line for line in seen)
    for secret in (*SECRETS, told.hook.url):
        assert secret not in "\n".join(seen)
        assert secret not in played.output
    assert told.box.logins == [] and "StartTLS is not offered" in played.output


def watch(seen: set[str], stop: threading.Event) -> None:
    while not stop.is_set():
        for process in psutil.process_iter(["cmdline"]):
            seen.add(" ".join(process.info["cmdline"] or ()))
        time.sleep(0.05)


def test_a_refusal_is_told_and_ends_the_play_as_it_did(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    played = lab.failover(*told.options())
    assert played.status != 0
    assert told.kinds == [["refusal"]]
    assert "mode=unplanned" in json.dumps(told.hook.taken[0])
    assert '"refusals": [{"code"' in played.output
    assert "Nothing was changed." in told.hook.taken[0]["happened"]


def test_what_a_killed_run_had_no_time_to_tell_is_told_by_the_next(lab: LabUnderTest, told: Told) -> None:
    lab.run("fault", "region", HOME)
    lab.run("fault", "api", "latency", "--service", "rds", "--action", "DescribeGlobalClusters", "--seconds", "2")
    command = (sys.executable, "-m", "lab", "--instance", str(lab.instance.id), "exec", "--", *FAILOVER, *UNPLANNED)
    run = subprocess.Popen([*command, *told.options()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not told.kinds:
        assert time.monotonic() < until
        time.sleep(0.05)
    for process in [*psutil.Process(run.pid).children(recursive=True), psutil.Process(run.pid)]:
        process.send_signal(signal.SIGKILL)
    run.wait()
    lab.run("heal", "api")
    assert told.kinds == [["start", "point_of_no_return"]]
    played = lab.play(*NOTIFY, *told.options())
    assert played.status == 0, played.output
    assert told.kinds[1:] == [["failed"]]
    assert "It stopped without a word." in told.hook.taken[1]["happened"]
    assert [call for call in played.writes if call["service"] not in ("dynamodb", "sts")] == []


def test_notify_test_reaches_everybody_and_fails_where_one_was_not(lab: LabUnderTest, told: Told) -> None:
    played = lab.play(*TEST, *told.options())
    assert played.status == 0, played.output
    assert told.kinds == [["test"]] and len(told.box.mails) == 1
    told.channels.append(down("chat", type="slack", token=TOKEN))
    played = lab.play(*TEST, *told.options(timeout=5))
    assert played.status != 0
    assert "NOT TOLD chat: test" in played.output
    assert TOKEN not in played.output


@pytest.mark.parametrize(
    ("channels", "said"),
    [([], "no_channel"), ([{"name": "x", "type": "pigeon"}], "pigeon"), ([{"name": "x", "colour": 1}], "colour")],
)
def test_notify_test_is_strict_about_how_channels_are_described(
    lab: LabUnderTest, told: Told, channels: list[Any], said: str
) -> None:
    told.channels = channels
    played = lab.play(*TEST, *told.options())
    assert played.status != 0
    assert said in played.output
