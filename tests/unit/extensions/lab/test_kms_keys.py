# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS's multi-Region keys against the reference's section 5."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import HOME, STANDBY, THIRD, Lab
from .shop import error_of


@pytest.fixture
def key(lab: Lab) -> str:
    made = lab.client("kms", HOME).create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    lab.client("kms", HOME).replicate_key(KeyId=made, ReplicaRegion=STANDBY)
    lab.look(20)
    return str(made)


def config(lab: Lab, key: str, region: str) -> tuple[str, str, list[str]]:
    shown = lab.client("kms", region).describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
    replicas = [each["Region"] for each in shown["ReplicaKeys"]]
    return shown["MultiRegionKeyType"], shown["PrimaryKey"]["Region"], replicas


def state(lab: Lab, key: str, region: str) -> str:
    return str(lab.client("kms", region).describe_key(KeyId=key)["KeyMetadata"]["KeyState"])


def refused(lab: Lab, call: str, region: str = HOME, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(lab.client("kms", region), call)(**arguments)
    return error_of(caught)[0]


def test_each_region_says_what_its_own_key_is(lab: Lab, key: str) -> None:
    assert config(lab, key, HOME) == ("PRIMARY", HOME, [STANDBY])
    assert config(lab, key, STANDBY) == ("REPLICA", HOME, [STANDBY])
    assert config(lab, key, HOME) == ("PRIMARY", HOME, [STANDBY])


@pytest.mark.parametrize(("encrypts", "decrypts"), [(HOME, STANDBY), (STANDBY, HOME), (HOME, HOME)])
def test_either_key_decrypts_what_the_other_one_encrypted(lab: Lab, key: str, encrypts: str, decrypts: str) -> None:
    blob = lab.client("kms", encrypts).encrypt(KeyId=key, Plaintext=b"a word")["CiphertextBlob"]
    answer = lab.client("kms", decrypts).decrypt(CiphertextBlob=blob)
    assert answer["Plaintext"] == b"a word"
    assert f":{decrypts}:" in answer["KeyId"]


def test_a_region_without_a_replica_decrypts_nothing(lab: Lab, key: str) -> None:
    blob = lab.client("kms", HOME).encrypt(KeyId=key, Plaintext=b"a word")["CiphertextBlob"]
    assert refused(lab, "decrypt", THIRD, CiphertextBlob=blob) == "AccessDeniedException"


def test_a_replica_takes_its_time_and_is_of_no_use_meanwhile(lab: Lab) -> None:
    key = lab.client("kms", HOME).create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    lab.client("kms", HOME).replicate_key(KeyId=key, ReplicaRegion=STANDBY)
    assert state(lab, key, STANDBY) == "Creating"
    assert refused(lab, "encrypt", STANDBY, KeyId=key, Plaintext=b"x") == "KMSInvalidStateException"
    lab.look(20)
    assert state(lab, key, STANDBY) == "Enabled"


def test_a_replica_is_disabled_and_named_for_itself(lab: Lab, key: str) -> None:
    standby = lab.client("kms", STANDBY)
    standby.create_alias(AliasName="alias/shop", TargetKeyId=key)
    standby.disable_key(KeyId=key)
    assert (state(lab, key, STANDBY), state(lab, key, HOME)) == ("Disabled", "Enabled")
    assert refused(lab, "describe_key", HOME, KeyId="alias/shop") == "NotFoundException"
    assert refused(lab, "encrypt", STANDBY, KeyId=key, Plaintext=b"x") == "DisabledException"


def test_a_replica_has_the_policy_it_was_given(lab: Lab) -> None:
    key = lab.client("kms", HOME).create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    lab.client("kms", HOME).replicate_key(KeyId=key, ReplicaRegion=STANDBY, Policy='{"Statement": []}')
    assert lab.client("kms", STANDBY).get_key_policy(KeyId=key, PolicyName="default")["Policy"] == '{"Statement": []}'
    assert lab.client("kms", HOME).get_key_policy(KeyId=key, PolicyName="default")["Policy"] != '{"Statement": []}'


@pytest.mark.parametrize(
    ("region", "to", "code"),
    [(HOME, STANDBY, "AlreadyExistsException"), (STANDBY, THIRD, "UnsupportedOperationException")],
)
def test_a_key_is_replicated_once_and_from_its_primary(lab: Lab, key: str, region: str, to: str, code: str) -> None:
    assert refused(lab, "replicate_key", region, KeyId=key, ReplicaRegion=to) == code


def test_a_single_region_key_is_not_replicated(lab: Lab) -> None:
    key = lab.client("kms", HOME).create_key()["KeyMetadata"]["KeyId"]
    assert refused(lab, "replicate_key", KeyId=key, ReplicaRegion=STANDBY) == "UnsupportedOperationException"


def test_the_primary_moves_and_both_say_so_once_it_has(lab: Lab, key: str) -> None:
    lab.client("kms", HOME).update_primary_region(KeyId=key, PrimaryRegion=STANDBY)
    assert (state(lab, key, HOME), config(lab, key, STANDBY)[1]) == ("Updating", HOME)
    lab.look(20)
    assert config(lab, key, STANDBY) == ("PRIMARY", STANDBY, [HOME])
    assert config(lab, key, HOME) == ("REPLICA", STANDBY, [HOME])
    assert (state(lab, key, HOME), state(lab, key, STANDBY)) == ("Enabled", "Enabled")


@pytest.mark.parametrize(
    ("region", "to", "code"),
    [
        (STANDBY, STANDBY, "UnsupportedOperationException"),
        (HOME, HOME, "UnsupportedOperationException"),
        (HOME, THIRD, "NotFoundException"),
    ],
)
def test_the_primary_is_moved_by_the_current_one_to_a_replica(
    lab: Lab, key: str, region: str, to: str, code: str
) -> None:
    assert refused(lab, "update_primary_region", region, KeyId=key, PrimaryRegion=to) == code


def test_the_primary_stays_where_it_is_while_the_regions_are_apart(lab: Lab, key: str) -> None:
    lab.client("kms", HOME).update_primary_region(KeyId=key, PrimaryRegion=STANDBY)
    lab.plane.cut = True
    lab.look(500)
    assert config(lab, key, STANDBY)[1] == HOME
    lab.plane.cut = False
    lab.look(1)
    assert config(lab, key, STANDBY)[1] == STANDBY
