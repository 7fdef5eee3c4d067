# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSM parameters: what the product relies on, whether moto has it or the lab adds it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.control.faults import Fault, Kind

from .conftest import HOME, STANDBY, Lab
from .shop import error_of


@pytest.fixture
def ssm(lab: Lab) -> Any:
    return lab.client("ssm", STANDBY)


def refused(client: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        client.put_parameter(**arguments)
    return error_of(caught)[0]


def test_a_parameter_is_of_its_region(lab: Lab, ssm: Any) -> None:
    ssm.put_parameter(Name="/shop/a", Type="String", Value="x")
    with pytest.raises(ClientError) as caught:
        lab.client("ssm", HOME).get_parameter(Name="/shop/a")
    assert error_of(caught)[0] == "ParameterNotFound"


def test_a_path_gives_all_below_it_decrypted_page_by_page(ssm: Any) -> None:
    for number in range(12):
        ssm.put_parameter(Name=f"/shop/deep/{number}", Type="SecureString", Value=f"v{number}")
    ssm.put_parameter(Name="/shopping", Type="String", Value="x")
    pages = list(
        ssm.get_paginator("get_parameters_by_path").paginate(Path="/shop", Recursive=True, WithDecryption=True)
    )
    values = [each["Value"] for page in pages for each in page["Parameters"]]
    assert sorted(values) == sorted(f"v{number}" for number in range(12))
    assert len(pages) == 2


def test_without_decryption_a_secure_string_is_not_its_value(ssm: Any) -> None:
    ssm.put_parameter(Name="/shop/a", Type="SecureString", Value="x")
    assert ssm.get_parameter(Name="/shop/a")["Parameter"]["Value"] != "x"


def test_an_overwrite_makes_a_version_and_is_asked_for(ssm: Any) -> None:
    assert ssm.put_parameter(Name="/shop/a", Type="String", Value="x")["Version"] == 1
    assert refused(ssm, Name="/shop/a", Type="String", Value="y") == "ParameterAlreadyExists"
    assert ssm.put_parameter(Name="/shop/a", Value="y", Overwrite=True)["Version"] == 2


def test_a_type_can_not_be_changed(ssm: Any) -> None:
    ssm.put_parameter(Name="/shop/a", Type="String", Value="x")
    code = refused(ssm, Name="/shop/a", Type="SecureString", Value="x", Overwrite=True)
    assert code == "HierarchyTypeMismatchException"


@pytest.mark.parametrize(
    ("tier", "size", "becomes"),
    [
        ("Standard", 4096, "Standard"),
        ("Standard", 4097, None),
        ("Advanced", 8192, "Advanced"),
        ("Advanced", 8193, None),
        ("Intelligent-Tiering", 4096, "Standard"),
        ("Intelligent-Tiering", 4097, "Advanced"),
    ],
)
def test_a_tier_has_its_size(ssm: Any, tier: str, size: int, becomes: str | None) -> None:
    given = {"Name": "/shop/a", "Type": "String", "Value": "x" * size, "Tier": tier}
    if becomes is None:
        assert refused(ssm, **given) == "ValidationException"
    else:
        assert ssm.put_parameter(**given)["Tier"] == becomes
        (shown,) = ssm.describe_parameters()["Parameters"]
        assert shown["Tier"] == becomes


def test_an_advanced_parameter_stays_one(ssm: Any) -> None:
    ssm.put_parameter(Name="/shop/a", Type="String", Value="x", Tier="Advanced")
    code = refused(ssm, Name="/shop/a", Value="y", Overwrite=True, Tier="Standard")
    assert code == "ValidationException"
    assert (
        ssm.put_parameter(Name="/shop/a", Value="y", Overwrite=True, Tier="Intelligent-Tiering")["Tier"] == "Advanced"
    )


def test_a_secure_string_needs_its_key_in_its_own_region(lab: Lab, ssm: Any) -> None:
    given = {"Name": "/shop/a", "Type": "SecureString", "Value": "x", "KeyId": "alias/shop"}
    home = lab.client("kms", HOME)
    home.create_alias(AliasName="alias/shop", TargetKeyId=home.create_key()["KeyMetadata"]["KeyId"])
    assert refused(ssm, **given) == "InvalidKeyId"
    lab.client("ssm", HOME).put_parameter(**given)


def test_a_disabled_key_decrypts_no_parameter(lab: Lab, ssm: Any) -> None:
    kms = lab.client("kms", STANDBY)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    ssm.put_parameter(Name="/shop/a", Type="SecureString", Value="x", KeyId=key)
    (shown,) = ssm.describe_parameters()["Parameters"]
    assert shown["KeyId"] == key
    kms.disable_key(KeyId=key)
    with pytest.raises(ClientError) as caught:
        ssm.get_parameters_by_path(Path="/shop", WithDecryption=True)
    assert error_of(caught)[0] == "InvalidKeyId"


def test_a_throttled_write_has_no_effect(lab: Lab, ssm: Any) -> None:
    lab.faults.add(Fault(Kind.THROTTLE, service="ssm", action="PutParameter", times=1))
    assert refused(ssm, Name="/shop/a", Type="String", Value="x") == "ThrottlingException"
    assert ssm.put_parameter(Name="/shop/a", Type="String", Value="x")["Version"] == 1
