# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every AWS call of a failover throttled, answered by a 5xx, or timing out after it took effect; and whole outages."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stage import UNPLANNED, Stage, calls_of, lose_home

from lab.settings import HOME

KINDS: Mapping[str, Mapping[str, Any]] = {
    "throttled twice": {"kind": "throttle", "times": 2},
    "5xx once": {"kind": "error", "status": 500, "times": 1},
    "timing out after it took effect": {"kind": "lost_answer", "times": 1},
}
LOOK = "route53"
"""Readiness looks at the records there, and waits for no answer; one that hangs is on record once it has ended."""
DELAY = 1.0
"""Seconds by which clients may be sent on later than where the Region refuses at once. A connection for the fence that
hangs is given half of one, instead of a quarter; the rest is what two runs differ by. A wait for a look would be 5."""
EXPIRED = {"kind": "error", "status": 403, "code": "ExpiredTokenException"}
CONFLICT = {"kind": "error", "status": 400, "code": "ReplicatedWriteConflictException", "service": "dynamodb"}


@dataclass(frozen=True)
class Case:
    """What goes wrong: ``spec`` is the lab's fault, for a while or (``lasting``) until the second attempt."""

    name: str
    spec: tuple[tuple[str, Any], ...]
    lasting: bool = False
    mode: str = "refuse"

    def __str__(self) -> str:
        return self.name


class Faults:
    """Each call by service, action, Region and how many of its kind went before."""

    def cases(self, stage: Stage) -> Sequence[Case]:
        stage.lab("reset")
        lose_home(stage)
        began = time.time()
        stage.attempt(*UNPLANNED)
        calls = [call for call in calls_of(stage, began) if call["region"] != HOME]
        seen: Counter[tuple[str, str, str]] = Counter()
        found = []
        for call in calls:
            key = (call["service"], call["action"], call["region"])
            skip, seen[key] = seen[key], seen[key] + 1
            where = dict(zip(("service", "action", "region"), key, strict=True)) | {"skip": skip}
            found += [
                Case(f"{':'.join(key)} #{skip + 1} {how}", _spec({**where, **kind})) for how, kind in KINDS.items()
            ]
        writes = sum(call["service"] == "dynamodb" and call["write"] for call in calls)
        return [*found, *_conflicts(writes), *_expiries(len(calls)), *OUTAGES]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        stage.lab("reset")
        lose_home(stage, case.mode)
        if case.spec:
            stage.admin.fault({"kind": "api", "fault": dict(case.spec)})
        last = stage.attempt(*UNPLANNED)
        if last.status:
            if case.lasting:
                stage.lab("heal", "api")
            last = stage.attempt(*UNPLANNED)
        return [*stage.wrongs(last), *stage.late_orphans()]


def _conflicts(writes: int) -> list[Case]:
    return [
        Case(f"a conflict at write {skip + 1} of the state table", _spec(CONFLICT | {"skip": skip, "times": 1}))
        for skip in range(writes)
    ]


def _expiries(calls: int) -> list[Case]:
    """Every fifth will do: they last until somebody signs in again."""
    return [
        Case(f"credentials expire at call {skip + 1}", _spec(EXPIRED | {"skip": skip}), lasting=True)
        for skip in range(0, calls, 5)
    ]


class Stability:
    """The old Region and us-east-1 gone in every way: the run succeeds at once, and waits for neither."""

    def cases(self, stage: Stage) -> Sequence[Case]:
        kinds = ("black_hole", "refuse")
        return [
            Case(f"home {mode}s, us-east-1 {kind}", _spec({"kind": kind, "region": "us-east-1"}), mode=mode)
            for mode in ("refuse", "hang")
            for kind in kinds
        ]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        stage.lab("reset")
        lose_home(stage)
        began = time.time()
        # The control's, too, by the product as it is: what is broken may delay this one as well.
        if Stage(stage.instance).attempt(*UNPLANNED).status:
            return ["the run to compare with failed"]
        usual = _sent_on(stage, began)
        stage.lab("reset")
        lose_home(stage, case.mode)
        stage.admin.fault({"kind": "api", "fault": dict(case.spec)})
        began = time.time()
        last = stage.attempt(*UNPLANNED)
        wrongs = stage.wrongs(last)
        asked = [call for call in calls_of(stage, began) if call["region"] == "us-east-1" and call["service"] != LOOK]
        wrongs += [f"us-east-1 was asked: {call['service']}:{call['action']}" for call in asked]
        late = _sent_on(stage, began) - usual
        if late > DELAY:
            wrongs.append(f"clients were sent on {late:.1f} s later than where the Region refuses at once")
        return wrongs


def _sent_on(stage: Stage, began: float) -> float:
    """Seconds from the run's first call until the latch was set; endless where it wasn't, or there was no call.

    What comes before that call is this machine's business, and differs by a second between two runs.
    """
    calls = calls_of(stage, began)
    put = [call["started"] for call in calls if call["action"] == "PutObject" and "latch" in call["params"]["Bucket"]]
    return float(min(put)) - float(calls[0]["started"]) if put else float("inf")


def _spec(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(values.items()))


OUTAGES = (
    Case("home hangs", (), mode="hang"),
    Case("us-east-1 hangs", _spec({"kind": "black_hole", "region": "us-east-1"}), mode="hang"),
)
FAULTS = Faults()
STABILITY = Stability()
CONTROL = "proof"
STABILITY_CONTROL = "patience"
