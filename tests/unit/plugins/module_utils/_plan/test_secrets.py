# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import (
    Replica,
    ReplicationStatus,
    Secret,
    SecretPair,
    Standing,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.secrets import Act, State, decide, findings

HOME, STANDBY = "eu-central-1", "eu-west-1"


def pair(
    status: ReplicationStatus | None = ReplicationStatus.IN_SYNC,
    versions: tuple[str, str] = ("v1", "v1"),
    *,
    source_read: bool = True,
    primary: str = HOME,
    deleted: bool = False,
) -> SecretPair:
    replicas = (Replica(STANDBY, status, "why"),) if status else ()
    source = Secret("shop/db", HOME, "arn", versions[0], 1.0, HOME if replicas else "", replicas)
    target = Secret("shop/db", STANDBY, "arn", versions[1], 2.0, primary, replicas, deleted)
    return SecretPair("shop/db", STANDBY, target, HOME, source if source_read else None, source_read)


@pytest.mark.parametrize(
    ("seen", "in_sync"),
    [
        (pair(), True),
        (pair(versions=("v2", "v1")), False),
        (pair(ReplicationStatus.IN_PROGRESS), False),
        (pair(ReplicationStatus.FAILED), False),
        (pair(source_read=False), None),
        (pair(ReplicationStatus.IN_PROGRESS, source_read=False), False),
        (pair(None, primary=""), True),
        (pair(None, ("v2", "v1"), primary=""), False),
        (SecretPair("shop/db", STANDBY, None), False),
    ],
)
def test_in_sync_is_known_only_where_the_source_was_read(seen: SecretPair, in_sync: bool | None) -> None:
    assert seen.in_sync is in_sync


@pytest.mark.parametrize(
    ("seen", "code", "planned", "unplanned"),
    [
        (SecretPair("shop/db", STANDBY, None), "secret_missing", Severity.REFUSE, Severity.REFUSE),
        (pair(deleted=True), "secret_deleted", Severity.REFUSE, Severity.REFUSE),
        (pair(versions=("v2", "v1")), "secret_not_in_sync", Severity.REFUSE, Severity.WARN),
        (pair(ReplicationStatus.FAILED), "secret_replication_failed", Severity.REFUSE, Severity.WARN),
        (pair(None, ("v2", "v1"), primary=""), "secret_not_replicated", Severity.REFUSE, Severity.WARN),
        (pair(source_read=False), "secret_not_compared", Severity.WARN, Severity.WARN),
        (
            pair(ReplicationStatus.IN_PROGRESS, source_read=False),
            "secret_not_in_sync",
            Severity.REFUSE,
            Severity.WARN,
        ),
    ],
)
def test_what_is_wrong_refuses_a_planned_run_and_a_disaster_only_where_nothing_can_be_read(
    seen: SecretPair, code: str, planned: Severity, unplanned: Severity
) -> None:
    for strict, severity in ((True, planned), (False, unplanned)):
        assert [(found.code, found.severity) for found in findings(seen, strict=strict)] == [(code, severity)]


def test_a_target_that_is_the_primary_has_all_there_is() -> None:
    target = Secret("shop/db", STANDBY, "arn", "v2", 2.0, STANDBY, (Replica(HOME, ReplicationStatus.IN_PROGRESS),))
    source = Secret("shop/db", HOME, "arn", "v1", 1.0, STANDBY)
    assert findings(SecretPair("shop/db", STANDBY, target, HOME, source, True), strict=True) == ()


@pytest.mark.parametrize(
    ("primary", "replicas", "standing"),
    [
        ("", (), Standing.STANDALONE),
        (STANDBY, (), Standing.STANDALONE),
        (STANDBY, (Replica(HOME, ReplicationStatus.IN_SYNC),), Standing.PRIMARY),
        (HOME, (Replica(STANDBY, ReplicationStatus.IN_SYNC),), Standing.REPLICA),
        (HOME, (), Standing.REPLICA),
    ],
)
def test_a_secret_is_a_replica_where_another_region_is_its_primary(
    primary: str, replicas: tuple[Replica, ...], standing: Standing
) -> None:
    assert Secret("shop/db", STANDBY, "arn", "v1", 0.0, primary, replicas).standing is standing


def test_a_link_overwrites_only_what_is_the_same_or_given_up() -> None:
    apart = pair(None, ("v1", "v2"), primary="")
    refused = decide(State.LINKED, apart, same_value=False, force=False)
    assert refused.act is None and "changed there later" in refused.findings[0].observed
    for same, force in ((True, False), (False, True)):
        decision = decide(State.LINKED, apart, same_value=same, force=force)
        assert (decision.act, decision.region, decision.overwrite) == (Act.REPLICATE, HOME, True)


def test_a_promotion_asks_nothing_of_the_source() -> None:
    decision = decide(State.PROMOTED, pair(source_read=False), same_value=None, force=False)
    assert (decision.act, decision.region) == (Act.STOP, STANDBY)
