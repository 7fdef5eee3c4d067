# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of each drill, from what its tasks returned. A task that failed says so in its ``msg``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.drill import Drill, DrillType

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What a drill is held against. Seconds."""

    rto: float
    rpo: float
    detect: float
    stable_for: float


def trouble(result: Result) -> str:
    """Why a task failed, or was never made; empty where it did what it should."""
    return failure(result) or ("it was not carried out" if not result or result.get("skipped") else "")


def failure(result: Result) -> str:
    """Why a task failed; empty where it didn't, or was never made.

    One that may fail isn't marked as failed: only then there is a message, as our modules have none when they succeed.
    """
    forgiven = result.get("failed_when_result") is False and bool(result.get("msg"))
    return str(result.get("msg") or "it failed without a word") if result.get("failed") or forgiven else ""


def replication_lag(legs: Iterable[Result], target: str) -> float | None:
    """The newest sample of the target's replication lag, in seconds. None is unknown, not zero."""
    databases = [leg["services"].get("database", {}) for leg in legs if leg["region"] == target]
    lags = [each["replication_lag"] for each in databases if each.get("replication_lag")]
    samples = [sample for lag in lags for sample in lag["samples"]]
    return max(samples, key=lambda each: float(each["sampled_at"]))["ms"] / 1000.0 if samples else None


def _seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f} s"


# -- health_check_simulation


NO_URL = "the leg in use has no api_url that a health check could look at"


def health(result: Result, wanted: Wanted, checkable: bool = True) -> Drill:
    """Noticed within the time wanted, recovered, and stayed so."""
    if not checkable:
        return Drill(DrillType.HEALTH, inapplicable=NO_URL)
    failed = trouble(result)
    seen = result.get("drill") or {}
    if failed or not seen:
        return Drill(DrillType.HEALTH, wrong=(failed or "nothing was seen",))
    wrong = []
    if seen["detected_seconds"] > wanted.detect:
        wrong.append(f"it took {_seconds(seen['detected_seconds'])} to be noticed, more than {wanted.detect:g} s")
    if seen["stayed_good_seconds"] < wanted.stable_for:
        wrong.append(f"it stayed good for {_seconds(seen['stayed_good_seconds'])}, not {wanted.stable_for:g} s")
    told = (
        f"noticed after {_seconds(seen['detected_seconds'])}, recovery after {_seconds(seen['recovered_seconds'])},"
        f" then good for {_seconds(seen['stayed_good_seconds'])}",
    )
    return Drill(DrillType.HEALTH, tuple(wrong), seen=told, figures=dict(seen))


# -- failover_simulation


def failover(results: Result, wanted: Wanted) -> Drill:
    """Ready, planned, promoted on a copy in time, nothing of it in production, production served, the copy gone."""
    wrong = [*_not_ready(results), *_not_planned(results), *_copy_wrongs(results, wanted), *_production_wrongs(results)]
    lag = results.get("lag_seconds")
    if lag is not None and lag > wanted.rpo:
        wrong.append(f"the standby was {_seconds(lag)} behind, more than the objective of {wanted.rpo:g} s")
    unknown = () if lag is not None else ("the replication lag, and with it what a failover would lose",)
    seconds = (results.get("copy") or {}).get("seconds") or {}
    figures = {
        "isolated_rto_seconds": seconds.get("proved"),
        "isolated_restore_seconds": seconds.get("restored"),
        "replication_lag_seconds": lag,
    }
    return Drill(DrillType.FAILOVER, tuple(wrong), unknown, tuple(_told(results, seconds)), figures)


def _told(results: Result, seconds: Mapping[str, Any]) -> Iterator[str]:
    calls = [f"{call['service']}:{call['action']} in {call['region']}" for call in _planned_calls(results)]
    yield (
        f"fence, capacity, database and traffic would now take: {', '.join(calls) or 'no call'};"
        " failover.yml --check lists those of the other layers, too"
    )
    copy = results.get("copy") or {}
    if copy.get("proof"):
        reads = copy["reads"]
        yield (
            f"{copy['proof']['server_id']} restored in {_seconds(seconds.get('restored'))}, took a write"
            f" {_seconds(seconds.get('proved'))} after the request; {reads['tables']} tables read"
        )
    yield f"the standby was {_seconds(results.get('lag_seconds'))} behind, by its newest sample"
    if not results.get("checkable", True):
        yield "production was not watched meanwhile: the leg in use has no api_url"


def _planned_calls(results: Result) -> list[Mapping[str, str]]:
    return [call for step in results.get("steps", {}).values() for call in step.get("calls", [])]


def _not_ready(results: Result) -> Iterator[str]:
    for each in results.get("readiness", []):
        mode = each.get("dr_drill__mode", "")
        if failed := trouble(each):
            yield f"{mode}: {failed}"
            continue
        for finding in each["findings"]:
            if finding["severity"] == "refuse":
                yield f"a {mode} failover would be refused: [{finding['code']}] {finding['observed']}"


def _not_planned(results: Result) -> Iterator[str]:
    for name, step in results.get("steps", {}).items():
        if failed := failure(step):
            yield f"the step {name} couldn't be planned: {failed}"


def _copy_wrongs(results: Result, wanted: Wanted) -> Iterator[str]:
    copy = results.get("copy") or {}
    if failed := trouble(copy):
        yield f"the promotion on a copy: {failed}"
        return
    reads, seconds = copy["reads"], copy["seconds"]["proved"]
    if reads["missing"]:
        yield f"the copy lacks tables that the standby has: {', '.join(reads['missing'])}"
    if not reads["tables"]:
        yield "no table could be read in the copy"
    if not reads["isolated"]:
        yield "what was written to the copy shows in production: it is NOT isolated"
    if seconds is not None and seconds > wanted.rto:
        yield f"the copy took its first write after {_seconds(seconds)}, more than the objective of {wanted.rto:g} s"
    if failed := trouble(results.get("again") or {}):
        yield f"the copy didn't stay good for {wanted.stable_for:g} s: {failed}"
    if failed := trouble(results.get("removed") or {}):
        yield f"the copy is LEFT, and costs money: {failed}"


def _production_wrongs(results: Result) -> Iterator[str]:
    if results.get("checkable", True) and (failed := trouble(results.get("production") or {})):
        yield f"production wasn't served all the while: {failed}"
    before, after = results.get("writer_before"), results.get("writer_after")
    if not before or before != after:
        yield f"the writer was {before or 'unknown'} before, and {after or 'unknown'} after"


# -- data_consistency


def consistency(result: Result) -> Drill:
    """Every layer that the workload has is the same in both Regions. One that couldn't be compared isn't."""
    failed = trouble(result)
    if failed:
        return Drill(DrillType.CONSISTENCY, wrong=(failed,))
    layers: Mapping[str, Any] = result.get("layers", {})
    wrong = [_differing(name, layer) for name, layer in layers.items() if layer["status"] == "differs"]
    unknown = [f"whether the {name} is the same" for name, layer in layers.items() if layer["status"] == "unknown"]
    seen = [f"{name}: {layer['status']}, {layer['compared']} compared" for name, layer in layers.items()]
    unknown += [] if layers else ["anything: nothing was compared"]
    return Drill(DrillType.CONSISTENCY, tuple(wrong), tuple(unknown), tuple(seen))


def _differing(name: str, layer: Mapping[str, Any]) -> str:
    """How much differs, and the first of it by name."""
    lines = [line for line in layer.get("lines", []) if line["status"] == "differs"]
    named = [f"{line['what']}: {', '.join(map(str, line.get('examples', [])))}" for line in lines]
    return (
        f"{name}: {layer['differing']} differ ({'; '.join(named)})" if named else f"{name}: {layer['differing']} differ"
    )


# -- live


def live(there: Result, back: Result, watch: Result, wanted: Wanted) -> Drill:
    """Both ways ended well, and the longest gap a client saw keeps the objective."""
    wrong = [f"{way}: {failed}" for way, failed in _ways(there, back)]
    gap = (watch.get("watch") or {}).get("longest_gap_seconds")
    unknown = []
    if failed := trouble(watch):
        unknown.append(f"what clients saw: {failed}")
    elif gap is not None and gap > wanted.rto:
        wrong.append(f"a client was cut off for {_seconds(gap)}, more than the objective of {wanted.rto:g} s")
    seen = [] if failed else [_watched(watch["watch"])]
    figures = {
        "longest_gap_seconds": gap,
        "there_seconds": there.get("run_seconds"),
        "back_seconds": back.get("run_seconds"),
    }
    return Drill(DrillType.LIVE, tuple(wrong), tuple(unknown), tuple(seen), figures)


def _ways(there: Result, back: Result) -> Iterable[tuple[str, str]]:
    for way, summary in (("the way there", there), ("the way back", back)):
        if not summary:
            yield way, "it didn't come to its end"
        elif summary.get("outcome") != "succeeded":
            yield way, f"it ended {summary.get('outcome')}: {'; '.join(summary.get('owed', [])) or 'nothing is said'}"


def _watched(watch: Mapping[str, Any]) -> str:
    return (
        f"a client sent {watch['samples']} requests, {watch['failures']} failed; the longest gap was"
        f" {_seconds(watch['longest_gap_seconds'])}"
    )
