# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A partition without a kill: the old Region lives on and serves clients, while the other one is promoted.

Where its control plane answers, it acknowledges nothing after the promotion. Where not, the run says what is owed, and
at first contact, the partition still going on, region_return ends the acknowledgements.
"""

from __future__ import annotations

import http.client
import itertools
import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stage import HERE, UNPLANNED, Attempt, Stage

from lab.settings import API_PORT, HOME, STANDBY

RETURN = ("multiregion.aws_dr.region_return", "-i", "inventories/lab")
OWED = f"the fence of {HOME} is owed"
SPLIT = "SPLIT BRAIN"
SERVES = 1.0  # seconds for which clients are served before anything breaks
STRETCH = 2.0  # seconds for which what is acknowledged is counted
RATE = 0.02
CLIENTS = 4
PARTLY = "lacks EC2 and ECS"
FENCES: Mapping[str, Mapping[str, Any]] = {
    "network ACL": {"methods": ["network_acl"]},
    "compute": {"methods": ["compute"], "compute": {"ecs_services": [{"cluster": "shop", "service": "api"}]}},
    "hook": {"methods": ["hook"], "hook": {"command": [sys.executable, str(Path(HERE) / "hook.py")]}},
}
PLANES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "answers": (),
    "hangs": ({"kind": "black_hole", "region": HOME},),
    "refuses": ({"kind": "refuse", "region": HOME},),
    "fails": ({"kind": "error", "status": 500, "region": HOME},),
    PARTLY: tuple({"kind": "black_hole", "region": HOME, "service": service} for service in ("ec2", "ecs")),
}


@dataclass(frozen=True)
class Case:
    """How the old Region is fenced, whether its connections were open before, and what its control plane does."""

    fence: str
    open_before: bool
    plane: str

    @property
    def fenced(self) -> bool:
        """Whether the run can fence it at once: a hook needs no control plane."""
        return self.plane == "answers" or self.fence == "hook"

    def __str__(self) -> str:
        connections = "open before" if self.open_before else "new"
        return f"fenced by {self.fence}, connections {connections}, its control plane {self.plane}"


class Partition:
    """Every fence, with connections from before and without, and the control plane in every state."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        return [Case(*each) for each in itertools.product(FENCES, (True, False), PLANES)]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        stage.lab("reset")
        given = ("-e", json.dumps({"aws_dr_fence": FENCES[case.fence]}))
        with clients(stage) as acknowledged:
            time.sleep(SERVES)
            stage.lab("fault", "partition")
            if not case.open_before:
                stage.lab("fault", "kill", "api", HOME)
                stage.lab("heal", "process", HOME)
            for fault in PLANES[case.plane]:
                stage.admin.fault({"kind": "api", "fault": dict(fault)})
            run = stage.attempt(*UNPLANNED, *given)
            wrongs = _began(run, case, acknowledged)
            time.sleep(STRETCH)
            if case.fenced:
                return wrongs + _after(stage, acknowledged)
            wrongs += [] if OWED in run.output else ["the run doesn't say that the fence is owed"]
            wrongs += [] if _stale(stage, acknowledged) else ["nothing was acknowledged: the case shows nothing"]
            return wrongs + _returned(stage, case, given, acknowledged)


def _returned(stage: Stage, case: Case, given: Sequence[str], acknowledged: list[float]) -> list[str]:
    """While the control plane is away nothing is done, and fast; at its first answer the acknowledgements end."""
    away = stage.attempt(*given, playbook=RETURN)
    wrongs = [] if case.plane == PARTLY or away.status == 0 else [f"still away: {gist(away)}"]
    stage.lab("heal", "api")
    back = stage.attempt(*given, playbook=RETURN)
    wrongs += [] if back.status == 0 else [f"at first contact: {gist(back)}"]
    since = time.time()
    time.sleep(STRETCH)
    late = [at for at in acknowledged if at > since]
    wrongs += [f"{len(late)} rows were acknowledged after region_return"] if late else []
    again = stage.attempt(*given, playbook=RETURN)
    return wrongs + ([] if "changed=0" in again.output else [f"a second time: {gist(again)}"])


def _began(run: Attempt, case: Case, acknowledged: list[float]) -> list[str]:
    """It ends badly only where it says that both take writes: unfenced, or past the compute that was stopped."""
    said = SPLIT in run.output and (not case.fenced or case.fence == "compute")
    wrongs = [] if run.status == 0 or said else [f"the failover ended with {run.status}: {gist(run)}"]
    return wrongs + ([] if acknowledged else ["no row was acknowledged beforehand"])


def _stale(stage: Stage, acknowledged: Sequence[float]) -> int:
    """How many rows the old Region acknowledged after the other one had been promoted."""
    promoted = [
        event["at"] for event in stage.admin.events() if (event["event"], event["region"]) == ("promoted", STANDBY)
    ]
    return sum(at > promoted[0] for at in acknowledged) if promoted else 0


def _after(stage: Stage, acknowledged: Sequence[float]) -> list[str]:
    stale = _stale(stage, acknowledged)
    return [f"{stale} rows were acknowledged after the promotion"] if stale else []


@contextmanager
def clients(stage: Stage) -> Iterator[list[float]]:
    """Clients that go to the old Region whatever the DNS says; when each acknowledgement came (epoch seconds)."""
    acknowledged: list[float] = []
    over = threading.Event()
    numbers = itertools.count(1)
    address = stage.instance.address(HOME)
    threads = [
        threading.Thread(target=_write, args=(address, numbers, acknowledged, over), daemon=True)
        for _client in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        over.set()
        for thread in threads:
            thread.join(5.0)


def _write(address: str, numbers: Iterator[int], acknowledged: list[float], over: threading.Event) -> None:
    connection = http.client.HTTPConnection(address, API_PORT, timeout=3.0)
    while not over.wait(RATE):
        try:
            body = json.dumps({"id": next(numbers)})
            connection.request("POST", "/orders", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
        else:
            if answer.status == http.client.OK:
                acknowledged.append(time.time())


def gist(attempt: Attempt) -> str:
    lines = [line for line in attempt.output.splitlines() if "ERROR" in line or "fatal" in line or "changed=" in line]
    return (lines or ["nothing printed"])[0][:400]


PARTITION = Partition()
CONTROL = "unfenced"
