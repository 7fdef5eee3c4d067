# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the state of replicated buckets amounts to: drained or not, findings for readiness, the ledger's line. Pure.

Times are seconds since the epoch, durations seconds. Unknown is ``None``, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import (
    Finding,
    Severity,
    refusal,
    warning,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face, FaceSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Drain,
    Pair,
    PairSeen,
    RuleStatus,
    Sample,
    Versioning,
)

PROMISED = 900.0
"""Seconds: what Replication Time Control promises for 99.99 % of objects. No better figure can be claimed."""
RUNBOOK = "storage"


@dataclass(frozen=True)
class Verdict:
    """Whether a pair is drained, and why it isn't known to be."""

    drain: Drain
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """From where on a backlog counts: operations, seconds behind; and how old a sample may be (seconds)."""

    operations: float = 1000.0
    latency: float = PROMISED
    sample_age: float = 300.0


def check_pairs(pairs: Sequence[Pair]) -> tuple[Finding, ...]:
    """What is wrong with the pairs themselves."""
    if not pairs:
        return (refusal("no_pairs", "pairs is empty.", "Name at least one source and destination bucket."),)
    names = [str(pair) for pair in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return (refusal("same_pair_twice", f"pairs names {', '.join(twice)} more than once.", "Name each once."),)
    return ()


def verdict(seen: PairSeen, now: float, max_age: float, since: float | None = None) -> Verdict:
    """Whether all that was written to the source has arrived, by a fresh sample and the sentinel where there is one.

    ``since`` asks for a sample of a minute that began after it: where no sentinel makes up for the metrics' being late.
    """
    off = list(_off(seen))
    if off:
        return Verdict(Drain.UNKNOWN, tuple(off))
    unknown = [*_unknown_samples(seen, now, max_age), *_too_early(seen, since)]
    if seen.unwatched:
        unknown.append(f"other rules replicate too and aren't watched: {', '.join(seen.unwatched)}")
    behind = list(_behind(seen))
    if behind:
        return Verdict(Drain.BEHIND, (*behind, *unknown))
    return Verdict(Drain.UNKNOWN if unknown else Drain.DRAINED, tuple(unknown))


def worst(drains: Iterable[Drain]) -> Drain:
    """Behind, then unknown, then drained. Of none: unknown."""
    order = (Drain.DRAINED, Drain.UNKNOWN, Drain.BEHIND)
    return max(drains, key=order.index, default=Drain.UNKNOWN)


def not_replicating(seen: Iterable[PairSeen]) -> tuple[Finding, ...]:
    """Why waiting for a pair would never end."""
    return tuple(
        refusal("replication_off", f"{each.pair}: {why}.", "Make or enable the rule with s3_bucket_replication.")
        for each in seen
        for why in _off(each)
    )


def _off(seen: PairSeen) -> Iterator[str]:
    for rule_id, status in seen.rules.items():
        if status in (RuleStatus.MISSING, RuleStatus.DISABLED):
            yield f"the rule {rule_id} of {seen.pair.source.name} is {status.value}"
    for bucket, versioning in _versionings(seen):
        if versioning in (Versioning.OFF, Versioning.SUSPENDED):
            yield f"versioning of {bucket} is {versioning.value}"


def _versionings(seen: PairSeen) -> tuple[tuple[str, Versioning], ...]:
    return (
        (seen.pair.source.name, seen.source_versioning),
        (seen.pair.destination.name, seen.destination_versioning),
    )


def _unknown_samples(seen: PairSeen, now: float, max_age: float) -> Iterator[str]:
    backlog = seen.backlog
    for what, sample in (("operations", backlog.operations), ("bytes", backlog.bytes)):
        if sample is None:
            yield f"no sample of the {what} pending" + (f": {backlog.error}" if backlog.error else "")
        elif now - sample.taken_at > max_age:
            yield f"the sample of the {what} pending is {now - sample.taken_at:.0f} s old"


def _too_early(seen: PairSeen, since: float | None) -> Iterator[str]:
    sample = seen.backlog.operations
    if since is not None and sample is not None and sample.taken_at < since:
        yield "the last sample is from before the wait began"


def _behind(seen: PairSeen) -> Iterator[str]:
    operations, size, sentinel = seen.backlog.operations, seen.backlog.bytes, seen.sentinel
    if operations is not None and operations.value > 0:
        yield f"{operations.value:.0f} operations pending"
    if size is not None and size.value > 0:
        yield f"{size.value:.0f} bytes pending"
    if sentinel is not None and sentinel.arrived_at is None:
        yield "the sentinel has not arrived" + (f": {sentinel.error}" if sentinel.error else "")


# For readiness


def findings(seen: Iterable[PairSeen], limits: Limits, now: float, *, unplanned: bool) -> tuple[Finding, ...]:
    """What stands against failing over. Unplanned, it is shown and stops nothing: a disaster must not deadlock."""
    return tuple(finding for each in seen for finding in _findings(each, limits, now, unplanned))


def _findings(seen: PairSeen, limits: Limits, now: float, unplanned: bool) -> Iterator[Finding]:
    severity = Severity.WARN if unplanned else Severity.REFUSE

    def found(code: str, observed: str, remedy: str, how: Severity = severity) -> Finding:
        return Finding(code, how, f"{seen.pair}: {observed}.", remedy, RUNBOOK)

    for rule_id, status in seen.rules.items():
        if status in (RuleStatus.MISSING, RuleStatus.DISABLED):
            remedy = "Make or enable it with s3_bucket_replication, and copy what it missed by S3 Batch Replication."
            yield found("replication_off", f"the rule {rule_id} is {status.value}", remedy)
    for bucket, versioning in _versionings(seen):
        if versioning in (Versioning.OFF, Versioning.SUSPENDED):
            remedy = "Enable it: without versions S3 replicates nothing."
            yield found("versioning_off", f"versioning of {bucket} is {versioning.value}", remedy)
    if seen.source_error:
        remedy = "If its Region answers, check the permissions; in a disaster the baseline says what was configured."
        yield found("replication_unreadable", f"the source can't be read: {seen.source_error}", remedy, Severity.WARN)
    unknown = list(_unknown_samples(seen, now, limits.sample_age))
    if unknown:
        remedy = "Check that the rule has metrics, and cloudwatch:GetMetricData in the destination's Region."
        yield found("replication_backlog_unknown", ", ".join(unknown), remedy)
    over = list(_over(seen, limits))
    if over:
        yield found(
            "replication_backlog", ", ".join(over), "Wait until it is smaller, or accept to lose those objects."
        )


def _over(seen: PairSeen, limits: Limits) -> Iterator[str]:
    operations, latency = seen.backlog.operations, seen.backlog.latency
    if operations is not None and operations.value > limits.operations:
        yield f"{operations.value:.0f} operations pending, more than {limits.operations:.0f}"
    if latency is not None and latency.value > limits.latency:
        yield f"{latency.value:.0f} s behind, more than {limits.latency:.0f} s"


_FACES = {
    Face.OTHER_CONTENT: "it holds something else than the token",
    Face.ABSENT: "the object isn't there for who comes without credentials",
    Face.REDIRECTED: "the answer is a redirect, which a health check takes for success",
    Face.KMS: "KMS encrypted it, and S3 never serves that to who comes without credentials",
}


def latch_findings(seen: Iterable[FaceSeen]) -> tuple[Finding, ...]:
    """What stands against a latch that a health check has to read, judged by the canary object beside it."""
    return tuple(finding for each in seen for finding in _face_findings(each))


def _face_findings(seen: FaceSeen) -> Iterator[Finding]:
    where = f"{seen.where.bucket} in {seen.where.region}"
    if seen.face in _FACES:
        remedy = (
            "The latch would silently never fire: use the Regional endpoint, SSE-S3, and a policy that lets Route 53's"
            " checkers read the key."
        )
        yield refusal("latch_unreadable", f"{where}: {_FACES[seen.face]} (HTTP {seen.status}).", remedy, RUNBOOK)
    elif seen.face is Face.FORBIDDEN:
        remedy = "Where a policy names the checkers' addresses alone that is right: flip the canary and watch the DNS."
        yield warning("latch_unproved", f"{where}: this address is answered 403.", remedy, RUNBOOK)
    elif seen.face is Face.UNKNOWN:
        observed = f"{where}: no answer that says anything: {seen.detail or f'HTTP {seen.status}'}."
        yield warning("latch_unknown", observed, "Look again; the bucket's Region may be impaired.", RUNBOOK)


# For the ledger


class Known(str, Enum):
    """How a loss is known."""

    MEASURED = "measured"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StorageLoss:
    """What of a pair may be lost: ``seconds`` of writes before the failure; what waited when it was last sampled."""

    known: Known
    seconds: float | None
    operations: float | None
    bytes: float | None
    basis: str

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "known": self.known.value}


def loss(seen: PairSeen, began: float, max_age: float) -> StorageLoss:
    """The line of a pair, for a failover that began (or a failure that was first seen) at ``began``.

    Measured only where a sentinel arrived after the writes had stopped, and nothing waited. Else a bound, and never
    less than what S3 promises: a sample says nothing of what was written after it. Samples from after ``began``
    describe a source that was gone, and say nothing.
    """
    backlog = seen.backlog
    shown = (_value(backlog.operations), _value(backlog.bytes))
    if seen.sentinel and seen.sentinel.arrived_at is not None and verdict(seen, began, max_age).drain is Drain.DRAINED:
        return StorageLoss(Known.MEASURED, 0.0, 0.0, 0.0, "the sentinel arrived and nothing was pending")
    off = list(_off(seen))
    if off:
        return StorageLoss(Known.UNKNOWN, None, *shown, "; ".join(off))
    operations, latency = backlog.operations, backlog.latency
    if operations is None or latency is None:
        return StorageLoss(Known.UNKNOWN, None, *shown, "no sample of the backlog was to be had")
    age = began - min(operations.taken_at, latency.taken_at)
    if not 0 <= age <= max_age:
        return StorageLoss(Known.UNKNOWN, None, *shown, f"the last sample is of {age:.0f} s before the start")
    basis = (
        f"{operations.value:.0f} operations waited and {latency.value:.0f} s were missing {age:.0f} s before the start;"
        f" S3 promises {PROMISED:.0f} s at best"
    )
    return StorageLoss(Known.BOUNDED, max(PROMISED, latency.value + age), *shown, basis)


def _value(sample: Sample | None) -> float | None:
    return sample.value if sample else None
