# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Up to which moment all writes had been replicated: by the failover's record, or by the data that arrived. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord

MARGIN = 60.0
"""Seconds before a moment that isn't exact: a row's time is that of its transaction's beginning, or of an application's
clock, and replication is in the order of the commits."""


@dataclass(frozen=True)
class Since:
    """The moment ``at`` (epoch seconds), and ``basis``, how it is known; where it isn't ``known``, it is a guess.

    What the live database has from ``before`` then (epoch seconds) came by replication, if the clocks are right.
    """

    at: float
    basis: str
    known: bool = True
    before: float = 0.0


def of_record(run: RunRecord) -> Since:
    """By a failover's record: the failure less what the ledger bounds.

    Once all was counted, the moment that was counted from: the measured loss says nothing of when replication ended.
    """
    ledger: Mapping[str, Any] = run.details.get("ledger") or {}
    failed = min(float(ledger.get("first_failure") or run.opened_at), run.opened_at)
    counted: Mapping[str, Any] = run.summary.get("lost_writes") or {}
    if counted.get("complete"):
        return Since(float(counted["since"]), "as it was counted before", before=failed)
    bound = run.summary.get("rpo_seconds")
    if bound is not None:
        return Since(failed - float(bound), "the failure less the lag before it", before=failed)
    return Since(failed - MARGIN, "a guess: the record tells no lag before the failure", False, failed)


def earliest(sinces: Sequence[Since]) -> Since:
    """That of several failovers that lost one primary. There is one at least."""
    return replace(min(sinces, key=lambda each: each.at), before=min(each.before for each in sinces))


def by_data(since: Since, arrived: float | None) -> Since:
    """A guess bettered by when the newest row was written that had ``arrived`` (epoch seconds), if any had.

    It stays one: a row's time may be another clock's, or of something else, and rows may have been copied since.
    """
    if since.known or arrived is None:
        return since
    basis = "a guess: the newest row that had been replicated, less a minute"
    return replace(since, at=min(since.at, arrived - MARGIN), basis=basis)


def refusals(since: float, failovers: Sequence[Since], now: float) -> tuple[Finding, ...]:
    """Why a moment that was given can't be it. All in epoch seconds."""
    latest = min((each.before for each in failovers), default=now)
    if since <= latest:
        return ()
    seen = f"since is {since:.0f}, and the failure or the failover was known at {latest:.0f} at the latest."
    remedy = "Give the moment up to which all had been replicated, before that, in seconds since the epoch."
    return (refusal("since_too_late", seen, remedy),)
