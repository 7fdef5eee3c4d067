# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from two databases to one, step by step, each one applied to what was seen before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import (
    KEPT_TAG,
    Cluster,
    GlobalCluster,
    Member,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import ClusterSeen, InstanceSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.rejoin import (
    RejoinSeen,
    kept_name,
    name_before,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.rejoin import (
    Act,
    Next,
    foretold,
    refusals,
    towards_joined,
)

HOME, STANDBY, OTHER = "a", "b", "c"
STAMP = "20261130193700"
OLD, WRITER = f"shop-{HOME}", f"shop-{STANDBY}"
ALL = (
    *(Act.MARK, Act.TAKE_OUT, Act.DROP_GLOBAL, Act.MAKE_GLOBAL, Act.RENAME_INSTANCE, Act.RENAME_CLUSTER),
    *(Act.ADD_CLUSTER, Act.ADD_INSTANCE, Act.UNMARK),
)


def arn(name: str, region: str = HOME) -> str:
    return f"arn:aws:rds:{region}:1:cluster:{name}"


def cluster(name: str, region: str = HOME, instances: int = 1, detached_from: str = "") -> ClusterSeen:
    own = Cluster(
        arn(name, region), "", 5432, "available", "aurora-postgresql", "16.4", (), detached_from=detached_from
    )
    made = tuple(InstanceSeen(f"{name}-{number}", name, "available", "large") for number in range(1, instances + 1))
    return ClusterSeen(own, instances=made)


def apart(instances: int = 1) -> RejoinSeen:
    """Right after the return of the lost Region: the standby was detached, home is alone in the global cluster."""
    return RejoinSeen(
        "shop",
        HOME,
        STANDBY,
        GlobalCluster("shop", "available", (Member(arn(OLD), HOME, True),)),
        (cluster(OLD, instances=instances), cluster("beside")),
        (cluster(WRITER, STANDBY, detached_from="shop"), cluster("beside", STANDBY)),
        FenceRecord("shop", HOME, "fenced", snapshot_state="kept"),
    )


def changed(seen: RejoinSeen, name: str, change: Callable[[ClusterSeen], ClusterSeen]) -> RejoinSeen:
    return replace(seen, at_home=tuple(change(each) if each.id == name else each for each in seen.at_home))


def made(step: Next, seen: RejoinSeen) -> RejoinSeen:
    """What is seen once a step has taken effect, as AWS does it."""
    found = seen.global_cluster
    if step.act is Act.MARK:
        return changed(seen, step.what, lambda old: replace(old, tags={KEPT_TAG: f"shop/{step.what}"}))
    if step.act is Act.TAKE_OUT and found:
        return replace(seen, global_cluster=replace(found, members=()))
    if step.act is Act.DROP_GLOBAL:
        assert found and not found.members, "RDS refuses to delete one with members"
        return replace(seen, global_cluster=None)
    if step.act is Act.MAKE_GLOBAL:
        assert found is None
        return replace(
            seen, global_cluster=GlobalCluster("shop", "available", (Member(arn(WRITER, STANDBY), STANDBY, True),))
        )
    if step.act is Act.RENAME_INSTANCE:
        old = next(each for each in seen.at_home if step.what in [one.id for one in each.instances])
        given_ = tuple(replace(one, id=step.to) if one.id == step.what else one for one in old.instances)
        return changed(seen, old.id, lambda each: replace(each, instances=given_))
    if step.act is Act.RENAME_CLUSTER:
        assert found and arn(step.what) not in [each.arn for each in found.members]
        return changed(seen, step.what, lambda old: replace(old, cluster=replace(old.cluster, arn=arn(step.to))))
    if step.act is Act.ADD_CLUSTER and found:
        assert step.what not in [each.id for each in seen.at_home]
        joined = replace(found, members=(*found.members, Member(arn(step.what), HOME, False)))
        return replace(seen, at_home=(*seen.at_home, cluster(step.what, instances=0)), global_cluster=joined)
    if step.act is Act.ADD_INSTANCE:
        assert step.what not in [one.id for each in seen.at_home for one in each.instances]
        new = InstanceSeen(step.what, step.to, "available", "large")
        return changed(seen, step.to, lambda each: replace(each, instances=(*each.instances, new)))
    writer, *beside = seen.at_standby
    return replace(seen, at_standby=(replace(writer, cluster=replace(writer.cluster, detached_from="")), *beside))


def walk(seen: RejoinSeen, steps: int = 100) -> tuple[list[Act], RejoinSeen]:
    acts: list[Act] = []
    while len(acts) < steps and not (step := towards_joined(seen, STAMP)).done:
        assert step.act is not None and refusals(seen) == (), step
        acts.append(step.act)
        seen = made(step, seen)
    return acts, seen


def codes(seen: RejoinSeen) -> list[str]:
    return [finding.code for finding in refusals(seen)]


def test_two_databases_become_one_and_the_old_primary_stays_beside_it() -> None:
    acts, seen = walk(apart())
    assert acts == list(ALL)
    assert seen.joined and seen.global_cluster and seen.global_cluster.writer
    assert seen.global_cluster.writer.region == STANDBY
    old, beside, new = seen.at_home
    assert (old.id, [each.id for each in old.instances]) == (f"{OLD}-kept-{STAMP}", [f"{OLD}-1-kept-{STAMP}"])
    assert (new.id, [each.id for each in new.instances]) == (OLD, [f"{OLD}-1"])
    assert beside == apart().at_home[1] and seen.at_standby[1] == apart().at_standby[1]


@given(instances=st.integers(0, 3), steps=st.integers(0, 20))
def test_from_wherever_a_run_stopped_the_rest_is_foretold_and_done(instances: int, steps: int) -> None:
    before, stopped = walk(apart(instances), steps)
    rest, ended = walk(stopped)
    assert list(foretold(stopped)) == rest
    assert [*before, *rest] == walk(apart(instances))[0]
    assert towards_joined(ended, STAMP).done and foretold(ended) == () and codes(ended) == []
    named = [each.id for each in (*ended.at_home, *ended.at_standby)]
    assert len(named) == len(apart().at_home) + len(apart().at_standby) + 1, "nothing is deleted"


def test_nothing_is_done_twice_once_the_mark_is_gone_whatever_became_of_the_instances() -> None:
    _acts, seen = walk(apart(2))
    lean = changed(seen, OLD, lambda new: replace(new, instances=new.instances[:1]))
    assert towards_joined(lean, STAMP).done


def test_a_second_time_the_first_ones_old_primary_is_left_where_it_is() -> None:
    _acts, seen = walk(apart())
    first = seen.at_home[0]
    writer = replace(seen.at_standby[0], cluster=replace(seen.at_standby[0].cluster, detached_from="shop"))
    again = replace(
        seen,
        at_standby=(writer,),
        global_cluster=GlobalCluster("shop", "available", (Member(arn(OLD), HOME, True),)),
    )
    stamp = str(int(STAMP) + 1)
    while not (step := towards_joined(again, stamp)).done:
        again = made(step, again)
    assert first in again.at_home and {f"{OLD}-kept-{stamp}", OLD} <= {each.id for each in again.at_home}


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (replace(apart(), fence=None), ["old_primary_not_settled"]),
        (replace(apart(), fence=FenceRecord("shop", HOME, "owed")), ["old_primary_not_settled"]),
        (replace(apart(), fence=FenceRecord("shop", HOME, "unfenced")), ["old_primary_not_settled"]),
        (
            replace(apart(), fence=FenceRecord("shop", HOME, "fenced", snapshot_state="copying")),
            ["old_primary_not_settled"],
        ),
        (replace(apart(), at_home=()), ["no_old_primary"]),
        (replace(apart(), at_standby=(cluster(WRITER, STANDBY),)), ["no_detached_writer"]),
        (
            replace(
                apart(),
                global_cluster=GlobalCluster(
                    "shop", "available", (Member(arn(OLD), HOME, True), Member(arn("shop-c", OTHER), OTHER, False))
                ),
            ),
            ["other_members"],
        ),
    ],
)
def test_what_is_not_as_a_detach_leaves_it_is_refused(seen: RejoinSeen, found: list[str]) -> None:
    assert codes(seen) == found


def test_a_cluster_that_somebody_else_made_of_the_name_is_left_alone() -> None:
    _acts, seen = walk(apart(), ALL.index(Act.ADD_CLUSTER))
    assert codes(replace(seen, at_home=(*seen.at_home, cluster(OLD)))) == ["name_taken"]


@pytest.mark.parametrize("status", ["creating", "modifying", "renaming", "backing-up"])
@pytest.mark.parametrize("act", [Act.TAKE_OUT, Act.RENAME_CLUSTER, Act.ADD_INSTANCE])
def test_a_cluster_that_is_being_changed_is_waited_for(act: Act, status: str) -> None:
    _acts, seen = walk(apart(), ALL.index(act))
    busy = changed(seen, OLD, lambda each: replace(each, cluster=replace(each.cluster, status=status)))
    step = towards_joined(busy, STAMP)
    assert step.act is None and not step.done and status in step.what


def test_what_is_joined_and_bears_no_mark_needs_nothing() -> None:
    _acts, seen = walk(apart())
    assert (codes(seen), foretold(seen)) == ([], ())


@given(name=st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20}){0,2}", fullmatch=True))
def test_a_name_that_is_given_away_is_one_that_rds_takes(name: str) -> None:
    given_ = kept_name(name, STAMP)
    assert len(given_) <= 63 and "--" not in given_ and given_ != name
    assert name.startswith(name_before(given_)) and name_before(name) == name
