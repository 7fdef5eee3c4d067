# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's host names: which service and which Region a name belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

GLOBAL_REGION = "us-east-1"
"""Where AWS keeps the control planes whose host names carry no Region."""

SUFFIXES = (".amazonaws.com", ".api.aws")
REGION = re.compile(r"^(?:us|eu|ap|ca|sa|me|af|il|mx)(?:-[a-z]+)+-\d$")
NAME = re.compile(r"^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$")
DASHED_S3 = re.compile(r"^s3-(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)$")

CLIENTS = {
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "servicequotas": "service-quotas",
    "s3-control": "s3control",
    "tagging": "resourcegroupstaggingapi",
    "states": "stepfunctions",
    "ddb": "dynamodb",
    "streams.dynamodb": "dynamodbstreams",
    "email": "ses",
    "api.ecr": "ecr",
}
"""Host prefixes that differ from the name of the boto3 client."""


@dataclass(frozen=True)
class Endpoint:
    """A host name of AWS, understood; ``bucket`` only where the name itself holds one."""

    host: str
    service: str
    region: str
    bucket: str | None = None


def parse(host: str, bucket_region: Callable[[str], str | None] | None = None) -> Endpoint | None:
    """Return what the name stands for; None when it is not AWS's.

    :param bucket_region: tells the Region of a bucket that is named under S3's global host name.
    """
    name = host.lower().rstrip(".")
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), None)
    if suffix is None or not NAME.match(name) or ".." in name:
        return None
    labels = name[: -len(suffix)].split(".")
    s3 = _s3(name, labels)
    if s3 is not None:
        return _located(s3, bucket_region)
    region = next((label for label in labels if REGION.match(label)), GLOBAL_REGION)
    rest = [label for label in labels if label != region and not label.isdigit() and label != "dualstack"]
    if not rest:
        return None
    return Endpoint(name, _client(rest), region)


def _client(labels: list[str]) -> str:
    """Name the boto3 client; a label in front of the service is an account, an endpoint or a resource id."""
    joined = ".".join(labels)
    return CLIENTS.get(joined, CLIENTS.get(labels[-1], labels[-1]))


def _s3(name: str, labels: list[str]) -> Endpoint | None:
    """Understand ``[bucket.]s3[.dualstack][.region]`` and the older ``s3-region``."""
    for at in range(len(labels) - 1, -1, -1):
        dashed = DASHED_S3.match(labels[at])
        if labels[at] != "s3" and not dashed:
            continue
        after = [label for label in labels[at + 1 :] if label not in ("dualstack", "fips")]
        if len(after) > 1 or (after and not REGION.match(after[0])):
            return None
        region = dashed["region"] if dashed else (after[0] if after else GLOBAL_REGION)
        return Endpoint(name, "s3", region, ".".join(labels[:at]) or None)
    return None


def _located(s3: Endpoint, bucket_region: Callable[[str], str | None] | None) -> Endpoint:
    """Put ``bucket.s3.amazonaws.com`` where its bucket lives: the name resolves to that Region."""
    if s3.bucket is None or bucket_region is None or any(REGION.match(label) for label in s3.host.split(".")):
        return s3
    return Endpoint(s3.host, s3.service, bucket_region(s3.bucket) or s3.region, s3.bucket)
