# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each code is found where it should be, as heavy as it should be, and not where nothing is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    FailoverState,
    Member,
    SyncStatus,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import ApiSeen, Lag, Query
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Holder, Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import (
    US_EAST_1,
    AliasSeen,
    Controller,
    Denied,
    Identity,
    PermissionsSeen,
    TableSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Alias
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Role as Part
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.api import judge_api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Sightings,
    adopted,
    how_old,
    severity,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.database import judge_database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.dependencies import (
    judge_identity,
    region_of_host,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.latch import judge_latch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.permissions import (
    judge_permissions,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.records import judge_records
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.request import (
    check_request,
    judge_request,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.table import judge_table
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    CASES,
    FORWARD,
    HOME,
    NOW,
    PLANNED,
    REVERSE,
    STANDBY,
    UNPLANNED,
    WORKLOAD,
    Judge,
    arn,
    cluster,
    databases,
    found,
    global_cluster,
    latch_check,
    latches,
    primary_check,
    record,
    records,
)

REFUSE, WARN, NOTHING = "refuse", "warn", None
IDENTITY = Identity(
    "arn:aws:iam::123456789012:user/x", "123456789012", f"https://sts.{STANDBY}.amazonaws.com", skew=0.1
)
LOCK = Lock("shop", 3, 7, "shop-1", Holder("n", "there", user="ada"))
RUN = RunRecord("shop-1", RunKind.FAILOVER, "shop", "shop", "unplanned", STANDBY, "down", "ada", "grace", NOW - 60, 3)
OTHERS = global_cluster(members=(Member(arn("us-west-2"), "us-west-2", True), Member(arn(STANDBY), STANDBY, False)))
BEHIND = global_cluster(
    members=(Member(arn(HOME), HOME, True), Member(arn(STANDBY), STANDBY, False, (), SyncStatus.PENDING_RESYNC))
)
ODD = global_cluster(status="x")
MOVING = FailoverState("switching-over", arn(STANDBY), arn(HOME), False)
ELB = "shop-1.eu-west-1.elb.amazonaws.com."
ALIAS = record(Part.SECONDARY, values=(), ttl=None, alias=Alias("Z", ELB, True))


def pair(**secondary: Any) -> Sightings[Any]:
    return records(record_sets=(record(Part.PRIMARY), record(Part.SECONDARY, **secondary)))


def checks(*changed: Any) -> Sightings[Any]:
    """The records with these health checks instead of those of the same ids."""
    [seen] = records().seen.values()
    new = {each.id: each for each in changed}
    return records(checks=tuple(new.get(each.id, each) for each in seen.checks))


def behind(alias: AliasSeen) -> Sightings[Any]:
    return records(record_sets=(record(Part.PRIMARY), ALIAS), aliases=(alias,))


def table(**changed: Any) -> Sightings[Any]:
    return Sightings({STANDBY: TableSeen(**{"lock": None, **changed})})


def identity(**changed: Any) -> Sightings[Any]:
    return Sightings({STANDBY: replace(IDENTITY, **changed)})


def permissions(**changed: Any) -> Sightings[Any]:
    return Sightings({US_EAST_1: replace(PermissionsSeen("arn:role/x", 3), **changed)})


def fenced(state: str, region: str = HOME) -> Sightings[Any]:
    return table(fences=(FenceRecord("shop", region, state, at=NOW - 3600),))


GOOD: list[tuple[Judge, Sightings[Any]]] = [
    (judge_database, databases()),
    (judge_api, Sightings({STANDBY: ApiSeen("http://api", 503)})),
    (judge_latch, latches()),
    (judge_records, records()),
    (judge_records, behind(AliasSeen(ELB, STANDBY, 1, 2))),
    (judge_identity, identity()),
    (judge_table, table()),
    (judge_table, table(lock=replace(LOCK, run_id="", holder=None))),
    (judge_table, table(lock=LOCK, run=replace(RUN, outcome=Outcome.SUCCEEDED))),
    (judge_table, fenced("fenced")),
    (judge_permissions, permissions()),
]


@pytest.mark.parametrize("mode", CASES)
@pytest.mark.parametrize(("judge", "seen"), GOOD)
def test_nothing_is_found_where_nothing_is_wrong(judge: Judge, seen: Sightings[Any], mode: str) -> None:
    assert found(judge, seen, CASES[mode]) == {}


UNSEEN = Sightings[Any]({}, {STANDBY: "no answer within 5 s"})
# judge, what was seen, code, severity planned, severity unplanned
BAD: list[tuple[Judge, Sightings[Any], str, str | None, str | None]] = [
    (judge_database, UNSEEN, "target_unreachable", REFUSE, REFUSE),
    (judge_database, databases(global_cluster=None), "target_unreachable", REFUSE, REFUSE),
    (judge_database, databases(cluster=cluster(STANDBY, status="failed")), "target_not_available", REFUSE, REFUSE),
    (judge_database, databases(cluster=cluster(STANDBY, instances=())), "target_headless", REFUSE, REFUSE),
    (judge_database, databases(cluster=cluster(STANDBY, engine_version="15.2")), "version_mismatch", REFUSE, REFUSE),
    (
        judge_database,
        databases(
            global_cluster=global_cluster(
                members=(
                    Member(arn(HOME), HOME, True),
                    Member(arn(STANDBY), STANDBY, False, (), SyncStatus.PENDING_RESYNC),
                )
            )
        ),
        "resync_pending",
        REFUSE,
        WARN,
    ),
    (
        judge_database,
        databases(global_cluster=global_cluster(members=(Member(arn(HOME), HOME, True),))),
        "target_not_member",
        REFUSE,
        REFUSE,
    ),
    (judge_database, databases(global_cluster=OTHERS), "writer_elsewhere", REFUSE, REFUSE),
    (judge_database, databases(global_cluster=global_cluster(failover=MOVING)), "busy", REFUSE, WARN),
    (
        judge_database,
        databases(global_cluster=ODD),
        "global_cluster_not_available",
        REFUSE,
        WARN,
    ),
    (judge_database, Sightings({STANDBY: databases().seen[STANDBY]}), "source_unreachable", REFUSE, NOTHING),
    (judge_database, databases(lag=None), "lag_unknown", REFUSE, WARN),
    (judge_database, databases(lag=Lag(80.0, "x", NOW - 181)), "lag_stale", REFUSE, WARN),
    (judge_database, databases(lag=Lag(60_001.0, "x", NOW - 20)), "lag_above_objective", REFUSE, WARN),
    (judge_database, databases(query=Query(error="no password")), "database_login_failed", REFUSE, WARN),
    (judge_api, Sightings({STANDBY: ApiSeen("http://api", 500)}), "target_api_unhealthy", WARN, WARN),
    (judge_api, Sightings({STANDBY: ApiSeen("http://api", error="refused")}), "target_api_unhealthy", WARN, WARN),
    (judge_latch, latches(latch_w=ObjectState.SET, latch_3=ObjectState.SET), "latch_already_set", REFUSE, WARN),
    (judge_latch, latches(latch_3=ObjectState.SET), "latch_partial", REFUSE, WARN),
    (judge_latch, latches(latch_c=ObjectState.SET), "reverse_latch_set", WARN, WARN),
    (judge_latch, latches(latch_3=ObjectState.UNKNOWN), "latch_unknown", REFUSE, WARN),
    (judge_latch, latches(latch_w=ObjectState.OTHER), "latch_other_content", WARN, WARN),
    (judge_records, records(zone=""), "record_pair_broken", REFUSE, WARN),
    (judge_records, records(record_sets=()), "record_pair_broken", REFUSE, WARN),
    (judge_records, records(record_sets=(record(Part.PRIMARY),)), "record_pair_broken", REFUSE, WARN),
    (judge_records, pair(role=None), "record_pair_broken", REFUSE, WARN),
    (judge_records, pair(set_identifier=HOME), "record_pair_broken", REFUSE, WARN),
    (judge_records, pair(values=("192.0.2.9",)), "record_pair_broken", REFUSE, WARN),
    (judge_records, pair(alias=Alias("Z", "x.", False)), "alias_without_target_health", REFUSE, WARN),
    (judge_records, pair(health_check_id="gone"), "health_check_missing", REFUSE, WARN),
    (
        judge_records,
        records(record_sets=(record(Part.PRIMARY, health_check_id=None), record(Part.SECONDARY))),
        "health_check_missing",
        REFUSE,
        WARN,
    ),
    (judge_records, checks(primary_check(child_health_checks=("gone",))), "health_check_missing", REFUSE, WARN),
    (judge_records, checks(primary_check(disabled=True)), "health_check_disabled", REFUSE, WARN),
    (judge_records, checks(latch_check(FORWARD[1], disabled=True)), "health_check_disabled", REFUSE, WARN),
    (judge_records, checks(primary_check(inverted=True)), "health_check_inverted", REFUSE, WARN),
    (judge_records, checks(latch_check(FORWARD[0], inverted=False)), "health_check_inverted", REFUSE, WARN),
    (judge_records, checks(latch_check(REVERSE[0], inverted=False)), "health_check_inverted", REFUSE, WARN),
    (judge_records, checks(primary_check(health_threshold=1)), "health_check_threshold", REFUSE, WARN),
    (judge_records, checks(latch_check(FORWARD[0], resource_path="/x")), "health_check_watches_other", REFUSE, WARN),
    (judge_records, pair(ttl=600), "ttl_too_long", WARN, WARN),
    (judge_records, behind(AliasSeen(ELB, STANDBY, 0, 2)), "alias_target_unhealthy", REFUSE, WARN),
    (judge_records, behind(AliasSeen(ELB, why="not one of ours")), "alias_target_unknown", WARN, WARN),
    (judge_identity, identity(endpoint="https://sts.amazonaws.com"), "us_east_1_needed", WARN, WARN),
    (judge_identity, identity(regions=(US_EAST_1,)), "us_east_1_needed", WARN, WARN),
    (judge_identity, identity(regions=(HOME,)), "impaired_region_needed", NOTHING, WARN),
    (judge_identity, identity(skew=-6.0), "clock_skew", WARN, WARN),
    (judge_table, UNSEEN, "state_table_unreachable", REFUSE, WARN),
    (judge_table, table(lock=LOCK, run=replace(RUN, mode="planned")), "lock_held", REFUSE, REFUSE),
    (judge_table, table(lock=LOCK, run=RUN), "run_is_unplanned", REFUSE, NOTHING),
    (judge_table, table(lock=LOCK, run=replace(RUN, target=HOME)), "another_run_is_open", REFUSE, REFUSE),
    (judge_table, table(lock=replace(LOCK, holder=None), run=replace(RUN, mode="planned")), "run_open", WARN, WARN),
    (judge_table, table(lock=LOCK, run=replace(RUN, kind=RunKind.DRILL)), "run_open", WARN, WARN),
    (judge_table, fenced("owed"), "fence_owed", REFUSE, WARN),
    (judge_table, fenced("owed", STANDBY), "fence_owed", WARN, WARN),
    (judge_permissions, permissions(denied=(Denied("s3:PutObject", "arn:x"),)), "permission_missing", REFUSE, WARN),
    (judge_permissions, permissions(denied=(Denied("s3:PutObject", "*"),)), "permission_missing", WARN, WARN),
    (
        judge_permissions,
        permissions(denied=(Denied("s3:PutObject", "arn:x", ("aws:SourceIp",)),)),
        "permission_missing",
        WARN,
        WARN,
    ),
    (judge_permissions, permissions(why="AccessDenied"), "permissions_unknown", WARN, WARN),
]


@pytest.mark.parametrize(("judge", "seen", "code", "planned", "unplanned"), BAD)
def test_each_code_is_found_and_as_heavy_as_the_mode_makes_it(
    judge: Judge, seen: Sightings[Any], code: str, planned: str | None, unplanned: str | None
) -> None:
    assert found(judge, seen, PLANNED).get(code) == planned
    assert found(judge, seen, UNPLANNED).get(code) == unplanned


def test_an_unplanned_run_whose_loss_is_not_accepted_is_refused_what_a_planned_one_is() -> None:
    hesitant = replace(UNPLANNED, accept_data_loss=False)
    assert found(judge_database, databases(lag=None), hesitant)["lag_unknown"] == REFUSE
    assert found(lambda _seen, case: judge_request(case), Sightings(), hesitant) == {"data_loss_not_accepted": REFUSE}
    assert found(lambda _seen, case: judge_request(case), Sightings(), UNPLANNED) == {}


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (replace(PLANNED, target="us-west-2"), "target_outside_regions"),
        (replace(PLANNED, workload=replace(WORKLOAD, home="us-west-2")), "home_is_no_leg"),
        (replace(PLANNED, workload=replace(WORKLOAD, legs=(WORKLOAD.legs[1],) * 2)), "same_region_twice"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_at_once(case: Case, code: str) -> None:
    assert code in [each.code for each in check_request(case)]


def test_a_good_request_may_be_looked_at() -> None:
    assert check_request(PLANNED) == check_request(replace(UNPLANNED, accept_data_loss=False)) == ()


def test_nothing_of_lag_or_latch_is_wrong_once_the_target_writes() -> None:
    done = replace(PLANNED, writer=STANDBY)
    writing = global_cluster(members=(Member(arn(HOME), HOME, False), Member(arn(STANDBY), STANDBY, True)))
    assert found(judge_latch, latches(latch_w=ObjectState.SET, latch_3=ObjectState.SET), done) == {}
    assert found(judge_latch, latches(latch_w=ObjectState.SET), done) == {"latch_partial": WARN}
    assert found(judge_database, databases(global_cluster=writing), done) == {}


def test_the_way_home_is_not_stopped_by_the_latch_that_held_clients_away() -> None:
    home = replace(PLANNED, target=HOME, writer=STANDBY)
    assert found(judge_latch, latches(latch_w=ObjectState.SET, latch_3=ObjectState.SET), home) == {}


def test_the_lock_of_the_run_itself_is_no_finding() -> None:
    seen = table(lock=LOCK, run=RUN)
    assert found(judge_table, seen, replace(UNPLANNED, run_id="shop-1")) == {}


@pytest.mark.parametrize(
    ("controller", "codes"),
    [
        (Controller("1.dkr.ecr.us-east-1.amazonaws.com/x"), {"us_east_1_needed"}),
        (Controller("public.ecr.aws/x/y"), {"us_east_1_needed"}),
        (Controller(git=f"git-codecommit.{HOME}.amazonaws.com"), {"impaired_region_needed"}),
        (Controller(regions=(HOME, US_EAST_1)), {"impaired_region_needed", "us_east_1_needed"}),
        (Controller("quay.io/x", "github.com"), {"controller_region_unknown"}),
        (Controller("quay.io/x", "github.com", (STANDBY,)), set()),
        (Controller(f"1.dkr.ecr.{STANDBY}.amazonaws.com/x"), set()),
    ],
)
def test_where_the_controller_comes_from_is_judged(controller: Controller, codes: set[str]) -> None:
    case = replace(UNPLANNED, workload=replace(WORKLOAD, controller=controller))
    assert set(found(judge_identity, identity(), case)) == codes


def test_a_step_that_needs_us_east_1_is_named() -> None:
    calls = (Call("route53", "ChangeResourceRecordSets", US_EAST_1),)
    case = replace(UNPLANNED, workload=replace(WORKLOAD, calls=calls))
    [remark] = judge_identity(identity(), case)
    assert remark.code == "us_east_1_needed" and "route53:ChangeResourceRecordSets" in remark.observed


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("https://sts.eu-west-1.amazonaws.com", "eu-west-1"),
        ("https://sts.amazonaws.com", "us-east-1"),
        ("shop-1.eu-west-1.elb.amazonaws.com.", "eu-west-1"),
        ("shop-2f.elb.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("github.com", None),
        ("", None),
    ],
)
def test_a_host_name_tells_its_region(host: str, region: str | None) -> None:
    assert region_of_host(host) == region


def test_anothers_finding_keeps_its_severity_where_the_target_is_concerned() -> None:
    [finding] = check_request(replace(PLANNED, target="x"))
    [here] = adopted((finding,), STANDBY)
    [there] = adopted((finding,), HOME)
    assert (severity(here, UNPLANNED).value, severity(there, UNPLANNED).value) == (REFUSE, WARN)
    assert severity(there, PLANNED).value == REFUSE


@pytest.mark.parametrize(("seconds", "said"), [(5, "5 s"), (90, "2 min"), (7200, "2 h"), (200_000, "2 d")])
def test_an_age_is_said_as_a_person_says_it(seconds: float, said: str) -> None:
    assert how_old(seconds) == said
