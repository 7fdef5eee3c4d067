# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 as an anonymous reader sees it, against the reference's sections 2 and 4."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any

import pytest

from lab.aws.s3_face import CHECKER_AGENT
from lab.control.proxy import Proxy

from .conftest import HOME, STANDBY, THIRD, Lab

BUCKET, KEY = "shop-latch", "latch/shop"
HOST = f"{BUCKET}.s3.{STANDBY}.amazonaws.com"


@pytest.fixture
def s3(lab: Lab) -> Any:
    client = lab.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": STANDBY})
    return client


def allow(s3: Any, action: str = "s3:GetObject", key: str = KEY, **more: Any) -> None:
    resource = f"arn:aws:s3:::{BUCKET}/{key}" if action == "s3:GetObject" else f"arn:aws:s3:::{BUCKET}"
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource} | more
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def visit(
    proxy: Proxy, path: str = f"/{KEY}", *, method: str = "GET", host: str = HOST, agent: str = "curl"
) -> tuple[int, bytes, str | None]:
    """Come without credentials."""
    context = ssl.create_default_context(cafile=str(proxy.certificates.ca_file))
    connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=10, context=context)
    connection.set_tunnel(host, 443)
    connection.request(method, path, headers={"User-Agent": agent})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, answer.getheader("x-amz-bucket-region")


def test_a_page_that_is_an_object_is_given_as_it_is(lab: Lab, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="page", Body=b"<!doctype html><p>it burns</p>")

    assert s3.get_object(Bucket=BUCKET, Key="page")["Body"].read() == b"<!doctype html><p>it burns</p>"


def test_an_object_is_private_by_itself(lab: Lab, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")

    assert visit(lab.proxy)[0] == 403


def test_a_policy_makes_its_key_public(lab: Lab, s3: Any) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")

    assert visit(lab.proxy)[:2] == (200, b"token")


def test_a_policy_makes_no_other_key_public(lab: Lab, s3: Any) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key="other", Body=b"token")

    assert visit(lab.proxy, "/other")[0] == 403


def test_path_style_shows_the_same(lab: Lab, s3: Any) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")

    assert visit(lab.proxy, f"/{BUCKET}/{KEY}", host=f"s3.{STANDBY}.amazonaws.com")[:2] == (200, b"token")


def test_an_absent_object_is_hidden_from_who_may_not_list(lab: Lab, s3: Any) -> None:
    allow(s3)

    assert visit(lab.proxy)[0] == 403


def test_an_absent_object_is_not_found_by_who_may_list(lab: Lab, s3: Any) -> None:
    statements = [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"},
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:List*"], "Resource": f"arn:aws:s3:::{BUCKET}"},
    ]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))

    assert visit(lab.proxy)[0] == 404


def test_a_bucket_that_is_not_there_is_not_found(lab: Lab) -> None:
    assert visit(lab.proxy, host=f"nobody.s3.{STANDBY}.amazonaws.com")[0] == 404


def test_a_public_acl_makes_public(lab: Lab, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token", ACL="public-read")

    assert visit(lab.proxy)[0] == 200


def test_a_denial_beats_a_public_acl(lab: Lab, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token", ACL="public-read")
    allow(s3, Effect="Deny")

    assert visit(lab.proxy)[0] == 403


@pytest.mark.parametrize(("algorithm", "status"), [("AES256", 200), ("aws:kms", 400)])
def test_what_kms_encrypted_is_never_served_to_the_anonymous(lab: Lab, s3: Any, algorithm: str, status: int) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token", ServerSideEncryption=algorithm)

    assert visit(lab.proxy)[0] == status


BLOCK = {"RestrictPublicBuckets": True, "IgnorePublicAcls": True, "BlockPublicAcls": False, "BlockPublicPolicy": False}
CHECKERS = {"IpAddress": {"aws:SourceIp": ["15.177.0.0/18"]}}


def test_block_public_access_makes_a_public_policy_void(lab: Lab, s3: Any) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token", ACL="public-read")
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=BLOCK)

    assert visit(lab.proxy)[0] == 403


@pytest.mark.parametrize(("agent", "status"), [(CHECKER_AGENT, 200), ("curl", 403)])
def test_a_policy_for_the_checkers_addresses_lets_only_them_in(lab: Lab, s3: Any, agent: str, status: int) -> None:
    allow(s3, Condition=CHECKERS)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=BLOCK)

    assert visit(lab.proxy, agent=agent)[0] == status


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", f"/{KEY}"), ("DELETE", f"/{KEY}"), ("GET", "/"), ("GET", "/?acl")]
)
def test_the_anonymous_can_do_nothing_but_read(lab: Lab, s3: Any, method: str, path: str) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")

    assert visit(lab.proxy, path, method=method)[0] == 403
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == b"token"


def test_another_regions_host_name_redirects(lab: Lab, s3: Any) -> None:
    allow(s3)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")
    status, _unused, region = visit(lab.proxy, host=f"{BUCKET}.s3.{THIRD}.amazonaws.com")

    assert (status, region) == (301, STANDBY)


def test_a_signed_client_is_sent_to_the_buckets_region(lab: Lab, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"token")

    assert lab.client("s3", HOME).get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == b"token"


def test_the_checkers_probes_are_no_calls(lab: Lab, s3: Any) -> None:
    lab.calls.clear()
    visit(lab.proxy, agent=CHECKER_AGENT)

    assert lab.calls.since() == []
