# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFront's distributions, against the reference's section 7."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Lab

GLOBAL = "us-east-1"
READS = ["GET", "HEAD", "OPTIONS"]


def config(**more: Any) -> dict[str, Any]:
    origins = [
        {
            "Id": name,
            "DomainName": f"{name}.example",
            "OriginPath": "/v1",
            "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
        }
        for name in ("one", "two")
    ]
    return {
        "CallerReference": "shop",
        "Comment": "shop",
        "Enabled": True,
        "Origins": {"Quantity": 2, "Items": origins},
        "DefaultCacheBehavior": {"TargetOriginId": "one", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "x"},
    } | more


@pytest.fixture
def cloudfront(lab: Lab) -> Any:
    return lab.client("cloudfront", GLOBAL)


@pytest.fixture
def made(cloudfront: Any) -> str:
    return str(cloudfront.create_distribution(DistributionConfig=config())["Distribution"]["Id"])


def code(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_what_is_read_can_be_written_and_reads_the_same(cloudfront: Any, made: str) -> None:
    read = cloudfront.get_distribution_config(Id=made)
    assert read["DistributionConfig"]["Origins"]["Items"][0]["OriginPath"] == "/v1"
    cloudfront.update_distribution(Id=made, IfMatch=read["ETag"], DistributionConfig=read["DistributionConfig"])
    assert cloudfront.get_distribution_config(Id=made)["DistributionConfig"] == read["DistributionConfig"]


def test_every_update_changes_the_etag_and_a_stale_one_is_refused(cloudfront: Any, made: str) -> None:
    etag = cloudfront.get_distribution(Id=made)["ETag"]
    updated = cloudfront.update_distribution(Id=made, IfMatch=etag, DistributionConfig=config(Comment="new"))
    assert updated["ETag"] != etag
    with pytest.raises(ClientError) as caught:
        cloudfront.update_distribution(Id=made, IfMatch=etag, DistributionConfig=config(Comment="late"))
    assert code(caught) == ("PreconditionFailed", 412)
    assert cloudfront.get_distribution_config(Id=made)["DistributionConfig"]["Comment"] == "new"


def test_an_update_needs_an_etag(cloudfront: Any, made: str) -> None:
    with pytest.raises(ClientError) as caught:
        cloudfront.update_distribution(Id=made, DistributionConfig=config())
    assert code(caught) == ("InvalidIfMatchVersion", 400)


def test_an_update_replaces_everything(cloudfront: Any, made: str) -> None:
    read = cloudfront.get_distribution_config(Id=made)
    given = config(DefaultRootObject="index.html")
    updated = cloudfront.update_distribution(Id=made, IfMatch=read["ETag"], DistributionConfig=given)
    cloudfront.update_distribution(Id=made, IfMatch=updated["ETag"], DistributionConfig=config())
    assert cloudfront.get_distribution_config(Id=made)["DistributionConfig"]["DefaultRootObject"] == ""


def test_a_change_is_deployed_some_minutes_later(lab: Lab, cloudfront: Any, made: str) -> None:
    def status() -> str:
        return str(cloudfront.get_distribution(Id=made)["Distribution"]["Status"])

    assert status() == "InProgress"
    lab.look(240)
    assert status() == "Deployed"
    etag = cloudfront.get_distribution(Id=made)["ETag"]
    cloudfront.update_distribution(Id=made, IfMatch=etag, DistributionConfig=config(Comment="new"))
    lab.look(119)
    assert status() == "InProgress"
    lab.look(121)
    assert status() == "Deployed"


BEHAVIOR = {"ViewerProtocolPolicy": "https-only", "CachePolicyId": "x"}
GROUP = {
    "Id": "both",
    "FailoverCriteria": {"StatusCodes": {"Quantity": 1, "Items": [503]}},
    "Members": {"Quantity": 2, "Items": [{"OriginId": "one"}, {"OriginId": "two"}]},
}
WRITES = {"Quantity": 3, "Items": ["GET", "HEAD", "PUT"]}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"DefaultCacheBehavior": BEHAVIOR | {"TargetOriginId": "three"}}, "NoSuchOrigin"),
        (
            {"CacheBehaviors": {"Quantity": 1, "Items": [BEHAVIOR | {"PathPattern": "/a", "TargetOriginId": "x"}]}},
            "NoSuchOrigin",
        ),
        ({"CacheBehaviors": {"Quantity": 1, "Items": []}}, "InconsistentQuantities"),
        ({"CallerReference": "other"}, "IllegalUpdate"),
        (
            {
                "OriginGroups": {"Quantity": 1, "Items": [GROUP]},
                "DefaultCacheBehavior": BEHAVIOR | {"TargetOriginId": "both", "AllowedMethods": WRITES},
            },
            "InvalidArgument",
        ),
    ],
)
def test_what_cloudfront_refuses_is_refused(cloudfront: Any, made: str, given: dict[str, Any], error: str) -> None:
    read = cloudfront.get_distribution_config(Id=made)
    with pytest.raises(ClientError) as caught:
        cloudfront.update_distribution(Id=made, IfMatch=read["ETag"], DistributionConfig=config(**given))
    assert code(caught)[0] == error
    assert cloudfront.get_distribution_config(Id=made)["ETag"] == read["ETag"]


def test_a_distribution_that_is_not_there_is_not_found(cloudfront: Any) -> None:
    with pytest.raises(ClientError) as caught:
        cloudfront.get_distribution(Id="ENONE")
    assert code(caught) == ("NoSuchDistribution", 404)


def test_a_reference_names_one_distribution(cloudfront: Any, made: str) -> None:
    with pytest.raises(ClientError) as caught:
        cloudfront.create_distribution(DistributionConfig=config())
    assert code(caught)[0] == "DistributionAlreadyExists"


def test_all_are_listed(cloudfront: Any, made: str) -> None:
    [item] = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert (item["Id"], item["Origins"]["Quantity"], item["Status"]) == (made, 2, "InProgress")


def test_only_a_disabled_distribution_can_be_deleted(lab: Lab, cloudfront: Any, made: str) -> None:
    etag = cloudfront.get_distribution(Id=made)["ETag"]
    with pytest.raises(ClientError) as caught:
        cloudfront.delete_distribution(Id=made, IfMatch=etag)
    assert code(caught)[0] == "DistributionNotDisabled"
    etag = cloudfront.update_distribution(Id=made, IfMatch=etag, DistributionConfig=config(Enabled=False))["ETag"]
    lab.look(240)
    cloudfront.delete_distribution(Id=made, IfMatch=etag)
    assert cloudfront.list_distributions()["DistributionList"]["Quantity"] == 0
