# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums a failover up, from what its tasks returned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import SyncStatus
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.database_canary import summary_line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.extra_steps import extra_steps
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import promotion_asked
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import LagSample, database_loss, loss_text
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.plan_table import table
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.split_brain import unasked_findings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.steps import Wanted, resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.summary import (
    Marks,
    Objectives,
    Outcome,
    lines,
    old_writer,
    plan_lines,
    recovery,
    way_back,
)
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.failover_results import (
    STEPS,
    behind,
    clients_are_there,
    fences_owed,
    frozen_ledger,
    layer_losses,
    layers,
    owed_layers,
    planned_calls,
    traffic_held,
)

PENDING = SyncStatus.PENDING_RESYNC.value
SWITCHING_OVER = "switching-over"
UNSURE = ("writers_not_asked", "no_writer", "clients_elsewhere", "clients_not_at_writer")
"""What is owed of the question for the writers. The others pass, or are told as the old writer's already."""


def failover_ledger(health: Mapping[str, Any], target: str, mode: str, first_failure: float) -> dict[str, Any]:
    """What is known of the losses before anything is done: on record with the run from its start."""
    lags = lag_samples(health, target)
    kind = "failover" if mode == "unplanned" else "switchover"
    loss = database_loss(kind, False, True, lags, float(first_failure))
    return {
        "first_failure": float(first_failure),
        "run_started": health["timing"]["started"],
        "mode": mode,
        "lags": [vars(each) for each in lags],
        "layers": health["ledger"]["lines"],
        "lines": [
            f"database: {loss_text(loss)}",
            *(f"{name}: {loss_text(lost)}" for name, lost in layer_losses({"layers": health["ledger"]["lines"]})),
        ],
    }


def failover_needed(health: Mapping[str, Any], traffic: Mapping[str, Any], target: str, standby: str) -> bool:
    """Whether anything is left to do: the target isn't known to be the writer, or clients aren't held there.

    Once a switchover has made the target the writer, all that is left of it is RDS's own: the old writer is brought in.
    """
    writes = any(leg["region"] == target and leg["role"] == "writer" for leg in health["legs"])
    busy = any(_is_busy(leg["services"].get("database", {}), target) for leg in health["legs"])
    return not writes or busy or not clients_are_there({**traffic, "observed": health["observed"]}, target, standby)


def _is_busy(database: Mapping[str, Any], target: str) -> bool:
    status = database.get("failover_status")
    return bool(status) and (status != SWITCHING_OVER or database.get("failover_to") != target)


def lag_samples(health: Mapping[str, Any], target: str) -> list[LagSample]:
    """The replication lags that the target's Region had, if any were to be had."""
    for leg in health["legs"]:
        lag = leg["services"].get("database", {}).get("replication_lag")
        if leg["region"] == target and lag:
            return [LagSample(each["ms"] / 1000.0, lag["source"], each["sampled_at"]) for each in lag["samples"]]
    return []


def lags_of(ledger: Mapping[str, Any]) -> list[LagSample]:
    """The replication lags that were frozen."""
    return [LagSample(**each) for each in ledger["lags"]]


def as_typed(sources: Sequence[str]) -> tuple[str, ...]:
    """The inventories as one types them: Ansible makes their paths absolute, those below this directory are cut."""
    here = Path.cwd()
    return tuple(
        str(Path(source).relative_to(here)) if Path(source).is_relative_to(here) else source for source in sources
    )


def marks(results: Mapping[str, Any], ledger: Mapping[str, Any], first_failure: float) -> Marks:
    """When each phase ended, by the tasks' own clocks. What an earlier attempt has on record counts."""
    probe, record = results["probe"]["probe"], results["traffic"].get("record")
    return Marks(
        first_failure=ledger["first_failure"] or first_failure,
        run_started=ledger["run_started"],
        decided=results["opened"]["timing"]["ended"],
        fenced=results.get("fence", {}).get("timing", {}).get("ended", 0.0),
        writer_proved=results["writer"]["timing"]["ended"],
        traffic_switched=record["seen_at"] if record else results["traffic"]["timing"]["ended"],
        first_success=probe["first_success"],
        ttl_tail_until=tail_until(probe, record),
    )


def tail_until(probe: Mapping[str, Any], record: Mapping[str, Any] | None) -> float:
    """Until when a client may have kept the old answer.

    Where the probe began after the switch it only knows that it can't have been later than its first sample. The name
    servers had been seen to give the new answer before: an old one that was given until then has run out a TTL later.
    """
    tail, ttl = probe["ttl_tail_until"] or 0.0, probe.get("ttl")
    if tail and record and ttl is not None and probe.get("ttl_tail_basis") == "assumed":
        return float(min(tail, record["seen_at"] + ttl))
    return float(tail)


def failover_plan(
    results: Mapping[str, Any], workload: str, target: str, extras: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The summary of a check-mode run: each step and AWS call that a real one would make, and what it may lose."""
    calls = planned_calls(results)
    # Before a promotion the writer is elsewhere, as it should be.
    refusals = [] if results["start"]["calls"] else results["traffic"].get("refusals", [])
    obstacles = [f"[{each['code']}] {each['observed']} {each['remedy']}" for each in refusals]
    kind = results["start"]["operation"]["kind"]
    source = next((leg["region"] for leg in results["health"]["legs"] if leg["region"] != target), "")
    wanted = Wanted(Mode.PLANNED if kind == "switchover" else Mode.UNPLANNED, target, source)
    plan, yours = resolve(layers(results), wanted), extra_steps(extras, wanted.mode.value)
    ledger = results.get("ledger") or {}
    told = [f"may lose  {line}" for line in ledger.get("lines", [])]
    told += [f"warns     [{each['code']}] {each['observed']}" for each in results["health"].get("findings", [])]
    return {
        "workload": workload,
        "target": target,
        "check_mode": True,
        "calls": calls,
        "refusals": refusals,
        "steps": [step.as_dict() for step in plan.steps],
        "extra_steps": [each.as_dict() for each in yours],
        "rpo_layers": ledger.get("layers", []),
        "lines": plan_lines(workload, target, [*table(plan, yours), *told] if calls else [], obstacles),
    }


def failover_summary(
    results: Mapping[str, Any],
    workload: str,
    inventories: Sequence[str],
    home: str,
    target: str,
    first_failure: float,
    objectives: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The summary of a run, in figures and as lines."""
    wanted = Objectives(**{name: float(value) for name, value in (objectives or {}).items()})
    operation = results["start"]["operation"]
    kind, already = operation["kind"], operation["already"]
    earlier = _promoted(results["opened"])
    changed = earlier or _changed(results)  # what an earlier attempt at this run did is its own
    asked = results["opened"]["record"] or results.get("ledger") or {}  # no run is opened where all is done
    # Frozen when the run was opened: an attempt that goes on with it sees Regions that have changed since.
    ledger = frozen_ledger(results["opened"]) or failover_ledger(results["health"], target, kind, first_failure)
    when = marks(results, ledger, float(first_failure))
    outcome = Outcome(
        workload=workload,
        inventories=as_typed(inventories),
        home=home,
        target=target,
        server=results["writer"]["writer"]["server_id"],
        changed=changed,
        recovery=recovery(when),
        loss=database_loss(kind, already and not earlier, changed, lags_of(ledger), when.first_failure),
        objectives=wanted,
        old_writer=_fenced(results) or old_writer(kind, already and not earlier, _write_blocks(results)),
        latch_holds=traffic_held(results["traffic"]),
        holder=results["traffic"].get("by", "latch"),
        layers=tuple(layer_losses(ledger)),
        unplanned=asked.get("mode") == "unplanned",
        layers_owed=_owed(results, changed),
        canary=summary_line(results.get("canary", {}), wanted.rpo_seconds),
        **_of_cluster(results["writer"].get("global_cluster") or {}),
        split=_split(results),
    )
    counted = {"rpo_canary": results.get("canary", {}).get("lost")}
    return {**_figures(outcome, when), **counted, "calls": planned_calls(results), "lines": lines(outcome)}


def _owed(results: Mapping[str, Any], changed: bool) -> tuple[str, ...]:
    """What is to be put right later, beside the database's own."""
    earlier = [] if changed else fences_owed(results["health"])
    return (*owed_layers(results), *earlier, *_unsure_of_writers(results))


def _changed(results: Mapping[str, Any]) -> bool:
    return bool(results.get("extras_made")) or any(results.get(step, {}).get("changed") for step in STEPS)


def _fenced(results: Mapping[str, Any]) -> str:
    """What became of the old writer, if it was fenced by us and that was proved."""
    fence = results.get("fence", {}).get("fence") or {}
    proved = fence.get("state") == "fenced" and fence.get("proved") == "true"
    return f"fenced ({fence['method']}): {fence['how']}" if proved else ""


def _of_cluster(cluster: Mapping[str, Any]) -> dict[str, bool]:
    """Whether the target was detached, and whether RDS has still to bring the old writer in as a replica in sync."""
    behind = any(each["sync"] == PENDING for each in cluster.get("members", []) if not each["is_writer"])
    return {"detached": cluster.get("detached", False), "standby_comes": bool(cluster.get("failover")) or behind}


def _split(results: Mapping[str, Any]) -> str:
    """The finding that two Regions take writes, where it was found."""
    found = [each for each in results.get("writers", {}).get("findings", []) if each["code"] == "two_writers"]
    return f"{owed.SPLIT}: {found[0]['observed']} {found[0]['remedy']}" if found else ""


def _unsure_of_writers(results: Mapping[str, Any]) -> list[str]:
    """What else the question for the writers found, or that it got no answer."""
    asked = results.get("writers") or {}
    if not asked or asked.get("skipped"):
        return []
    found = [*asked.get("findings", []), *(each.as_dict() for each in unasked_findings(asked))]
    return [f"{each['observed']} {each['remedy']}" for each in found if each["code"] in UNSURE]


def _write_blocks(results: Mapping[str, Any]) -> list[str]:
    """The events about blocking the old writer, those that an earlier attempt saw included."""
    earlier = [each for event in results["opened"]["events"] for each in event["seen"].get("write_blocks", [])]
    return [*earlier, *(block["event"] for block in results["writer"]["write_blocks"])]


def _promoted(opened: Mapping[str, Any]) -> bool:
    """Whether an earlier attempt at this run asked for the promotion."""
    return any(event["step"] == "promote_database" and event["state"] == "started" for event in opened["events"])


def _figures(outcome: Outcome, when: Marks) -> dict[str, Any]:
    took, known = outcome.recovery, outcome.recovery.rto_seconds is not None
    return {
        "workload": outcome.workload,
        "writer": outcome.target,
        "server": outcome.server,
        "old_writer": outcome.old_writer,
        "check_mode": False,
        "changed": outcome.changed,
        "rto_seconds": round(took.seconds, 3) if known else None,
        "rto_seconds_first_client": round(took.seconds_first_client, 3) if known else None,
        "rto_origin": took.origin.value,
        "rto_phases": {name: round(seconds, 3) for name, seconds in took.phases},
        "marks": {name: round(at, 3) for name, at in vars(when).items()},
        "run_seconds": round(when.first_success - when.run_started, 3),
        "rpo_seconds": _rounded(outcome.loss.seconds),
        "rpo_lag_seconds": _rounded(outcome.loss.lag_seconds),
        "rpo_known_as": outcome.loss.known_as,
        "rpo_basis": outcome.loss.basis,
        "rpo_layers": [
            {"layer": name, "seconds": _rounded(loss.seconds), "known_as": loss.known_as, "basis": loss.basis}
            for name, loss in outcome.layers
        ],
        "objectives": {"rto_seconds": outcome.objectives.rto_seconds, "rpo_seconds": outcome.objectives.rpo_seconds},
        "way_back": way_back(outcome),
        "outcome": "split" if outcome.split else "degraded" if outcome.owed else "succeeded",
        "owed": list(outcome.owed),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


class FilterModule:
    """Filters that sum a failover up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "failover_behind": behind,
            "failover_ledger": failover_ledger,
            "failover_needed": failover_needed,
            "failover_plan": failover_plan,
            "failover_summary": failover_summary,
            "promotion_asked": promotion_asked,
        }
