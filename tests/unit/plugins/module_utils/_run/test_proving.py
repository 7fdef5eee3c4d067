# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CallFailed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter, Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.proving import passes


def failed(exc: Exception) -> CallFailed:
    return CallFailed(exc, "Reading the secret")


@pytest.mark.parametrize(
    ("error", "may_pass"),
    [
        (failed(ClientError({"Error": {"Code": "Throttling", "Message": "slow"}}, "GetSecretValue")), True),
        (failed(ReadTimeoutError(endpoint_url="https://secretsmanager")), True),
        (failed(EndpointConnectionError(endpoint_url="https://secretsmanager")), True),
        (failed(ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetSecretValue")), False),
        (failed(NoCredentialsError()), False),
        (TimedOut("Reading the secret", "no answer within 10.0 s", "Treat its state as unknown."), True),
        (Unreachable("Writing", "no connection", "Try again."), True),
        (NotWriter("Writing", "read-only", "Wait."), False),
        (DrError("Writing", "password authentication failed", "Check the secret."), False),
    ],
)
def test_what_passes_is_told_from_what_needs_a_person(error: DrError, may_pass: bool) -> None:
    assert passes(error) is may_pass
