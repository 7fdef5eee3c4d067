# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal


@pytest.mark.parametrize(
    ("exc", "code", "remedy"),
    [
        (
            ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetItem"),
            "AccessDeniedException",
            "Grant that action",
        ),
        (
            ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "GetItem"),
            "ThrottlingException",
            "Run the task again",
        ),
        (
            ClientError({"Error": {"Code": "GlobalClusterNotFoundFault", "Message": "none"}}, "DescribeGlobalClusters"),
            "GlobalClusterNotFoundFault",
            "Check that name where it was given (the inventory)",
        ),
        (
            ClientError({"Error": {"Code": "KMSKeyNotAccessibleFault", "Message": "no"}}, "CreateDBCluster"),
            "KMSKeyNotAccessibleFault",
            "create grants on it",
        ),
        (NoCredentialsError(), "NoCredentialsError", "Give credentials"),
        (EndpointConnectionError(endpoint_url="https://x"), "EndpointConnectionError", "Check the network path"),
        (ClientError({"Error": {"Code": "Odd", "Message": "odd"}}, "GetItem"), "Odd", "Check the Region's health"),
    ],
)
def test_an_aws_error_says_what_was_tried_seen_and_what_to_do(exc: Exception, code: str, remedy: str) -> None:
    error = aws_error(exc, "Reading the item")
    assert error_code(exc) == code
    assert str(error).startswith(f"Reading the item: {code}: ")
    assert remedy in error.next_step


def test_a_refusal_names_code_observation_and_remedy() -> None:
    refused = Refused([refusal("busy", "A switchover runs.", "Wait for it.")])
    assert str(refused) == "[busy] A switchover runs. Wait for it."
    assert refused.as_result()[0]["code"] == "busy"
