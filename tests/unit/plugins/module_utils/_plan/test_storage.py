# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings for readiness and the ledger's line, from what was seen of buckets and latches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face, FaceSeen, LatchObject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Backlog,
    Bucket,
    Drain,
    Pair,
    PairSeen,
    RuleStatus,
    Sample,
    Sentinel,
    Versioning,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import (
    PROMISED,
    Known,
    Limits,
    findings,
    latch_findings,
    loss,
    verdict,
    worst,
)

NOW = 10_000.0
PAIR = Pair(Bucket("one", "eu-central-1"), Bucket("two", "eu-west-1"), ("rule",))


def backlog(operations: float | None = 0.0, size: float = 0.0, latency: float = 0.0, age: float = 60.0) -> Backlog:
    if operations is None:
        return Backlog()
    at = NOW - age
    return Backlog(Sample(operations, "o", at), Sample(size, "b", at), Sample(latency, "l", at))


def seen(found: Backlog | None = None, **more: Any) -> PairSeen:
    good = PairSeen(PAIR, found or backlog(), {"rule": RuleStatus.ENABLED}, Versioning.ENABLED, Versioning.ENABLED)
    return replace(good, **more)


def codes(*pairs: PairSeen, unplanned: bool = False) -> list[tuple[str, Severity]]:
    return [(each.code, each.severity) for each in findings(pairs, Limits(), NOW, unplanned=unplanned)]


WRONG: list[tuple[PairSeen, str]] = [
    (seen(rules={"rule": RuleStatus.DISABLED}), "replication_off"),
    (seen(rules={"rule": RuleStatus.MISSING}), "replication_off"),
    (seen(source_versioning=Versioning.OFF), "versioning_off"),
    (seen(destination_versioning=Versioning.SUSPENDED), "versioning_off"),
    (seen(backlog(operations=1001)), "replication_backlog"),
    (seen(backlog(latency=901)), "replication_backlog"),
    (seen(backlog(operations=None)), "replication_backlog_unknown"),
    (seen(backlog(age=301)), "replication_backlog_unknown"),
]


def test_a_pair_in_order_gives_no_finding() -> None:
    assert codes(seen(), seen(backlog(operations=1000, latency=900))) == []


@pytest.mark.parametrize(("pair", "code"), WRONG)
def test_what_is_wrong_stops_a_planned_run_and_only_warns_in_a_disaster(pair: PairSeen, code: str) -> None:
    assert codes(pair) == [(code, Severity.REFUSE)]
    assert codes(pair, unplanned=True) == [(code, Severity.WARN)]


@pytest.mark.parametrize("unplanned", [True, False])
def test_a_source_that_cannot_be_read_warns(unplanned: bool) -> None:
    pair = seen(rules={"rule": RuleStatus.UNKNOWN}, source_versioning=Versioning.UNKNOWN, source_error="TimedOut")
    assert codes(pair, unplanned=unplanned) == [("replication_unreadable", Severity.WARN)]


@pytest.mark.parametrize(
    ("face", "found"),
    [
        (Face.READABLE, []),
        (Face.OTHER_CONTENT, [("latch_unreadable", Severity.REFUSE)]),
        (Face.ABSENT, [("latch_unreadable", Severity.REFUSE)]),
        (Face.REDIRECTED, [("latch_unreadable", Severity.REFUSE)]),
        (Face.KMS, [("latch_unreadable", Severity.REFUSE)]),
        (Face.FORBIDDEN, [("latch_unproved", Severity.WARN)]),
        (Face.UNKNOWN, [("latch_unknown", Severity.WARN)]),
    ],
)
def test_a_latch_that_a_checker_cannot_read_is_found(face: Face, found: list[tuple[str, Severity]]) -> None:
    where = FaceSeen(LatchObject("latch", "eu-west-1"), face, 200)
    assert [(each.code, each.severity) for each in latch_findings([where])] == found


@pytest.mark.parametrize(
    ("pair", "drain"),
    [
        (seen(), Drain.DRAINED),
        (seen(backlog(operations=1)), Drain.BEHIND),
        (seen(backlog(size=1)), Drain.BEHIND),
        (seen(backlog(operations=None)), Drain.UNKNOWN),
        (seen(backlog(age=301)), Drain.UNKNOWN),
        (seen(backlog(operations=1, age=301)), Drain.BEHIND),
        (seen(rules={"rule": RuleStatus.MISSING}), Drain.UNKNOWN),
        (seen(rules={"rule": RuleStatus.UNKNOWN}), Drain.DRAINED),
        (seen(sentinel=Sentinel("k", "v", NOW)), Drain.BEHIND),
        (seen(sentinel=Sentinel("k", "v", NOW, NOW)), Drain.DRAINED),
        (seen(backlog(operations=None), sentinel=Sentinel("k", "v", NOW, NOW)), Drain.UNKNOWN),
        (seen(unwatched=("other",)), Drain.UNKNOWN),
    ],
)
def test_a_pair_is_drained_only_when_all_that_is_known_says_so(pair: PairSeen, drain: Drain) -> None:
    found = verdict(pair, NOW, 300.0)
    assert found.drain is drain and bool(found.reasons) is (drain is not Drain.DRAINED)


@pytest.mark.parametrize(("since", "drain"), [(NOW - 61, Drain.DRAINED), (NOW - 59, Drain.UNKNOWN)])
def test_a_sample_from_before_the_wait_says_nothing_of_the_last_write(since: float, drain: Drain) -> None:
    assert verdict(seen(), NOW, 300.0, since).drain is drain


def test_the_worst_pair_counts() -> None:
    assert worst([Drain.DRAINED, Drain.BEHIND, Drain.UNKNOWN]) is Drain.BEHIND
    assert worst([Drain.UNKNOWN, Drain.DRAINED]) is Drain.UNKNOWN
    assert worst([]) is Drain.UNKNOWN


@pytest.mark.parametrize(
    ("pair", "known", "seconds", "operations"),
    [
        (seen(), Known.BOUNDED, PROMISED, 0.0),
        (seen(backlog(operations=5, latency=30)), Known.BOUNDED, PROMISED, 5.0),
        (seen(backlog(operations=5, latency=2000, age=100)), Known.BOUNDED, 2100.0, 5.0),
        (seen(backlog(operations=None)), Known.UNKNOWN, None, None),
        (seen(backlog(operations=5, age=301)), Known.UNKNOWN, None, 5.0),
        (seen(backlog(operations=5, age=-1)), Known.UNKNOWN, None, 5.0),
        (seen(replace(backlog(), latency=None)), Known.UNKNOWN, None, 0.0),
        (seen(rules={"rule": RuleStatus.DISABLED}), Known.UNKNOWN, None, 0.0),
        (seen(sentinel=Sentinel("k", "v", NOW, NOW)), Known.MEASURED, 0.0, 0.0),
        (seen(backlog(operations=1), sentinel=Sentinel("k", "v", NOW, NOW)), Known.BOUNDED, PROMISED, 1.0),
        (seen(backlog(operations=None), sentinel=Sentinel("k", "v", NOW, NOW)), Known.UNKNOWN, None, None),
    ],
)
def test_a_loss_is_measured_bounded_or_unknown(
    pair: PairSeen, known: Known, seconds: float | None, operations: float | None
) -> None:
    found = loss(pair, NOW, 300.0)
    assert (found.known, found.seconds, found.operations) == (known, seconds, operations)
    assert found.basis


@pytest.mark.parametrize("latency", [0.0, 1.0, 59.0, 899.0, 5000.0])
@pytest.mark.parametrize("age", [0.0, 60.0, 300.0])
def test_a_bound_never_claims_more_than_s3_promises(latency: float, age: float) -> None:
    found = loss(seen(backlog(latency=latency, age=age)), NOW, 300.0)
    assert found.seconds is not None and found.seconds >= max(PROMISED, latency)
