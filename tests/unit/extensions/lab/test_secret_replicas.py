# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager's replicas against the reference's section 5."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import HOME, STANDBY, Lab
from .shop import error_of

NAME = "shop/db"


@pytest.fixture
def home(lab: Lab) -> Any:
    client = lab.client("secretsmanager", HOME)
    client.create_secret(Name=NAME, SecretString="one", AddReplicaRegions=[{"Region": STANDBY}])
    lab.look(5)
    return client


@pytest.fixture
def standby(lab: Lab, home: Any) -> Any:
    return lab.client("secretsmanager", STANDBY)


def value(client: Any) -> str:
    return str(client.get_secret_value(SecretId=NAME)["SecretString"])


def status(client: Any) -> list[tuple[str, str]]:
    listed = client.describe_secret(SecretId=NAME).get("ReplicationStatus", [])
    return [(each["Region"], each["Status"]) for each in listed]


def test_a_replica_is_read_like_any_secret_and_names_its_primary(home: Any, standby: Any) -> None:
    shown = standby.describe_secret(SecretId=NAME)
    assert value(standby) == "one"
    assert shown["PrimaryRegion"] == HOME
    assert shown["ARN"] == home.describe_secret(SecretId=NAME)["ARN"].replace(HOME, STANDBY)
    assert shown["VersionIdsToStages"] == home.describe_secret(SecretId=NAME)["VersionIdsToStages"]


def test_a_new_version_takes_its_time_to_the_replica(lab: Lab, home: Any, standby: Any) -> None:
    home.put_secret_value(SecretId=NAME, SecretString="two")
    assert (value(standby), status(home)) == ("one", [(STANDBY, "InProgress")])
    lab.look(5)
    assert (value(standby), status(home)) == ("two", [(STANDBY, "InSync")])


@pytest.mark.parametrize("fault", ["cut", "lost"])
def test_replication_stalls_while_the_regions_are_apart_and_goes_on_afterwards(
    lab: Lab, home: Any, standby: Any, fault: str
) -> None:
    if fault == "cut":
        lab.plane.cut = True
    else:
        lab.plane.lost.add(HOME)
    home.put_secret_value(SecretId=NAME, SecretString="two")
    lab.look(500)
    assert (value(standby), status(home)) == ("one", [(STANDBY, "InProgress")])
    lab.plane.cut = False
    lab.plane.lost.clear()
    lab.look()
    lab.look(5)
    assert (value(standby), status(home)) == ("two", [(STANDBY, "InSync")])


def test_what_a_seed_replicated_is_in_sync_at_once(lab: Lab) -> None:
    home = lab.client("secretsmanager", HOME)
    home.create_secret(Name=NAME, SecretString="one", AddReplicaRegions=[{"Region": STANDBY}])
    lab.state.finish()
    lab.plane.lost.add(HOME)
    assert value(lab.client("secretsmanager", STANDBY)) == "one"


def test_a_replica_is_not_there_before_it_was_copied(lab: Lab) -> None:
    lab.client("secretsmanager", HOME).create_secret(
        Name=NAME, SecretString="one", AddReplicaRegions=[{"Region": STANDBY}]
    )
    with pytest.raises(ClientError) as caught:
        value(lab.client("secretsmanager", STANDBY))
    assert error_of(caught)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("put_secret_value", {"SecretString": "two"}),
        ("update_secret", {"SecretString": "two"}),
        ("update_secret_version_stage", {"VersionStage": "AWSCURRENT"}),
        ("delete_secret", {}),
        ("rotate_secret", {}),
        ("replicate_secret_to_regions", {"AddReplicaRegions": [{"Region": "eu-west-3"}]}),
        ("remove_regions_from_replication", {"RemoveReplicaRegions": [STANDBY]}),
    ],
)
def test_a_replica_refuses_every_write(standby: Any, call: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(standby, call)(SecretId=NAME, **arguments)
    assert error_of(caught)[0] == "InvalidParameterException"
    assert "replica" in caught.value.response["Error"]["Message"]


def test_a_promoted_replica_keeps_its_name_arn_and_versions_and_takes_writes(lab: Lab, home: Any, standby: Any) -> None:
    before = standby.describe_secret(SecretId=NAME)
    assert standby.stop_replication_to_replica(SecretId=NAME)["ARN"] == before["ARN"]
    after = standby.describe_secret(SecretId=NAME)
    assert (after["ARN"], after["VersionIdsToStages"]) == (before["ARN"], before["VersionIdsToStages"])
    assert after.get("PrimaryRegion") in (None, STANDBY)
    standby.put_secret_value(SecretId=NAME, SecretString="theirs")
    home.put_secret_value(SecretId=NAME, SecretString="ours")
    lab.look(500)
    assert (value(standby), value(home), status(home)) == ("theirs", "ours", [])


def test_a_promotion_needs_nothing_of_the_primarys_region_which_hears_of_it_later(
    lab: Lab, home: Any, standby: Any
) -> None:
    lab.plane.lost.add(HOME)
    standby.stop_replication_to_replica(SecretId=NAME)
    lab.look(500)
    assert [region for region, _status in status(home)] == [STANDBY]
    lab.plane.lost.clear()
    lab.look(5)
    assert status(home) == []


def test_a_promotion_is_called_in_the_replicas_region(home: Any) -> None:
    with pytest.raises(ClientError) as caught:
        home.stop_replication_to_replica(SecretId=NAME)
    assert error_of(caught)[0] == "InvalidParameterException"


def test_a_promotion_is_one_way_without_an_overwrite(lab: Lab, home: Any, standby: Any) -> None:
    standby.stop_replication_to_replica(SecretId=NAME)
    standby.put_secret_value(SecretId=NAME, SecretString="theirs")
    home.replicate_secret_to_regions(SecretId=NAME, AddReplicaRegions=[{"Region": STANDBY}])
    lab.look(5)
    assert (status(home), value(standby)) == ([(STANDBY, "Failed")], "theirs")
    home.replicate_secret_to_regions(
        SecretId=NAME, AddReplicaRegions=[{"Region": STANDBY}], ForceOverwriteReplicaSecret=True
    )
    lab.look(5)
    assert (status(home), value(standby)) == ([(STANDBY, "InSync")], "one")


def test_a_region_is_replicated_to_once(home: Any) -> None:
    with pytest.raises(ClientError) as caught:
        home.replicate_secret_to_regions(SecretId=NAME, AddReplicaRegions=[{"Region": STANDBY}])
    assert error_of(caught)[0] == "InvalidParameterException"


def test_removing_a_region_deletes_its_replica(lab: Lab, home: Any, standby: Any) -> None:
    home.remove_regions_from_replication(SecretId=NAME, RemoveReplicaRegions=[STANDBY])
    with pytest.raises(ClientError) as caught:
        value(standby)
    assert error_of(caught)[0] == "ResourceNotFoundException"
    assert status(home) == []
