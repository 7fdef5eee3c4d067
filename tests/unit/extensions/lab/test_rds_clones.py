# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clones of clusters through the API: what botocore's model says of RestoreDBClusterToPointInTime."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.settings import LATENCY

from .conftest import STANDBY, Lab
from .shop import make

SOURCE, COPY = f"shop-{STANDBY}", "copy"
TAGS = [{"Key": "of", "Value": "shop"}]


@pytest.fixture
def shop(lab: Lab) -> Lab:
    make(lab)
    return lab


def clone(lab: Lab, source: str = SOURCE, **given: Any) -> Any:
    return lab.client("rds").restore_db_cluster_to_point_in_time(
        SourceDBClusterIdentifier=source,
        DBClusterIdentifier=COPY,
        RestoreType="copy-on-write",
        UseLatestRestorableTime=True,
        Tags=TAGS,
        **given,
    )["DBCluster"]


def status(lab: Lab) -> str:
    return str(lab.client("rds").describe_db_clusters(DBClusterIdentifier=COPY)["DBClusters"][0]["Status"])


def add_instance(lab: Lab) -> Any:
    return lab.client("rds").create_db_instance(
        DBClusterIdentifier=COPY,
        DBInstanceIdentifier=f"{COPY}-1",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-postgresql",
    )


def code(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def test_a_clone_has_its_tags_at_once_and_is_available_when_its_data_are_there(shop: Lab) -> None:
    shop.spawner.held = True
    made = clone(shop)
    assert (made["Status"], made["TagList"]) == ("creating", TAGS)
    shop.look(LATENCY["restore"])
    assert status(shop) == "creating"
    shop.spawner.release()
    shop.look()
    assert status(shop) == "available"
    assert ("keep_aside", STANDBY, f"clone-{COPY}") in shop.plane.done


def test_it_takes_an_instance_only_then_and_that_serves_its_data(shop: Lab) -> None:
    clone(shop)
    assert code(lambda: add_instance(shop)) == "InvalidDBClusterStateFault"
    shop.look(LATENCY["restore"])
    add_instance(shop)
    shop.look()
    started = [each for each in shop.plane.done if each[0] == "restore"]
    assert [each[:4] for each in started] == [("restore", STANDBY, f"clone-{COPY}", COPY)]


def test_deleting_it_ends_its_server_and_throws_its_data_away(shop: Lab) -> None:
    clone(shop)
    shop.look(LATENCY["restore"])
    add_instance(shop)
    shop.look()
    rds = shop.client("rds")
    rds.delete_db_instance(DBInstanceIdentifier=f"{COPY}-1", SkipFinalSnapshot=True)
    rds.delete_db_cluster(DBClusterIdentifier=COPY, SkipFinalSnapshot=True)
    shop.look()
    assert ("end_restored", STANDBY, COPY) in shop.plane.done
    assert ("forget_aside", f"clone-{COPY}") in shop.plane.done


def test_one_whose_data_can_not_be_copied_has_failed(shop: Lab) -> None:
    shop.plane.failing.add("keep_aside")
    clone(shop)
    shop.look(LATENCY["restore"])
    assert status(shop) == "failed"


def test_what_can_not_be_cloned_is_refused(shop: Lab) -> None:
    assert code(lambda: clone(shop, source="nobody")) == "DBClusterNotFoundFault"
    clone(shop)
    assert code(lambda: clone(shop)) == "DBClusterAlreadyExistsFault"
    shop.client("rds").delete_db_instance(DBInstanceIdentifier=f"{SOURCE}-1", SkipFinalSnapshot=True)
    shop.client("rds").delete_db_cluster(DBClusterIdentifier=COPY, SkipFinalSnapshot=True)
    assert code(lambda: clone(shop)) == "InvalidDBClusterStateFault"
