# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest

from lab.control.calls import MASK, Call, Record, is_write, masked


@pytest.mark.parametrize(
    ("action", "write"),
    [
        ("DescribeGlobalClusters", False),
        ("GetSecretValue", False),
        ("ListBuckets", False),
        ("HeadBucket", False),
        ("Query", False),
        ("AssumeRole", False),
        ("CONNECT", False),
        ("FailoverGlobalCluster", True),
        ("PutObject", True),
        ("ChangeResourceRecordSets", True),
        ("Unknown", True),
    ],
)
def test_a_write_is_told_from_a_read(action: str, write: bool) -> None:
    assert is_write(action) is write


@pytest.mark.parametrize("name", ["MasterUserPassword", "SecretString", "SecretBinary", "SessionToken", "AuthToken"])
def test_a_secret_is_masked(name: str) -> None:
    assert masked({"outer": [{name: "geheim"}]}) == {"outer": [{name: MASK}]}


def test_an_identifier_of_a_secret_is_kept() -> None:
    assert masked({"SecretId": "shop/db"}) == {"SecretId": "shop/db"}


def test_the_record_is_plain_json() -> None:
    record = Record()
    params: dict[str, Any] = {"Body": b"12345", "When": object(), "N": 1}
    record.begin(Call("s3", "PutObject", "eu-west-1", "host", 5.0, params, write=True))

    assert json.loads(json.dumps(record.since()[0].as_dict()))["params"]["Body"] == "<5 bytes>"


def test_a_call_in_flight_is_seen_before_it_ends() -> None:
    record = Record()
    number = record.begin(Call("s3", "PutObject", "eu-west-1", "host", 5.0))
    before = record.since()[0].outcome
    record.finish(number, 0.2, "200")

    assert (before, record.since()[0].outcome) == ("in flight", "200")


def test_since_leaves_earlier_calls_out() -> None:
    record = Record()
    for started in (1.0, 2.0, 3.0):
        record.begin(Call("s3", "GetObject", "eu-west-1", "host", started))

    assert [call.started for call in record.since(2.0)] == [2.0, 3.0]
