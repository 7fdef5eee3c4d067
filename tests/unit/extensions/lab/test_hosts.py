# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from lab.control.hosts import Endpoint, parse


@pytest.mark.parametrize(
    ("host", "service", "region", "bucket"),
    [
        ("rds.eu-west-1.amazonaws.com", "rds", "eu-west-1", None),
        ("route53.amazonaws.com", "route53", "us-east-1", None),
        ("sts.amazonaws.com", "sts", "us-east-1", None),
        ("sts.eu-west-1.amazonaws.com", "sts", "eu-west-1", None),
        ("monitoring.eu-west-1.amazonaws.com", "cloudwatch", "eu-west-1", None),
        ("s3.eu-west-1.amazonaws.com", "s3", "eu-west-1", None),
        ("bucket.s3.eu-west-1.amazonaws.com", "s3", "eu-west-1", "bucket"),
        ("a.dotted.bucket.s3.eu-west-3.amazonaws.com", "s3", "eu-west-3", "a.dotted.bucket"),
        ("bucket.s3.dualstack.eu-west-1.amazonaws.com", "s3", "eu-west-1", "bucket"),
        ("bucket.s3-eu-west-1.amazonaws.com", "s3", "eu-west-1", "bucket"),
        ("123456789012.s3-control.eu-west-1.amazonaws.com", "s3control", "eu-west-1", None),
        ("bucket.s3.amazonaws.com", "s3", "us-east-1", "bucket"),
        ("123456789012.ddb.eu-west-1.amazonaws.com", "dynamodb", "eu-west-1", None),
        ("rds.eu-west-1.api.aws", "rds", "eu-west-1", None),
        ("abc.route53-recovery-cluster.us-west-2.amazonaws.com", "route53-recovery-cluster", "us-west-2", None),
        ("RDS.EU-WEST-1.AMAZONAWS.COM", "rds", "eu-west-1", None),
    ],
)
def test_a_host_name_tells_service_and_region(host: str, service: str, region: str, bucket: str | None) -> None:
    assert parse(host) == Endpoint(host.lower(), service, region, bucket)


@pytest.mark.parametrize(
    "host", ["example.com", "amazonaws.com", "evil-amazonaws.com", "127.0.0.1", "", "a..amazonaws.com"]
)
def test_what_is_not_aws_is_nothing(host: str) -> None:
    assert parse(host) is None


def test_a_global_bucket_name_is_in_its_buckets_region() -> None:
    endpoint = parse("bucket.s3.amazonaws.com", {"bucket": "eu-west-3"}.get)

    assert endpoint is not None
    assert endpoint.region == "eu-west-3"
