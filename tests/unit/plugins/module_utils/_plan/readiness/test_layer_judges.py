# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each code of the layers beside the database is found where it should be, and as heavy as the mode makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheMember, CacheRole
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Capacity, Target, TargetKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Lag
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import CacheConfig
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Replica, ReplicationStatus
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Backlog,
    RuleStatus,
    Sample,
    Versioning,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.capacity import quota_services
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case, Sightings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.request import check_request
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.readiness import CHECKS
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    HOME,
    NOW,
    STANDBY,
    found,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop_layers import (
    HEALTHY,
    LAYERED,
    MODES,
    NEWEST,
    PLANNED_LAYERED,
    THERE,
    UNPLANNED_LAYERED,
    buckets,
    cache,
    capacity,
    datastore,
    event_sources,
    faces,
    key,
    keys,
    quotas,
    secret,
    secrets,
)

REFUSE, WARN, NOTHING = "refuse", "warn", None
UNSEEN = Sightings[Any]({}, {STANDBY: "no answer within 5 s."})
MEMBERS = datastore().members
ASSOCIATING = (MEMBERS[0], replace(MEMBERS[1], status="associating"))
ELSEWHERE = (CacheMember("us-west-2", "x", CacheRole.PRIMARY, "associated"), MEMBERS[1])
PROMOTED = tuple(
    replace(member, role=role) for member, role in zip(MEMBERS, (CacheRole.SECONDARY, CacheRole.PRIMARY), strict=True)
)
IN_PROGRESS = secret(HOME, current_version="v3", replicas=(Replica(STANDBY, ReplicationStatus.IN_PROGRESS),))
FAILED = secret(HOME, replicas=(Replica(STANDBY, ReplicationStatus.FAILED, "denied"),))
ALONE = secret(STANDBY, primary_region="", replicas=(), current_version="v1")
MANY = Sample(1001.0, "OperationsPendingReplication", NOW - 60)
BLOCKED = Capacity(2, 1, blocked="InsufficientInstanceCapacity", final=True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("topic", HEALTHY)
def test_nothing_is_found_where_nothing_is_wrong(topic: str, mode: str) -> None:
    assert found(CHECKS[topic].judge, HEALTHY[topic], MODES[mode]) == {}


# topic, what was seen, code, severity planned, severity unplanned
BAD: list[tuple[str, Sightings[Any], str, str | None, str | None]] = [
    ("cache", UNSEEN, "cache_unknown", REFUSE, WARN),
    ("cache", cache(datastore=None), "cache_missing", REFUSE, WARN),
    ("cache", cache(datastore=datastore(members=MEMBERS[:1])), "cache_target_not_member", REFUSE, WARN),
    ("cache", cache(datastore=datastore(members=ELSEWHERE)), "cache_primary_elsewhere", REFUSE, WARN),
    ("cache", cache(datastore=datastore(members=ASSOCIATING)), "cache_member_not_associated", REFUSE, WARN),
    ("cache", cache(datastore=datastore(status="creating")), "cache_busy", REFUSE, WARN),
    ("cache", cache(datastore=datastore(status="modifying")), "cache_modifying", WARN, WARN),
    ("cache", cache(datastore=datastore(status="primary-only")), "cache_datastore_not_available", WARN, WARN),
    ("cache", cache(group={"status": "deleting"}), "cache_target_not_available", REFUSE, WARN),
    ("cache", cache(group={"engine_version": "7.2"}), "cache_version_mismatch", REFUSE, WARN),
    ("cache", cache(lag=None, lag_error="denied"), "cache_lag_unknown", REFUSE, WARN),
    ("cache", cache(lag=Lag(100.0, "x", NOW - 181)), "cache_lag_stale", REFUSE, WARN),
    ("cache", cache(lag=Lag(60_001.0, "x", NOW - 20)), "cache_lag_above_objective", REFUSE, WARN),
    ("secrets", secrets(None, error="denied"), "secret_unknown", REFUSE, WARN),
    ("secrets", secrets(None), "secret_missing", REFUSE, WARN),
    ("secrets", secrets(secret(STANDBY, deleted=True)), "secret_deleted", REFUSE, WARN),
    ("secrets", secrets(secret(STANDBY), IN_PROGRESS), "secret_not_in_sync", REFUSE, WARN),
    ("secrets", secrets(secret(STANDBY), FAILED), "secret_replication_failed", REFUSE, WARN),
    ("secrets", secrets(ALONE), "secret_not_replicated", REFUSE, WARN),
    ("keys", keys(None, "denied"), "key_unknown", REFUSE, WARN),
    ("keys", keys(None), "key_replica_missing", REFUSE, WARN),
    ("keys", keys(key(STANDBY, state="Disabled")), "key_replica_disabled", REFUSE, WARN),
    ("keys", keys(key(STANDBY, id="other")), "key_not_shared", REFUSE, WARN),
    ("buckets", buckets(RuleStatus.DISABLED), "replication_off", REFUSE, WARN),
    ("buckets", buckets(RuleStatus.MISSING), "replication_off", REFUSE, WARN),
    ("buckets", buckets(back=RuleStatus.MISSING), "replication_off", WARN, WARN),
    ("buckets", buckets(destination_versioning=Versioning.OFF), "versioning_off", REFUSE, WARN),
    ("buckets", buckets(backlog=Backlog(MANY, NEWEST, NEWEST)), "replication_backlog", REFUSE, WARN),
    ("buckets", buckets(backlog=Backlog(error="denied")), "replication_backlog_unknown", REFUSE, WARN),
    ("latch face", faces(Face.KMS), "latch_unreadable", REFUSE, WARN),
    ("latch face", faces(Face.REDIRECTED), "latch_unreadable", REFUSE, WARN),
    ("latch face", faces(Face.REDIRECTED, present=False), "latch_unreadable", REFUSE, WARN),
    ("latch face", faces(Face.ABSENT), "latch_unreadable", REFUSE, WARN),
    ("latch face", faces(Face.ABSENT, present=False), "latch_unproved", WARN, WARN),
    ("latch face", faces(Face.FORBIDDEN, present=False), "latch_unproved", WARN, WARN),
    ("latch face", faces(Face.FORBIDDEN), "latch_unproved", WARN, WARN),
    ("latch face", faces(Face.UNKNOWN), "latch_unknown", WARN, WARN),
    ("capacity", capacity(0, 0), "capacity_below_wanted", WARN, WARN),
    ("capacity", capacity(1), "capacity_below_desired", WARN, WARN),
    ("capacity", capacity(capacity=BLOCKED), "capacity_unavailable", REFUSE, WARN),
    ("capacity", capacity(capacity=None, missing=True), "compute_missing", REFUSE, WARN),
    ("capacity", capacity(capacity=None, error="denied"), "capacity_unknown", WARN, WARN),
    ("quotas", quotas(32.0), "quota_below_source", WARN, WARN),
    ("quotas", quotas(None), "quota_unknown", WARN, WARN),
    ("quotas", quotas(ec2=None), "quotas_unknown", WARN, WARN),
    ("event sources", event_sources(standby="Enabled"), "event_source_misplaced", WARN, WARN),
    ("event sources", event_sources(home="Disabled"), "event_source_misplaced", WARN, WARN),
    ("event sources", UNSEEN, "event_sources_unknown", REFUSE, WARN),
]


@pytest.mark.parametrize(("topic", "seen", "code", "planned", "unplanned"), BAD)
def test_each_code_is_found_and_as_heavy_as_the_mode_makes_it(
    topic: str, seen: Sightings[Any], code: str, planned: str | None, unplanned: str | None
) -> None:
    assert found(CHECKS[topic].judge, seen, PLANNED_LAYERED) == {code: planned}
    assert found(CHECKS[topic].judge, seen, UNPLANNED_LAYERED) == {code: unplanned}


@pytest.mark.parametrize("seen", [seen for topic, seen, *_rest in BAD if topic == "cache"])
@pytest.mark.parametrize("mode", MODES)
def test_a_cache_that_is_not_required_only_warns(seen: Sightings[Any], mode: str) -> None:
    workload = replace(LAYERED, cache=CacheConfig("abcde-shop", required=False))
    assert set(found(CHECKS["cache"].judge, seen, replace(MODES[mode], workload=workload)).values()) == {WARN}


def test_a_cache_that_is_the_primary_already_has_no_lag_to_be_known() -> None:
    seen = cache(datastore=datastore(members=PROMOTED), lag=None)
    assert found(CHECKS["cache"].judge, seen, PLANNED_LAYERED) == {}


def test_an_unplanned_run_whose_loss_is_not_accepted_is_refused_what_a_planned_one_is() -> None:
    hesitant = replace(UNPLANNED_LAYERED, accept_data_loss=False)
    assert found(CHECKS["secrets"].judge, secrets(ALONE), hesitant) == {"secret_not_replicated": REFUSE}
    assert found(CHECKS["buckets"].judge, buckets(RuleStatus.MISSING), hesitant) == {"replication_off": REFUSE}


@pytest.mark.parametrize(
    ("topic", "seen", "codes"),
    [
        ("secrets", secrets(ALONE), {"secret_not_replicated": WARN}),
        ("buckets", buckets(RuleStatus.MISSING), {"replication_off": WARN}),
    ],
)
def test_nothing_of_a_layer_keeps_a_run_from_going_on_once_the_target_writes(
    topic: str, seen: Sightings[Any], codes: dict[str, str]
) -> None:
    assert found(CHECKS[topic].judge, seen, replace(PLANNED_LAYERED, writer=STANDBY)) == codes


@pytest.mark.parametrize("topic", ["secrets", "keys", "buckets", "capacity", "event sources"])
def test_without_the_source_nothing_is_made_up_about_it(topic: str) -> None:
    alone = Sightings({STANDBY: HEALTHY[topic].seen[STANDBY]}, {HOME: "gone"})
    assert found(CHECKS[topic].judge, alone, UNPLANNED_LAYERED) == {}


def test_of_a_source_that_told_nothing_of_one_secret_that_is_said() -> None:
    seen = secrets(secret(STANDBY))
    [ours] = seen.seen[HOME].secrets
    unread = replace(seen.seen[HOME], secrets=(replace(ours, value=None, error="denied"),))
    assert found(CHECKS["secrets"].judge, Sightings({**seen.seen, HOME: unread}), PLANNED_LAYERED) == {
        "secret_not_compared": WARN
    }


def test_of_a_source_that_has_not_got_a_secret_that_is_said() -> None:
    seen = secrets(secret(STANDBY))
    [ours] = seen.seen[HOME].secrets
    without = replace(seen.seen[HOME], secrets=(replace(ours, value=None),))
    assert found(CHECKS["secrets"].judge, Sightings({**seen.seen, HOME: without}), PLANNED_LAYERED) == {
        "secret_source_missing": WARN
    }


def test_a_source_bucket_that_tells_nothing_is_named() -> None:
    seen = buckets()
    told = replace(seen.seen[HOME].pairs[0], source_error="NoSuchBucket", source_versioning=Versioning.UNKNOWN)
    told = replace(told, rules={"there": RuleStatus.UNKNOWN})
    home = replace(seen.seen[HOME], pairs=(told, seen.seen[HOME].pairs[1]))
    assert found(CHECKS["buckets"].judge, Sightings({**seen.seen, HOME: home}), PLANNED_LAYERED) == {
        "replication_unreadable": WARN
    }


@pytest.mark.parametrize("read_now", [True, False])
def test_a_source_that_carries_more_than_is_wanted_is_named(read_now: bool) -> None:
    """As it is now, or as the baseline saw it."""
    seen = capacity()
    carries = replace(seen.seen[HOME].targets[0], capacity=Capacity(5, 5))
    home = replace(seen.seen[HOME], targets=(carries,))
    kept = Baseline("shop", NOW - 60, observed={"capacity": {HOME: home.as_dict(NOW)}})
    now = Sightings({**seen.seen, HOME: home} if read_now else {STANDBY: seen.seen[STANDBY]})
    case = replace(PLANNED_LAYERED, baseline=None if read_now else kept)
    [remark] = CHECKS["capacity"].judge(now, case)
    assert remark.code == "capacity_below_baseline" and "the baseline is 5" in remark.observed


def test_only_quotas_that_limit_the_compute_are_compared() -> None:
    kinds = (Target(TargetKind.LAMBDA, "live", "orders"), Target(TargetKind.ECS, "api", "shop"))
    assert quota_services((*kinds, *kinds)) == ("lambda", "fargate")
    assert quota_services(()) == ()


@pytest.mark.parametrize(
    ("topic", "unplanned", "preflight"),
    [
        ("cache", {STANDBY}, {STANDBY}),
        ("capacity", {STANDBY}, {HOME, STANDBY}),
        ("quotas", set(), {HOME, STANDBY}),
        ("latch face", set(), {HOME, STANDBY, "eu-west-3"}),
        ("buckets", {HOME, STANDBY}, {HOME, STANDBY}),
    ],
)
def test_each_layer_asks_those_that_know_of_it(topic: str, unplanned: set[str], preflight: set[str]) -> None:
    assert set(CHECKS[topic].regions(UNPLANNED_LAYERED)) == unplanned
    assert set(CHECKS[topic].regions(replace(UNPLANNED_LAYERED, preflight=True))) == preflight


@pytest.mark.parametrize("topic", HEALTHY)
def test_a_workload_without_a_layer_is_not_asked_about_it(topic: str) -> None:
    bare = Case(
        replace(LAYERED, cache=None, secrets=(), keys=(), pairs=(), compute=(), event_sources=(), canary=None),
        STANDBY,
        PLANNED_LAYERED.mode,
        False,
        NOW,
        preflight=True,
    )
    assert list(CHECKS[topic].regions(bare)) == []
    assert list(CHECKS[topic].judge(Sightings(), bare)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"pairs": (THERE, THERE)}, "same_pair_twice"),
        ({"compute": (Target(TargetKind.ECS, "api", "", 1),)}, "incomplete_target"),
    ],
)
def test_a_layer_that_is_described_wrongly_is_refused_at_once(changed: dict[str, Any], code: str) -> None:
    case = replace(PLANNED_LAYERED, workload=replace(LAYERED, **changed))
    assert code in [each.code for each in check_request(case)]
