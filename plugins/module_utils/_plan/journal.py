# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run's journal tells: how far each step is, how what was done is undone or finished, and both as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.extra_step import PREPARING
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import EventState, RunKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import DETACH_STEP, StepName
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.detaching import REBUILD
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.drill import CLEANUP, past

_PREPARATIONS = (
    *("fence_", "unfence_", "scale_compute", "write_sentinel"),
    *("disable_event_sources", "enable_event_sources", PREPARING),
    # A failback's: one that is held up is closed, so that what it waits for can be done by another run.
    *("gate_", "keep_snapshot", "rejoin_", "link_secret", "sync_parameters", "backfill_storage"),
)
"""What the steps before the promotion begin with."""
PLANNED: Mapping[str, str] = {"mode": "planned"}
LOSSY: Mapping[str, str] = {"mode": "unplanned", "accept_data_loss": "true"}
REFUSED_BY_RDS = ("InvalidGlobalClusterStateFault", "InvalidDBClusterStateFault")
"""What RDS answers where it doesn't take a promotion in: nothing comes of it."""
PLAYBOOK = "ansible-playbook multiregion.aws_dr"
FENCE_SETTLED = "fence_settled"
"""Notes that a Region needs no fence any more: it refuses writes by itself."""
ENDED_WELL = ("succeeded", "degraded", "split")
"""The outcomes of runs that brought users back."""


def progress(events: Iterable[Mapping[str, Any]]) -> dict[str, EventState]:
    """The last state of each step, in the order in which the steps were first begun."""
    found: dict[str, EventState] = {}
    for event in events:
        if event["state"] != EventState.NOTE.value:
            found[event["step"]] = EventState(event["state"])
    return found


def must_be_finished(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether anything but preparations was begun: from there on a run is finished, not left."""
    return any(not step.startswith(_PREPARATIONS) for step in progress(events))


def command(playbook: str, workload: str, **variables: str) -> str:
    """A command line as a person types it, with the inventory's path in its place."""
    words = [f"-e {name}={value}" for name, value in {"workloads": workload, **variables}.items()]
    return " ".join([f"{PLAYBOOK}.{playbook} -i INVENTORY", *words])


def way_back(run: Mapping[str, Any], events: Iterable[Mapping[str, Any]], ends: bool = False) -> list[str]:
    """Which command finishes, and which undoes, what the run did so far. ``run`` is its record.

    ``ends``: it isn't left open for another attempt, as nothing but preparations was made.
    """
    events = list(events)
    steps = progress(events)
    if run["kind"] == RunKind.DRILL.value:
        return [
            f"drill again: {command('drill', run['workload'])}",
            f"or take away what it left, copies and health checks: {command('drill', run['workload'], type=CLEANUP)}",
        ]
    target, unplanned = run["target"], run["mode"] == "unplanned"
    if run["kind"] == RunKind.REGION_RETURN.value:
        again = command(run["kind"], run["workload"])
        return [f"finish it: {again}; a fence that it has put up is lifted by the way back"]
    finish = f"finish it: {_again(run, **(LOSSY if unplanned else PLANNED))}"
    promotion = _promotion(events, steps)
    if DETACH_STEP in steps:
        return [finish, f"the database of {target} was to be detached: {REBUILD}"]
    if promotion is Promotion.PROVED:
        return [
            finish,
            f"{target} writes: the way back is a planned run, once the other Region's database is a replica in sync",
        ]
    overtaken = f"where a disaster has overtaken it, as the same run: {_again(run, **LOSSY)}"
    if promotion is Promotion.ASKED:
        return [
            finish,
            f"the promotion of {target} was asked for, and may take place yet: look at the global cluster before"
            " anything else; RDS has no way to cancel it",
            *([] if unplanned else [overtaken]),
        ]
    undone = [step for step in steps if steps[step] is not EventState.FAILED]
    left = _left_behind(undone, events)
    if ends:
        return [f"begin again: {_again(run, **(LOSSY if unplanned else PLANNED))}", f"this run has ended; {left}"]
    undo = f"or leave it: {command('abort', run['workload'], reason='...')}; {left}"
    if promotion is Promotion.REFUSED:
        refused = f"RDS refused the promotion of {target}: nothing was promoted"
        resort = f"the last resort, in the same run, is a detach: {_again(run, **LOSSY, accept_detach='true')}"
        return [finish, refused, resort if unplanned else overtaken, undo]
    return [finish, undo]


def _again(run: Mapping[str, Any], **variables: str) -> str:
    """The run's next attempt. A failback knows where it goes, and how."""
    if run["kind"] == RunKind.FAILBACK.value:
        return command(run["kind"], run["workload"])
    return command(run["kind"], run["workload"], target=run["target"], **variables)


class Promotion(Enum):
    """How far a run's promotion is, by its journal."""

    NONE = "none"
    REFUSED = "refused"
    ASKED = "asked for"
    PROVED = "proved"


def _promotion(events: Sequence[Mapping[str, Any]], steps: Mapping[str, EventState]) -> Promotion:
    """The proof counts, not RDS's having taken a request in."""
    if steps.get("prove_writer") in (EventState.DONE, EventState.ALREADY):
        return Promotion.PROVED
    asked = [event for event in events if event["step"] == StepName.PROMOTE_DATABASE.value]
    if not asked:
        return Promotion.NONE
    if asked[-1]["state"] == EventState.ALREADY.value and asked[-1]["seen"].get("already_writer"):
        return Promotion.PROVED
    ended = [event for event in asked if event["state"] != EventState.STARTED.value]
    # A try whose end nobody noted, or that was taken in once, may take place yet.
    refused = 2 * len(ended) == len(asked) and all(_was_refused(each["seen"]) for each in ended)
    return Promotion.REFUSED if refused else Promotion.ASKED


def _was_refused(seen: Mapping[str, Any]) -> bool:
    return seen.get("answer") in REFUSED_BY_RDS or seen.get("refused") is True


def promotion_asked(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a promotion may take place, or has: one was asked for, and it isn't known that it was refused."""
    steps = progress(events)
    return DETACH_STEP in steps or _promotion(events, steps) in (Promotion.ASKED, Promotion.PROVED)


def _left_behind(steps: Sequence[str], events: Iterable[Mapping[str, Any]]) -> str:
    left = []
    if _fence_may_stand(events):
        left.append("the fence of the old Region is then still up, and must be lifted")
    if "scale_compute" in steps:
        left.append("the target stays scaled up, which costs money and does no harm")
    return "; ".join(left) or "nothing of the workload was changed"


def _fence_may_stand(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the run has put a fence up, or has begun to, and hasn't lifted it since."""
    stands = False
    for event in events:
        step, state = event["step"], event["state"]
        if step.startswith("unfence_") and state == EventState.DONE.value:
            stands = False
        elif step.startswith("fence_") and step != FENCE_SETTLED:
            stands = stands or state != EventState.FAILED.value
    return stands


def status_lines(seen: Mapping[str, Any], now: float) -> list[str]:
    """One workload's state of affairs, as ``run_info`` returns it. ``now`` in epoch seconds."""
    lines = [f"{seen['workload']} ({seen['source']}){_lease(seen['lock'])}", *_open_lines(seen, now)]
    history = seen["history"]
    moved = [run for run in history if run["kind"] != RunKind.DRILL.value]  # no drill pays what a failover owes
    ended = next((run for run in moved if run["outcome"] in ENDED_WELL), None)
    if ended is not None and ended["outcome"] in ("degraded", "split"):
        lines.append(f"    {ended['outcome'].upper()} since run {ended['id']}: {_owed(ended)}")
    lines += [
        f"    {line}" for record in seen.get("fences", []) for line in _fence_lines(record, seen["workload"], now)
    ]
    lines += [f"    {_past(each)}" for each in history]
    return lines if len(lines) > 1 else [*lines, "    no run yet"]


def _lease(lock: Mapping[str, Any] | None) -> str:
    """Who may change something now."""
    return f"; lease of run {lock['run_id']}, token {lock['fence']}" if lock else "; nobody has the lease"


def _fence_lines(record: Mapping[str, Any], workload: str, now: float) -> list[str]:
    """What a Region is owed since it was lost, by the state table itself: no run that failed or was ended hides it."""
    lines, region = [], record["region"]
    if record["fence_owed"]:
        lines.append(f"DEGRADED: {owed.fence(region, record['state'])}; lost {now - record['at']:.0f} s ago")
    if record["snapshot_owed"]:
        lines.append(f"DEGRADED: {owed.snapshot(region)}")
    elif record["snapshot"]:
        lines.append(f"the lost primary of {region} is kept as the snapshot {record['snapshot']}")
    return [*lines, f"    done by: {command(RunKind.REGION_RETURN.value, workload)}"] if _is_owed(record) else lines


def _is_owed(record: Mapping[str, Any]) -> bool:
    return bool(record["fence_owed"] or record["snapshot_owed"])


def _open_lines(seen: Mapping[str, Any], now: float) -> list[str]:
    run, lock = seen["run"], seen["lock"]
    if run is None:
        return []
    holder = lock["holder"]
    who = f"held by {holder['user']} on {holder['host']}" if holder else "nobody is at it"
    if lock["holder_is_dead"]:
        who = f"its process on {holder['host']} is gone: the same command goes on with it"
    lines = [
        f"    OPEN: {run['kind']} to {run['target']}, {run['mode']}, run {run['id']}; {who}",
        f"    begun {now - run['opened_at']:.0f} s ago by {run['initiated_by']},"
        f" approved by {run['approved_by'] or 'nobody'}",
        f"    reason: {run['reason'] or 'not given'}",
    ]
    lines += [f"    {step}: {state.value}" for step, state in progress(seen["events"]).items()]
    return [*lines, *(f"    {line}" for line in way_back(run, seen["events"]))]


def left_lines(workload: str, run: Mapping[str, Any] | None, events: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a run that was unlocked, or ended by a person, leaves behind."""
    if run is None:
        return [f"{workload}: nobody holds the lock; nothing was done"]
    ended = f"is {run['outcome']}" if run["outcome"] else "stays open, and its lock is free for the next attempt"
    steps = [f"    {step}: {state.value}" for step, state in progress(events).items()] or ["    it had done nothing"]
    return [f"{workload}: run {run['id']} {ended}. So far:", *steps, *(f"    {each}" for each in way_back(run, events))]


def _owed(run: Mapping[str, Any]) -> str:
    return "; ".join(run["summary"].get("owed", [])) or "something is owed"


def _past(run: Mapping[str, Any]) -> str:
    if run["kind"] == RunKind.DRILL.value:
        told = past(run["summary"])
        return f"{run['id']}: drill in {run['target']}, {run['outcome']}{': ' if told else ''}{told}"
    rto, rpo = run["summary"].get("rto_seconds"), run["summary"].get("rpo_seconds")
    counted = run["summary"].get("lost_writes")
    known = f" (measured: {counted['rows']} writes lost)" if counted and counted["complete"] else ""
    moved = run["outcome"] in ENDED_WELL and run["kind"] != RunKind.REGION_RETURN.value
    # of a database alone: the layers beside it are in the run's report
    bound = "at most " if rpo is not None and run["summary"].get("rpo_known_as") == "bounded" else ""
    figures = [f"RTO {_seconds(rto)}", f"RPO database {bound}{_seconds(rpo)}{known}"] if moved else []
    return ", ".join([f"{run['id']}: {run['kind']} to {run['target']}, {run['mode']}, {run['outcome']}", *figures])


def _seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f} s"
