# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failovers that nobody hears of, whatever way channels are down: they end as silent ones do, and all is on record.

What it costs in time tests/bench/notify.py measures; here a run must only not wait for a channel, each against a silent
one right before it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journal import events, store
from stage import UNPLANNED, Attempt, Stage, lose_home

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import DeliveryState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from ansible_collections.multiregion.aws_dr.tests.scenarios.unreachable import KEY, PASSWORD, TOKEN, ways_down

TIMEOUT = 4.0  # seconds that the channels have together at the end
SHARE, SLACK = 1.5, 10.0  # of a silent run's time, and seconds more: two runs of a loaded machine differ by that
LATE = 75.0  # seconds after which what is told beside the promotion is on record: it is ended after a minute
MODES = {"planned": (), "unplanned": UNPLANNED}
CONTROL = "notify"


@dataclass(frozen=True)
class Case:
    """How the channels are down, and which failover it is."""

    way: str
    mode: str

    def __str__(self) -> str:
        return f"{self.way}, {self.mode}"


class NotifyDown:
    """Every way for both modes; all of them at once comes last."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        with ways_down() as ways:
            return [Case(way, mode) for way in ways for mode in MODES]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        silent = _silent(Stage(stage.instance), case.mode)
        with ways_down() as ways:
            channels = ways[case.way]
            given = {"aws_dr_notify": {"channels": channels, "timeout": TIMEOUT}}
            last = _run(stage, case.mode, "-e", json.dumps(given))
            wrongs = stage.wrongs(last)
            if not wrongs:
                names = sorted(str(each["name"]) for each in channels)
                wrongs = [*_another_run(_record(stage), silent), *_not_on_record(stage, names)]
        return [*wrongs, *_shown(stage, last)]


def _silent(stage: Stage, mode: str) -> RunRecord:
    """The same failover by a product in order, with nobody to tell."""
    last = _run(stage, mode)
    if last.status:
        raise SystemExit(f"the silent failover failed: {last.output[-2000:]}")
    return _record(stage)


def _run(stage: Stage, mode: str, *extra: str) -> Attempt:
    stage.lab("reset")
    if mode == "unplanned":
        lose_home(stage)
    return stage.attempt(*MODES[mode], *extra)


def _record(stage: Stage) -> RunRecord:
    (last,) = store(stage.instance).read_history("shop", 1)
    return last


def _another_run(run: RunRecord, silent: RunRecord) -> Iterator[str]:
    """How it ended otherwise than a silent one, or later: until users are served, and until its lock is free."""
    if run.outcome is not silent.outcome:
        yield f"it ended {run.outcome}, a silent one {silent.outcome}"
    if set(run.summary["owed"]) != set(silent.summary["owed"]):
        yield f"it owes {run.summary['owed']}, a silent one {silent.summary['owed']}"
    for name, took, usual in (
        ("users were served", run.summary["run_seconds"], silent.summary["run_seconds"]),
        ("it was closed", _closed_after(run), _closed_after(silent)),
    ):
        if took > SHARE * usual + SLACK:
            yield f"{name} after {took:.1f} s, and after {usual:.1f} s by a silent one"


def _closed_after(run: RunRecord) -> float:
    return run.closed_at - float(run.summary["marks"]["run_started"])


def _not_on_record(stage: Stage, names: Sequence[str]) -> list[str]:
    """Channels whose trouble the run's journal, or the outbox, lacks: of both messages, each with its reason."""
    until = time.monotonic() + LATE
    while (wrongs := [*_not_in_journal(stage, names), *_not_in_outbox(stage, names)]) and time.monotonic() < until:
        time.sleep(0.5)  # what is told beside the promotion may last longer than the run
    return wrongs


def _not_in_journal(stage: Stage, names: Sequence[str]) -> Iterator[str]:
    noted = [event.seen for event in events(stage.instance) if event.step == "notify"]
    told = {str(each["notice"]).rpartition("#")[2]: each["deliveries"] for each in noted}
    for step in ("promoting", "ended"):
        yield from _lacking(f"the journal of {step}", told.get(step, ()), names)


def _not_in_outbox(stage: Stage, names: Sequence[str]) -> Iterator[str]:
    kept = store(stage.instance).read_notices("shop", 10)
    if len(kept) != 2:
        yield f"the outbox has {len(kept)} messages, not 2"
    for notice in kept:
        yield from _lacking(f"the outbox of {notice.title}", [each.as_dict() for each in notice.deliveries], names)


def _lacking(where: str, deliveries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    if sorted(str(each["channel"]) for each in deliveries) != names:
        yield f"{where} has {sorted(str(each['channel']) for each in deliveries)}, not {names}"
    for each in deliveries:
        if each["state"] != DeliveryState.PENDING.value or not each["error"]:
            yield f"{where} says of {each['channel']}: {each['state']} {each['error'] or 'without a reason'}"


def _shown(stage: Stage, last: Attempt) -> list[str]:
    """Secrets that can be read in the output, or in the state table."""
    table = store(stage.instance)
    kept = repr([notice.as_dict() for notice in table.read_notices("shop", 10)]) + repr(events(stage.instance))
    return [f"a secret is shown: {each[:4]}..." for each in (KEY, PASSWORD, TOKEN) if each in last.output + kept]


DOWN = NotifyDown()
