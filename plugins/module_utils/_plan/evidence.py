# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on a run's record beside its figures, for whoever asks later: and how it is kept small.

A record is one item of a DynamoDB table, of 400 KB at most, and it must never fail to be written for what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

LIMIT = 150_000
"""Bytes, of JSON: what a run was opened with and what came of it fit into one item, each with this."""
FINDINGS = 40
TEXT = 400  # characters of a finding's texts
EVIDENCE = "evidence"
"""The part of a summary that only a report reads: the history, which holds many runs, goes without."""
WAITS: Mapping[str, str] = {
    "health": "both Regions observed",
    "opened": "lease taken",
    "fence": "old Region fenced",
    "drained": "buckets replicated",
    "start": "promotion asked for",
    "writer": "writer proved",
    "scaled": "target serves",
    "cached": "cache proved",
    "traffic": "names follow the latch",
    "probe": "clients served, stable",
}
"""What the tasks of a run wait for, by the name of their result."""

DRILL_WAITS: Mapping[str, str] = {
    "health": "sick leg noticed, recovery too",
    "copy": "copy promoted and proved",
    "production": "production watched",
    "again": "copy proved again",
    "removed": "copy removed",
    "consistency": "both Regions compared",
    "watch": "clients watched",
}


def bounded(values: Mapping[str, Any], limit: int = LIMIT) -> dict[str, Any]:
    """``values``, without the biggest of them if they are too many bytes: ``left_out`` says which, and how big."""
    kept, left_out = dict(values), dict[str, int]()
    while kept and size(kept) > limit:
        name = max(kept, key=lambda each: size(kept[each]))
        left_out[name] = size(kept.pop(name))
    return {**kept, "left_out": left_out} if left_out else kept


def size(value: Any) -> int:
    """Bytes of it as the table keeps it."""
    return len(json.dumps(value, default=str).encode())


def slim(summary: Mapping[str, Any]) -> dict[str, Any]:
    """A summary as the history keeps it."""
    return {name: value for name, value in summary.items() if name != EVIDENCE}


def findings_kept(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The first of them, refusals first as they come, each cut to what a reader needs."""
    wanted = ("code", "severity", "region", "observed", "remedy", "runbook")
    return [{name: _cut(str(each[name])) for name in wanted if each.get(name)} for each in findings[:FINDINGS]]


def _cut(text: str) -> str:
    return text if len(text) <= TEXT else f"{text[: TEXT - 3]}..."


def waits(results: Mapping[str, Any], names: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """How long each task took that has ``timing`` in its result, in the order in which they began."""
    names = WAITS if names is None else names
    found = [
        {"name": names[name], **{edge: result["timing"][edge] for edge in ("started", "ended")}}
        for name, result in results.items()
        if name in names and result.get("timing")
    ]
    return sorted(found, key=lambda each: float(each["started"]))


def evidence(results: Mapping[str, Any]) -> dict[str, Any]:
    """What the tasks of a run saw that its figures don't tell: their waits, and what clients saw."""
    probe = results.get("probe", {}).get("probe")
    return bounded({"waits": waits(results), **({"probe": probe} if probe else {})})


def drills_kept(
    results: Mapping[str, Any], findings: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the tasks of a drill saw: it is opened before it looks, so what it found goes on record at its end."""
    probe = (results.get("production") or {}).get("probe")
    kept = {"waits": waits(results, DRILL_WAITS), "findings": findings_kept(findings), "plan": list(steps)}
    return bounded({**kept, **({"probe": probe} if probe else {})})
