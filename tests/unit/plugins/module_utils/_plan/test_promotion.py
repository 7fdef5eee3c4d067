# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    AVAILABLE,
    Cluster,
    FailoverState,
    GlobalCluster,
    Kind,
    Member,
    SyncStatus,
    region_of,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import (
    Already,
    Follow,
    Mode,
    Observed,
    Refuse,
    Start,
    Wanted,
    check_request,
    decide,
    findings,
    in_the_way,
)

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"


def arn(region: str) -> str:
    return f"arn:aws:rds:{region}:123456789012:cluster:shop-{region}"


def member(region: str, is_writer: bool = False, sync: SyncStatus | None = SyncStatus.CONNECTED) -> Member:
    return Member(arn(region), region, is_writer, (), None if is_writer else sync)


def cluster(region: str, **changes: Any) -> Cluster:
    base = Cluster(arn(region), "endpoint", 5432, AVAILABLE, "aurora-postgresql", "16.4", (f"shop-{region}-1",))
    return replace(base, **changes)


SHOP = GlobalCluster("shop", AVAILABLE, (member(HOME, is_writer=True), member(STANDBY)), engine_version="16.4")
BOTH = Observed(SHOP, target=cluster(STANDBY), source=cluster(HOME))
PLANNED = Wanted("shop", STANDBY, Mode.PLANNED, (HOME, STANDBY))
UNPLANNED = Wanted("shop", STANDBY, Mode.UNPLANNED, (HOME, STANDBY), accept_data_loss=True)
TO_STANDBY = FailoverState("failing-over", arn(HOME), arn(STANDBY), data_loss_allowed=True)


def moved(observed: Observed, **changes: Any) -> Observed:
    return replace(observed, global_cluster=replace(observed.global_cluster, **changes))


def codes(decision: object) -> set[str]:
    assert isinstance(decision, Refuse), decision
    return {finding.code for finding in decision.findings}


def test_a_switchover_goes_through_the_region_of_the_current_primary() -> None:
    assert decide(BOTH, PLANNED) == Start(Kind.SWITCHOVER, arn(HOME), arn(STANDBY), HOME)


def test_a_failover_goes_through_the_region_of_the_target_and_needs_no_other() -> None:
    assert decide(replace(BOTH, source=None), UNPLANNED) == Start(Kind.FAILOVER, arn(HOME), arn(STANDBY), STANDBY)


def test_the_target_can_be_named_by_its_arn() -> None:
    assert isinstance(decide(BOTH, replace(UNPLANNED, target=arn(STANDBY))), Start)


def test_the_action_is_the_apis_name_for_the_kind() -> None:
    assert Start(Kind.SWITCHOVER, arn(HOME), arn(STANDBY), HOME).action == "SwitchoverGlobalCluster"
    assert Start(Kind.FAILOVER, arn(HOME), arn(STANDBY), STANDBY).action == "FailoverGlobalCluster"


@pytest.mark.parametrize("wanted", [PLANNED, UNPLANNED])
def test_a_target_that_is_the_writer_needs_nothing_whatever_else_is_wrong(wanted: Wanted) -> None:
    members = (member(HOME, sync=SyncStatus.PENDING_RESYNC), member(STANDBY, is_writer=True))
    seen = Observed(replace(SHOP, members=members, status="modifying"))
    assert decide(seen, wanted) == Already(arn(STANDBY))


@pytest.mark.parametrize("wanted", [PLANNED, UNPLANNED])
def test_an_operation_towards_the_target_is_followed_whatever_its_kind(wanted: Wanted) -> None:
    assert decide(moved(BOTH, failover=TO_STANDBY), wanted) == Follow(Kind.FAILOVER, arn(HOME), arn(STANDBY))


def test_an_operation_is_followed_until_its_state_is_gone_even_when_the_writer_has_flipped() -> None:
    members = (member(HOME), member(STANDBY, is_writer=True))
    assert isinstance(decide(moved(BOTH, members=members, failover=TO_STANDBY), PLANNED), Follow)


@pytest.mark.parametrize("wanted", [PLANNED, UNPLANNED])
def test_a_switchover_that_has_only_the_old_writer_left_to_bring_in_needs_nothing_more(wanted: Wanted) -> None:
    members = (member(HOME, sync=SyncStatus.PENDING_RESYNC), member(STANDBY, is_writer=True))
    own = FailoverState("switching-over", arn(HOME), arn(STANDBY), data_loss_allowed=False)
    assert decide(moved(BOTH, members=members, failover=own), wanted) == Already(arn(STANDBY))
    back = replace(own, from_arn=arn(STANDBY), to_arn=arn(HOME))
    assert codes(decide(moved(BOTH, members=members, failover=back), wanted)) == {"busy"}


@pytest.mark.parametrize("failover", [replace(TO_STANDBY, to_arn=arn(HOME)), replace(TO_STANDBY, status="cancelling")])
def test_another_operation_and_one_that_is_being_cancelled_are_refused(failover: FailoverState) -> None:
    assert codes(decide(moved(BOTH, failover=failover), UNPLANNED)) == {"busy"}


def test_an_unplanned_run_waits_for_the_end_of_an_operation_that_leads_elsewhere() -> None:
    seen = moved(BOTH, failover=replace(TO_STANDBY, to_arn=arn(HOME)))
    assert in_the_way(decide(seen, UNPLANNED), UNPLANNED) and not in_the_way(decide(seen, PLANNED), PLANNED)
    assert not in_the_way(decide(BOTH, UNPLANNED), UNPLANNED)
    assert [found.severity for found in findings(seen, UNPLANNED)] == [Severity.WARN]
    assert [found.severity for found in findings(seen, PLANNED)] == [Severity.REFUSE]


@pytest.mark.parametrize(
    ("seen", "wanted", "code"),
    [
        (BOTH, replace(UNPLANNED, target=THIRD, regions=(HOME, THIRD)), "target_not_member"),
        (BOTH, replace(UNPLANNED, regions=(THIRD, STANDBY)), "writer_elsewhere"),
        (replace(BOTH, target=None), UNPLANNED, "target_unreachable"),
        (replace(BOTH, target=cluster(STANDBY, status="stopped")), UNPLANNED, "target_not_available"),
        (replace(BOTH, target=cluster(STANDBY, instances=())), UNPLANNED, "target_headless"),
        (replace(BOTH, target=cluster(STANDBY, engine_version="16.3")), UNPLANNED, "version_mismatch"),
        (replace(BOTH, target=cluster(STANDBY, engine_version="15.4")), PLANNED, "version_mismatch"),
        (replace(BOTH, source=cluster(HOME, engine_version="16.5")), PLANNED, "version_mismatch"),
        (replace(BOTH, source=None), PLANNED, "source_unreachable"),
        (replace(BOTH, source=cluster(HOME, status="stopping")), PLANNED, "source_not_available"),
        (moved(BOTH, status="modifying"), PLANNED, "global_cluster_not_available"),
        (moved(BOTH, members=(member(HOME), member(STANDBY))), PLANNED, "no_writer"),
        (
            moved(BOTH, members=(member(HOME, is_writer=True), member(STANDBY, sync=SyncStatus.PENDING_RESYNC))),
            PLANNED,
            "resync_pending",
        ),
    ],
)
def test_what_is_not_safe_or_not_possible_is_refused(seen: Observed, wanted: Wanted, code: str) -> None:
    assert codes(decide(seen, wanted)) == {code}


def test_every_refusal_says_what_was_seen_and_what_to_do() -> None:
    broken = replace(BOTH, target=cluster(STANDBY, status="stopped", instances=(), engine_version="9.6"), source=None)
    decision = decide(broken, PLANNED)
    assert codes(decision) == {"target_not_available", "target_headless", "version_mismatch", "source_unreachable"}
    assert isinstance(decision, Refuse)
    assert all(finding.observed and finding.remedy for finding in decision.findings)


def test_an_unreachable_source_names_the_mode_that_is_needed() -> None:
    decision = decide(replace(BOTH, source=None), PLANNED)
    assert isinstance(decision, Refuse)
    assert "mode=unplanned with accept_data_loss=true" in decision.findings[0].remedy


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (moved(BOTH, status="modifying"), "global_cluster_not_available"),
        (
            moved(BOTH, members=(member(HOME, is_writer=True), member(STANDBY, sync=SyncStatus.PENDING_RESYNC))),
            "resync_pending",
        ),
    ],
)
def test_in_a_disaster_what_only_a_switchover_needs_is_a_warning(seen: Observed, code: str) -> None:
    decision = decide(seen, UNPLANNED)
    assert isinstance(decision, Start)
    assert [finding.code for finding in decision.warnings] == [code]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (replace(PLANNED, regions=(STANDBY, STANDBY)), "same_region_twice"),
        (replace(PLANNED, regions=(STANDBY,)), "same_region_twice"),
        (replace(PLANNED, regions=()), "same_region_twice"),
        (replace(PLANNED, target=THIRD), "target_outside_regions"),
        (replace(PLANNED, target=""), "target_outside_regions"),
        (replace(PLANNED, target=arn(THIRD)), "target_outside_regions"),
        (replace(UNPLANNED, accept_data_loss=False), "data_loss_not_accepted"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_looked_at(wanted: Wanted, code: str) -> None:
    findings = check_request(wanted)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].severity is Severity.REFUSE


@pytest.mark.parametrize("wanted", [PLANNED, UNPLANNED, replace(PLANNED, target=arn(STANDBY))])
def test_a_good_request_has_no_findings(wanted: Wanted) -> None:
    assert check_request(wanted) == ()


REGIONS = st.sampled_from([HOME, STANDBY, THIRD])
ARNS = REGIONS.map(arn)
STATUSES = st.sampled_from([AVAILABLE, "modifying", "stopped", "", "failing-over"])
CLUSTERS = st.none() | st.builds(
    cluster,
    REGIONS,
    status=STATUSES,
    engine_version=st.sampled_from(["16.4", "16.3", "15.4", "", "odd"]),
    instances=st.sampled_from([(), ("one",), ("one", "two")]),
)
FAILOVERS = st.none() | st.builds(
    FailoverState,
    st.sampled_from(["pending", "failing-over", "switching-over", "cancelling", "new"]),
    ARNS,
    ARNS,
    st.booleans(),
)


@st.composite
def global_clusters(draw: st.DrawFn) -> GlobalCluster:
    regions = draw(st.lists(REGIONS, unique=True))
    writer = draw(st.none() | REGIONS)
    members = tuple(
        member(region, region == writer, draw(st.none() | st.sampled_from(SyncStatus))) for region in regions
    )
    return GlobalCluster(
        "shop", draw(STATUSES), members, draw(FAILOVERS), engine_version=draw(st.sampled_from(["", "16.4"]))
    )


OBSERVATIONS = st.builds(Observed, global_clusters(), CLUSTERS, CLUSTERS)
REQUESTS = st.builds(
    Wanted,
    st.just("shop"),
    REGIONS | ARNS,
    st.sampled_from(Mode),
    st.lists(REGIONS, min_size=2, max_size=2, unique=True).map(tuple),
    st.booleans(),
).filter(lambda wanted: not check_request(wanted))


@given(OBSERVATIONS, REQUESTS)
def test_whatever_is_observed_nothing_unsafe_is_started(seen: Observed, wanted: Wanted) -> None:
    decision = decide(seen, wanted)
    if not isinstance(decision, Start):
        return
    observed = seen.global_cluster
    target = observed.member(wanted.target)
    assert target is not None
    assert decision.to_arn == target.arn, "towards the target only, and that is a member"
    assert not target.is_writer, "the writer needs no promotion"
    assert observed.failover is None, "not while another operation is under way"
    assert seen.target is not None
    assert seen.target.instances, "not onto a headless cluster"
    assert seen.target.status == AVAILABLE, "not onto a cluster that isn't available"
    if wanted.mode is Mode.PLANNED:
        assert decision.kind is Kind.SWITCHOVER, "planned never loses data"
        assert decision.region == region_of(decision.from_arn) != target.region, "through the primary's Region"
        assert seen.source is not None, "not without the primary's Region"
        assert target.sync is not SyncStatus.PENDING_RESYNC
    else:
        assert wanted.accept_data_loss
        assert decision.region == target.region, "through the target's Region"


@given(OBSERVATIONS, REQUESTS)
def test_a_decision_is_already_exactly_when_the_target_writes_and_nothing_but_its_switchover_s_end_is_under_way(
    seen: Observed, wanted: Wanted
) -> None:
    target = seen.global_cluster.member(wanted.target)
    under_way = seen.global_cluster.failover
    own = under_way is not None and target is not None and under_way.to_arn == target.arn
    own = own and under_way is not None and under_way.kind is Kind.SWITCHOVER and under_way.status != "cancelling"
    settled = target is not None and target.is_writer and (under_way is None or own)
    assert isinstance(decide(seen, wanted), Already) == settled


@given(OBSERVATIONS, REQUESTS)
def test_only_an_operation_towards_the_target_is_followed(seen: Observed, wanted: Wanted) -> None:
    decision = decide(seen, wanted)
    if isinstance(decision, Follow):
        assert region_of(decision.to_arn) == wanted.target_region
