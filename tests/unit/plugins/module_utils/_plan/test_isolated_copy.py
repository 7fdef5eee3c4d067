# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An isolated copy, from nothing to serving and back to nothing; and what is never touched."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import Cluster, Member
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import (
    COPY_TAG,
    RUN_TAG,
    ClusterSeen,
    InstanceSeen,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.isolated_copy import (
    Act,
    broken,
    copy_refusals,
    find,
    member_refusals,
    ours,
    planned,
    removal_refusals,
    towards_gone,
    towards_serving,
)

REGION = "eu-west-1"


def cluster(
    name: str, status: str = "available", instances: Sequence[str] = ("available",), of: str = "", run: str = ""
) -> ClusterSeen:
    arn = f"arn:aws:rds:{REGION}:1:cluster:{name}"
    found = Cluster(arn, f"{name}.example", 5432, status, "aurora-postgresql", "16.4", ())
    seen = tuple(InstanceSeen(f"{name}-{n}", name, each, "db.r6g.large") for n, each in enumerate(instances, 1))
    return ClusterSeen(found, {COPY_TAG: of, RUN_TAG: run} if of else {}, instances=seen)


SOURCE = cluster("shop-eu-west-1")
COPY = cluster("copy", of="shop", run="r1")


def codes(source: str, name: str, *clusters: ClusterSeen) -> list[str]:
    return [each.code for each in copy_refusals(source, name, "shop", clusters, Act.CLONE)]


def test_a_copy_is_cloned_given_an_instance_and_waited_for() -> None:
    seen = [
        None,
        cluster("copy", "creating", ()),
        cluster("copy", instances=()),
        cluster("copy", instances=["creating"]),
        cluster("copy"),
    ]
    steps = [towards_serving("copy", each, Act.CLONE) for each in seen]
    assert [each.act for each in steps] == [Act.CLONE, None, Act.ADD_INSTANCE, None, None]
    assert [each.done for each in steps] == [False, False, False, False, True]


def test_copies_go_instance_by_instance_before_their_cluster() -> None:
    acts, left = (
        [],
        [cluster("a", instances=["available", "creating"], of="shop"), cluster("b", instances=(), of="shop")],
    )
    for _step in range(10):
        following = towards_gone(left)
        if following.done:
            break
        acts.append(f"{following.act.value if following.act else 'wait'}")
        left = [each for each in map(after(following.act, following.what), left) if each.cluster.status != "gone"]
    assert acts == ["DeleteDBInstance", "DeleteDBInstance", "DeleteDBCluster", "DeleteDBCluster"]


def after(act: Act | None, what: str):  # type: ignore[no-untyped-def]  # a closure for map
    def changed(each: ClusterSeen) -> ClusterSeen:
        if act is Act.DELETE_INSTANCE:
            return replace(each, instances=tuple(one for one in each.instances if one.id != what))
        return replace(each, cluster=replace(each.cluster, status="gone")) if each.id == what else each

    return changed


def test_what_is_being_deleted_is_waited_for_and_not_deleted_again() -> None:
    left = [cluster("a", "deleting", ["deleting"], of="shop")]
    assert (towards_gone(left).act, towards_gone(left).done) == (None, False)
    assert planned(left) == ()
    assert planned([COPY]) == (Act.DELETE_INSTANCE, Act.DELETE_CLUSTER)


@pytest.mark.parametrize("status", ["creating", "available", "deleting", "failed", "modifying"])
@pytest.mark.parametrize("instances", list(itertools.product(["creating", "available", "deleting"], repeat=2)))
def test_from_whatever_a_killed_drill_left_it_is_never_production_that_is_deleted(
    status: str, instances: tuple[str, ...]
) -> None:
    clusters = (SOURCE, cluster("copy", status, instances, of="shop"), cluster("theirs", of="other"), cluster("plain"))
    found = ours("shop", "", clusters)
    assert [each.id for each in found] == ["copy"]
    following = towards_gone(found)
    assert following.act is None or following.what.startswith("copy")


def test_a_run_finds_its_own_copies_only() -> None:
    clusters = [COPY, cluster("later", of="shop", run="r2")]
    assert [each.id for each in ours("shop", "r2", clusters)] == ["later"]
    assert [each.id for each in ours("shop", "", clusters)] == ["copy", "later"]


def test_what_stands_against_a_copy_is_said() -> None:
    assert codes("shop-eu-west-1", "copy", SOURCE) == []
    assert codes("nobody", "copy", SOURCE) == ["no_source"]
    assert codes("shop-eu-west-1", "copy", cluster("shop-eu-west-1", "stopping")) == ["source_busy"]
    assert codes("shop-eu-west-1", "copy", cluster("shop-eu-west-1", instances=())) == ["source_headless"]
    assert codes("shop-eu-west-1", "SHOP-eu-west-1", SOURCE) == ["copy_is_source", "not_a_copy"]
    assert codes("shop-eu-west-1", "copy", SOURCE, cluster("copy")) == ["not_a_copy"]
    assert codes("shop-eu-west-1", "copy", SOURCE, COPY) == []


def test_the_writer_is_not_copied() -> None:
    member = Member(SOURCE.cluster.arn, REGION, is_writer=True)
    assert [each.code for each in member_refusals("shop", REGION, member, Act.CLONE)] == ["source_is_writer"]
    assert [each.code for each in member_refusals("shop", REGION, None, Act.RESTORE)] == ["no_source"]
    assert member_refusals("shop", REGION, replace(member, is_writer=False), Act.CLONE) == []
    assert member_refusals("shop", REGION, member, Act.RESTORE) == [], "beside it, a snapshot may be restored"


def test_a_copy_of_which_somebody_made_something_else_is_left_alone() -> None:
    assert removal_refusals([COPY]) == []
    used, protected = replace(COPY, global_cluster_id="shop"), replace(COPY, protected=True)
    assert [each.code for each in removal_refusals([used, protected])] == ["copy_in_use", "copy_protected"]


def test_one_that_will_not_serve_is_named() -> None:
    assert broken(None) == broken(COPY) == broken(cluster("copy", "creating", ())) == ""
    assert "copy is failed" in broken(cluster("copy", "failed"))
    assert "copy-1 is incompatible-network" in broken(cluster("copy", instances=["incompatible-network"]))


def test_rds_keeps_identifiers_in_lower_case() -> None:
    assert find("Copy", [COPY]) is COPY
