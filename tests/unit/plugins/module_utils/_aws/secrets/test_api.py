# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets import api


@pytest.fixture
def client() -> Any:
    return boto3.client("secretsmanager", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_a_secret_that_is_not_there_is_none_and_one_that_may_not_be_read_an_error(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("describe_secret", "ResourceNotFoundException", expected_params={"SecretId": "shop/db"})
        stub.add_client_error("describe_secret", "AccessDeniedException", expected_params={"SecretId": "shop/db"})
        assert api.describe_secret(client, "shop/db") is None
        with pytest.raises(ClientError):
            api.describe_secret(client, "shop/db")


@pytest.mark.parametrize(("answer", "content"), [({"SecretString": "x"}, "x"), ({"SecretBinary": b"x"}, b"x")])
def test_a_secret_is_text_or_binary(client: Any, answer: dict[str, Any], content: str | bytes) -> None:
    with Stubber(client) as stub:
        stub.add_response("get_secret_value", answer, {"SecretId": "shop/db"})
        assert api.get_secret_content(client, "shop/db") == content


@pytest.mark.parametrize(
    ("key", "replica"), [("", {"Region": "eu-west-1"}), ("alias/a", {"Region": "eu-west-1", "KmsKeyId": "alias/a"})]
)
def test_a_replica_has_its_own_key(client: Any, key: str, replica: dict[str, str]) -> None:
    expected = {"SecretId": "shop/db", "AddReplicaRegions": [replica], "ForceOverwriteReplicaSecret": True}
    with Stubber(client) as stub:
        stub.add_response("replicate_secret_to_regions", {}, expected)
        api.replicate_secret_to_regions(client, "shop/db", "eu-west-1", key, True)
