# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Alias

META = {"KeyId": "mrk-1", "Arn": "arn:aws:kms:eu-west-1:123456789012:key/mrk-1", "KeyState": "Enabled"}


@pytest.fixture
def client() -> Any:
    return boto3.client("kms", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_a_key_that_is_not_there_is_none_and_one_that_may_not_be_read_an_error(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("describe_key", "NotFoundException", expected_params={"KeyId": "mrk-1"})
        stub.add_client_error("describe_key", "AccessDeniedException", expected_params={"KeyId": "mrk-1"})
        assert api.describe_key(client, "mrk-1") is None
        with pytest.raises(ClientError):
            api.describe_key(client, "mrk-1")


def test_the_policy_has_the_one_name_there_is(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response("get_key_policy", {"Policy": "{}"}, {"KeyId": "mrk-1", "PolicyName": "default"})
        assert api.get_key_policy(client, "mrk-1") == "{}"


def test_a_key_of_one_region_has_no_primary() -> None:
    key = transform.key(META, "eu-west-1")
    assert (key.multi_region, key.is_primary, key.usable) == (False, False, True)


def test_a_multi_region_key_names_its_family() -> None:
    config = {
        "PrimaryKey": {"Region": "eu-central-1"},
        "ReplicaKeys": [{"Region": "eu-west-3"}, {"Region": "eu-west-1"}],
    }
    key = transform.key({**META, "MultiRegionConfiguration": config}, "eu-west-1")
    assert (key.primary_region, key.replica_regions, key.is_primary) == (
        "eu-central-1",
        ("eu-west-1", "eu-west-3"),
        False,
    )


def test_an_alias_of_no_key_is_left_out() -> None:
    raw = [{"AliasName": "alias/aws/s3"}, {"AliasName": "alias/shop", "TargetKeyId": "mrk-1"}]
    assert transform.aliases(raw) == (Alias("alias/shop", "mrk-1"),)


@pytest.mark.parametrize("given", ["mrk-1", "arn:aws:kms:eu-central-1:123456789012:key/mrk-1"])
def test_an_arn_stands_for_its_id(given: str) -> None:
    assert transform.plain_id(given) == "mrk-1"
