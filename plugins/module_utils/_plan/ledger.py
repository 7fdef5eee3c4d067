# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: per layer, what would be lost by a failover, and how that is known. Pure.

Times are seconds since the epoch, durations seconds. Unknown is ``None``, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import CacheSeen, DatabaseSeen, Role
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import SecretPair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import PairSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import Sync
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import loss as storage_loss

LAG_PERIOD = 60.0
"""Seconds. CloudWatch has a lag sample a minute, named by the minute's start: it was taken somewhere in that minute."""

ROWS = "; rows are yet to be compared"
NOBODY_SAYS = "nobody says when the workload failed (first_failure)"
WITHIN_A_REGION = frozenset({"AuroraReplicaLagMaximum"})
"""Lags of a cluster's replicas behind its own instance: of what the other Region wrote they say nothing."""
MAX_SAMPLE_AGE = 300.0  # seconds before the failure that a sample of a bucket's backlog may be old


@dataclass(frozen=True)
class LagSample:
    """A replication lag as CloudWatch had it: ``seconds`` of lag, the metric it came from, when its minute began."""

    seconds: float
    source: str
    minute: float


@dataclass(frozen=True)
class Loss:
    """What may be lost: at most ``seconds`` of acknowledged writes, ``None`` when unknown, and how it is known.

    ``lag_seconds`` is the replication lag that it was reckoned from, as it was sampled.
    """

    seconds: float | None
    known_as: str
    basis: str
    lag_seconds: float | None = None


def database_loss(kind: str, already: bool, changed: bool, lags: Sequence[LagSample], failed_at: float) -> Loss:
    """The database's line. A switchover waits for the last row; after a failover the last lag sample is all there is.

    ``kind`` is what the operation was, whatever was asked for; ``failed_at`` is 0 where nobody knows. It stays a
    bound until the old primary's rows have been compared.
    """
    if already and not changed:
        return Loss(0.0, "measured", "nothing was promoted")
    if already:
        return Loss(None, "unknown", "the database was promoted before this run")
    if kind == "switchover":
        return Loss(0.0, "bounded", "a switchover promotes only after the last row was replicated")
    if not lags:
        return Loss(None, "unknown", "no replication lag sample was to be had")
    return bound(lags, failed_at, then=ROWS)


def bound(lags: Sequence[LagSample], failed_at: float, then: str = "") -> Loss:
    """The lag, and all the time since its sample may have been taken.

    The replica had all that was written until ``lag`` before the sample, and that was taken in its minute: at its
    beginning, for the bound. A sample of the failure's own minute may have been taken after it: then it describes a
    replica that nothing arrives at, whose lag says nothing, and it bounds nothing. ``then`` ends the basis.
    """
    newest = max(lags, key=lambda lag: lag.minute)
    if newest.source in WITHIN_A_REGION:
        basis = f"{newest.source} was {newest.seconds:.2f} s, which is of replicas within a Region and bounds nothing"
        return Loss(None, "unknown", basis)
    if not failed_at:
        basis = f"{newest.source} was {newest.seconds:.2f} s, before or after the failure: nobody says (first_failure)"
        return Loss(None, "unknown", basis, newest.seconds)
    before = [lag for lag in lags if lag.minute + LAG_PERIOD <= failed_at]
    if not before:
        basis = f"{newest.source} was {newest.seconds:.2f} s, but no minute of it had ended when the workload failed"
        return Loss(None, "unknown", basis, newest.seconds)
    last = max(before, key=lambda lag: lag.minute)
    age = failed_at - last.minute
    basis = f"{last.source} was {last.seconds:.2f} s in the minute that began {age:.0f} s before the failure"
    return Loss(last.seconds + age, "bounded", f"{basis}{then}", last.seconds)


@dataclass(frozen=True)
class When:
    """``failed_at``: when the workload failed, 0 where nobody knows. ``planned``: nothing has; that is now."""

    planned: bool
    failed_at: float

    @classmethod
    def of(cls, planned: bool, first_failure: float, now: float) -> When:
        return cls(planned, first_failure or (now if planned else 0.0))


@dataclass(frozen=True)
class Line:
    """A layer's line. ``item`` names which of several; ``sampled_at`` is when its newest sample's minute began."""

    layer: str
    item: str
    loss: Loss
    sampled_at: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "layer": self.layer,
            "item": self.item,
            "known_as": self.loss.known_as,
            "seconds": self.loss.seconds,
            "basis": self.loss.basis,
            "sampled_at": self.sampled_at,
        }

    def __str__(self) -> str:
        return f"{self.layer} {self.item}: {loss_text(self.loss)}"


def unread(layer: str, item: str, why: str) -> Line:
    """What nobody could look at."""
    return Line(layer, item, Loss(None, "unknown", why))


def database_line(item: str, seen: DatabaseSeen, when: When) -> Line:
    """From the target's Region: where it is the writer already there is nothing to lose."""
    writes = seen.role is Role.WRITER
    lag = seen.lag
    samples = [LagSample(each / 1000.0, lag.source, minute) for minute, each in lag.samples] if lag else []
    kind = "switchover" if when.planned else "failover"
    found = database_loss(kind, writes, not writes, samples, when.failed_at)
    if not samples and seen.lag_error and found.known_as == "unknown":
        found = Loss(None, "unknown", f"{found.basis}: {seen.lag_error}")
    return Line("database", item, found, lag.sampled_at if lag and not writes else None)


def cache_line(item: str, seen: CacheSeen, when: When) -> Line:
    """A cache replicates asynchronously: a planned failover loses what is on its way as well."""
    if seen.role == "primary":
        return Line("cache", item, Loss(0.0, "measured", "the target is the primary already"))
    if seen.lag is None:
        return unread("cache", item, seen.lag_error or "no replication lag sample was to be had")
    lag = seen.lag
    newest = LagSample(lag.milliseconds / 1000.0, lag.source, lag.sampled_at)
    samples = [LagSample(each / 1000.0, lag.source, minute) for minute, each in lag.samples] or [newest]
    # In a planned run nothing has failed: the sample's own minute counts, for all that has passed of it.
    found = _until_now(newest, when.failed_at) if when.planned else bound(samples, when.failed_at)
    return Line("cache", item, found, newest.minute)


def _until_now(sample: LagSample, now: float) -> Loss:
    age = max(0.0, now - sample.minute)
    basis = f"{sample.source} was {sample.seconds:.2f} s in the minute that began {age:.0f} s ago"
    return Loss(sample.seconds + age, "bounded", basis, sample.seconds)


def bucket_line(seen: PairSeen, when: When) -> Line:
    """A pair's line. S3 promises no bound below 15 minutes."""
    operations = seen.backlog.operations
    sampled_at = operations.taken_at if operations else None
    if not when.failed_at:
        return Line("buckets", str(seen.pair), Loss(None, "unknown", NOBODY_SAYS), sampled_at)
    found = storage_loss(seen, when.failed_at, MAX_SAMPLE_AGE)
    return Line("buckets", str(seen.pair), Loss(found.seconds, found.known.value, found.basis), sampled_at)


def secret_line(seen: SecretPair, read_at: float) -> Line:
    """A secret has no lag: it is in sync, or nobody knows how much is missing."""
    in_sync = seen.in_sync
    if in_sync:
        return Line("secrets", seen.secret_id, Loss(0.0, "measured", "both Regions have the same version"), read_at)
    if in_sync is None:
        return unread(
            "secrets", seen.secret_id, f"only {seen.target_region} was read: whether it is in sync is unknown"
        )
    basis = f"not in sync: it is {seen.standing.value} in {seen.target_region}, status {seen.status.value}"
    return Line("secrets", seen.secret_id, Loss(None, "unknown", basis), read_at)


def parameters_line(item: str, sync: Sync, read_at: float) -> Line:
    """Parameters are copied by a task, not by AWS: they are the same, or they are not."""
    missing = [put.after.name for put in sync.puts]
    if sync.in_sync and not missing:
        return Line("parameters", item, Loss(0.0, "measured", "both Regions have the same"), read_at)
    basis = f"{len(missing)} differ or are missing" if missing else "some couldn't be compared"
    return Line("parameters", item, Loss(None, "unknown", basis), read_at)


def texts(lines: Iterable[Line]) -> list[str]:
    """The ledger as a person reads it."""
    return [str(line) for line in lines]


def loss_text(loss: Loss) -> str:
    """A line of the ledger."""
    lost = "unknown" if loss.seconds is None else f"at most {loss.seconds:.2f} s" if loss.seconds else "0 s"
    return f"{lost} ({loss.basis})" if loss.seconds is None else f"{lost} ({loss.known_as}: {loss.basis})"
