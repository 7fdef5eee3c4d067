# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload's health as a person reads it, from what region_health_info returned; and what ends a play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_summary import Verdict

RUNBOOK = "docs/runbooks/health.md"
INDENT = " " * 4


def findings(seen: Mapping[str, Any], workload: str, strict: bool) -> tuple[Finding, ...]:
    """What ends the play: users that aren't served, or may not be; with ``strict`` whatever isn't well."""
    summary = seen["summary"]
    verdict, observed = Verdict(summary["verdict"]), f"{workload}: {summary['line']}."
    if summary["astray"]:
        remedy = (
            "Finish the run that status names, or send clients to the writer (failover.yml with that Region as its"
            " target). Where they were just switched, it passes within the record's TTL."
        )
        return (refusal("clients_astray", observed, remedy, f"{RUNBOOK}#clients_astray"),)
    if verdict is Verdict.CRITICAL:
        remedy = "Look at that Region; where it is lost, fail over (failover.yml with mode=unplanned)."
        return (refusal("users_not_served", observed, remedy, f"{RUNBOOK}#users_not_served"),)
    if verdict is Verdict.UNKNOWN:
        remedy = "Find out why nothing answered before anything else: it is no proof that a Region is lost."
        return (refusal("health_unknown", observed, remedy, f"{RUNBOOK}#health_unknown"),)
    if strict and verdict is not Verdict.OK:
        remedy = "Mend what isn't well, or leave strict out: users are served."
        return (refusal("not_well", observed, remedy, f"{RUNBOOK}#not_well"),)
    return ()


def lines(seen: Mapping[str, Any], workload: str) -> list[str]:
    """The verdict, a row for each service with what is wrong below it, and the figures."""
    rows = [(leg["region"], name, each) for leg in seen["legs"] for name, each in leg["services"].items()]
    width = max((len(region) for region, _name, _each in rows), default=0)
    shown = [f"{workload}: {seen['summary']['line']}"]
    for region, name, each in rows:
        took = "" if each["response_ms"] is None else f"{each['response_ms']:.0f} ms"
        told = ", ".join(_details(name, each))
        shown.append(f"{INDENT}{region:{width}}  {name:9}{each['status']:10}{took:>9}  {told}".rstrip())
        shown += [f"{INDENT}{'':{width}}  ! {reason}" for reason in each["reasons"]]
    return [*shown, f"{INDENT}{_figures(seen['summary'])}"]


def _details(name: str, seen: Mapping[str, Any]) -> Iterator[str]:
    if name in ("database", "cache") and seen.get("role"):
        yield seen["role"]
        if seen["replication_lag"]:
            yield _lag(seen["replication_lag"])
    if seen.get("certificate_days") is not None:
        yield f"certificate good for {seen['certificate_days']:.0f} days"
    for pair in seen.get("replication", ()):
        yield f"{_pending(pair)} from {pair['source']['bucket']}"
    known = [each["in_sync"] for each in seen.get("secrets", ()) if each["in_sync"] is not None]
    if known:
        yield f"{sum(known)} of {len(known)} replicas in sync"
    for key in seen.get("kms_keys", ()):
        yield f"{key['key_id']} {key['state'] or 'unknown'}"


def _lag(lag: Mapping[str, Any]) -> str:
    return f"lag {lag['ms']:.0f} ms ({lag['source']}, {lag['age_s']:.0f} s old)"


def _pending(pair: Mapping[str, Any]) -> str:
    pending = pair["operations_pending"]
    if pending is None:
        return "backlog unknown"
    return f"{pending['value']:.0f} pending ({pending['age_s']:.0f} s old)"


def _figures(summary: Mapping[str, Any]) -> str:
    counts, slowest = summary["counts"], summary["slowest"]
    good = counts[Status.HEALTHY.value] + counts[Status.DEGRADED.value]
    share = "" if summary["success_percent"] is None else f" ({summary['success_percent']:.0f} %)"
    took = f", slowest {slowest['service']} of {slowest['region']}: {slowest['response_ms']:.0f} ms" if slowest else ""
    return f"{good} of {summary['checks']} checks good{share}{took}"
