# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.ssm import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter

PATH = {"Path": "/shop", "Recursive": True, "WithDecryption": True}


@pytest.fixture
def client() -> Any:
    return boto3.client("ssm", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_all_pages_below_a_path_are_read_decrypted(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response("get_parameters_by_path", {"Parameters": [{"Name": "/shop/a"}], "NextToken": "t"}, PATH)
        stub.add_response("get_parameters_by_path", {"Parameters": [{"Name": "/shop/b"}]}, {**PATH, "NextToken": "t"})
        assert [each["Name"] for each in api.get_parameters_by_path(client, "/shop")] == ["/shop/a", "/shop/b"]


def test_what_ssm_says_of_parameters_is_read_for_the_same_path(client: Any) -> None:
    below = {"ParameterFilters": [{"Key": "Path", "Option": "Recursive", "Values": ["/shop"]}]}
    with Stubber(client) as stub:
        stub.add_response("describe_parameters", {"Parameters": [{"Name": "/shop/a"}]}, below)
        assert api.describe_parameters(client, "/shop") == [{"Name": "/shop/a"}]


@pytest.mark.parametrize(
    ("parameter", "more"),
    [
        (Parameter("/shop/a", "String", "x"), {}),
        (Parameter("/shop/a", "SecureString", "x", key_id="alias/shop"), {"KeyId": "alias/shop"}),
        (
            Parameter("/shop/a", "String", "x", description="d", allowed_pattern="x+"),
            {"Description": "d", "AllowedPattern": "x+"},
        ),
    ],
)
def test_a_parameter_is_written_over_an_older_one_in_the_smallest_tier(
    client: Any, parameter: Parameter, more: dict[str, str]
) -> None:
    expected = {
        "Name": "/shop/a",
        "Type": parameter.type,
        "Value": "x",
        "DataType": "text",
        "Overwrite": True,
        "Tier": "Intelligent-Tiering",
        **more,
    }
    with Stubber(client) as stub:
        stub.add_response("put_parameter", {"Version": 1}, expected)
        api.put_parameter(client, transform.fields(parameter))


def test_values_and_descriptions_are_put_together_by_name() -> None:
    values = [{"Name": "/shop/b", "Type": "String", "Value": "y", "Version": 2, "DataType": "text"}] * 2
    described = [{"Name": "/shop/b", "Tier": "Advanced", "Description": "d"}, {"Name": "/shop/gone"}]
    assert transform.parameters(values, described) == (
        Parameter("/shop/b", "String", "y", version=2, tier="Advanced", description="d"),
    )
