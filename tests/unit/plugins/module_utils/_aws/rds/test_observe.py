# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, CredentialRetrievalError, EndpointConnectionError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.rds.fake_rds import FakeClock

REFUSED = EndpointConnectionError(endpoint_url="https://rds.eu-central-1.amazonaws.com")
UNANSWERED = ReadTimeoutError(endpoint_url="https://rds.eu-central-1.amazonaws.com")
THROTTLED = ClientError({"Error": {"Code": "Throttling"}}, "DescribeDBClusters")
NO_LOGIN = CredentialRetrievalError(provider="assume-role", error_msg="timed out")
DENIED = ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeDBClusters")


@pytest.mark.parametrize(
    ("fault", "reach", "reads", "seconds"),
    [
        (REFUSED, 0.25, 3, 0.2),  # nobody waits for a lost Region
        (REFUSED, None, 4, 1.5),
        (UNANSWERED, 0.25, 3, 0.2),
        (THROTTLED, 0.25, 4, 1.5),  # it took the call in, and is there
        (NO_LOGIN, 0.25, 4, 1.5),  # that says nothing of the Region
        (DENIED, 0.25, 1, 0.0),
    ],
)
def test_how_long_a_read_is_tried_again(fault: Exception, reach: float | None, reads: int, seconds: float) -> None:
    clock = FakeClock()
    began, tried = clock.monotonic(), []

    def read() -> None:
        tried.append(clock.monotonic())
        raise fault

    limit = None if reach is None else Deadline.after(clock, reach)
    with pytest.raises(type(fault)):
        again(read, clock, Deadline.after(clock, 2.0), limit)
    assert len(tried) == reads
    assert clock.monotonic() - began == pytest.approx(seconds)


def test_a_read_that_succeeds_at_last_gives_its_answer() -> None:
    clock, faults = FakeClock(), [REFUSED]

    def read() -> str:
        if faults:
            raise faults.pop()
        return "shop"

    assert again(read, clock, Deadline.after(clock, 2.0), Deadline.after(clock, 0.25)) == "shop"
