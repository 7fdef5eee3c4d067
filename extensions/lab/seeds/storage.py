# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workload's objects: a bucket a Region, replicated both ways, with a CloudFront distribution; one for evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.background import Background
from lab.settings import ACCOUNT, HOME, REGIONS, STANDBY, other

WORKLOAD = "shop"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{WORKLOAD}-replication"
GLOBAL = "us-east-1"


def assets_bucket(region: str) -> str:
    return f"{WORKLOAD}-assets-{region}"


def evidence_bucket(region: str) -> str:
    """With object lock: what is written into it with a retention stays as it is."""
    return f"{WORKLOAD}-evidence-{region}"


def seed(client: Callable[[str, str], Any]) -> None:
    """Make it all. Raises botocore's errors."""
    distribution = Background(lambda: _distribution(client("cloudfront", GLOBAL)))
    for region in REGIONS:
        s3, bucket = client("s3", region), assets_bucket(region)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        evidence = {"Bucket": evidence_bucket(region), "ObjectLockEnabledForBucket": True}
        s3.create_bucket(**evidence, CreateBucketConfiguration={"LocationConstraint": region})
    for region in REGIONS:
        config = {"Role": ROLE, "Rules": [_rule(assets_bucket(other(region)))]}
        client("s3", region).put_bucket_replication(Bucket=assets_bucket(region), ReplicationConfiguration=config)
    distribution.join()


def _rule(destination: str) -> dict[str, Any]:
    return {
        "ID": f"aws-dr-to-{destination}",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}},
        "Destination": {"Bucket": f"arn:aws:s3:::{destination}", "Metrics": {"Status": "Enabled"}},
    }


def _distribution(cloudfront: Any) -> None:
    policy = "658327ea-f89d-4fab-a63d-7e88639e58f6"  # AWS's managed policy CachingOptimized
    origins = [
        {
            "Id": f"api-{region}",
            "DomainName": f"api.{region}.{WORKLOAD}.example",
            "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
        }
        for region in (HOME, STANDBY)
    ]
    behavior = {"TargetOriginId": f"api-{HOME}", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": policy}
    cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": WORKLOAD,
            "Comment": WORKLOAD,
            "Enabled": True,
            "Origins": {"Quantity": len(origins), "Items": origins},
            "DefaultCacheBehavior": behavior,
            "CacheBehaviors": {"Quantity": 1, "Items": [{"PathPattern": "/static/*", **behavior}]},
        }
    )
