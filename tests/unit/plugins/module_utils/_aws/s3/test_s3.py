# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3.transform import object_state
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import ObjectState

WHERE = {"Bucket": "latch", "Key": "latch/shop"}


@pytest.fixture
def client() -> Any:
    return boto3.client("s3", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_reading_stops_at_the_limit(client: Any) -> None:
    body = StreamingBody(io.BytesIO(b"0123456789"), 10)
    with Stubber(client) as stub:
        stub.add_response("get_object", {"Body": body}, WHERE)
        assert api.get_object(client, "latch", "latch/shop", 4) == b"0123"


def test_an_object_that_is_not_there_is_none_and_one_that_may_not_be_read_an_error(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("get_object", "NoSuchKey", http_status_code=404, expected_params=WHERE)
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403, expected_params=WHERE)
        assert api.get_object(client, "latch", "latch/shop", 4) is None
        with pytest.raises(ClientError):
            api.get_object(client, "latch", "latch/shop", 4)


def test_the_object_is_encrypted_with_s3s_own_key_so_that_anonymous_checkers_can_read_it(client: Any) -> None:
    expected = {**WHERE, "Body": b"token", "ContentType": "text/plain", "ServerSideEncryption": "AES256"}
    with Stubber(client) as stub:
        stub.add_response("put_object", {}, expected)
        api.put_object(client, "latch", "latch/shop", b"token")


def test_deleting_names_the_one_key(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response("delete_object", {}, WHERE)
        api.delete_object(client, "latch", "latch/shop")


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (None, ObjectState.CLEAR),
        (b"token", ObjectState.SET),
        (b"token\n", ObjectState.OTHER),
        (b"", ObjectState.OTHER),
        (b"\xff\xfe", ObjectState.OTHER),
    ],
)
def test_only_the_token_itself_sets_the_latch(content: bytes | None, state: ObjectState) -> None:
    assert object_state(content, "token") is state
