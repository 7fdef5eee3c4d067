# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy, as unmodified boto3 clients see it."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ProxyConnectionError,
    ReadTimeoutError,
)

from lab.control.calls import Call
from lab.control.faults import Fault, Kind
from lab.control.proxy import Proxy

from .conftest import HOME, STANDBY, THIRD, Lab


def tunnel(lab: Lab, host: str) -> http.client.HTTPSConnection:
    """A TLS connection to a host name of AWS, for what boto3 never sends."""
    context = ssl.create_default_context(cafile=str(lab.proxy.certificates.ca_file))
    connection = http.client.HTTPSConnection("127.0.0.1", lab.proxy.port, timeout=5, context=context)
    connection.set_tunnel(host, 443)
    return connection


def only(lab: Lab, action: str) -> Call:
    (call,) = [call for call in lab.calls.since() if call.action == action]
    return call


def test_each_services_own_host_name_is_recorded_with_its_region(lab: Lab) -> None:
    lab.client("sts", HOME).get_caller_identity()

    call = only(lab, "GetCallerIdentity")
    assert (call.service, call.region, call.host) == ("sts", HOME, f"sts.{HOME}.amazonaws.com")


def test_route_53_is_called_in_us_east_1(lab: Lab) -> None:
    lab.client("route53", STANDBY).list_hosted_zones()

    assert only(lab, "ListHostedZones").region == "us-east-1"


def test_parameters_are_recorded_without_secrets(lab: Lab) -> None:
    lab.client("secretsmanager").create_secret(Name="shop/db", SecretString="geheim")

    call = only(lab, "CreateSecret")
    assert (call.params["Name"], call.params["SecretString"], call.write) == ("shop/db", "********", True)


def test_an_error_is_recorded_with_its_code(lab: Lab) -> None:
    with pytest.raises(ClientError):
        lab.client("secretsmanager").get_secret_value(SecretId="nothing")

    assert only(lab, "GetSecretValue").outcome.endswith(" ResourceNotFoundException")


def test_a_connection_is_kept_for_the_next_call(lab: Lab) -> None:
    connection = tunnel(lab, f"sts.{STANDBY}.amazonaws.com")
    statuses = []
    for _unused in range(2):
        connection.request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15")
        answer = connection.getresponse()
        answer.read()
        statuses.append((answer.status, connection.sock is not None))
    connection.close()

    assert statuses == [(200, True), (200, True)]


@pytest.mark.parametrize("size", [10, 300_000])
def test_an_object_arrives_as_it_was_sent(lab: Lab, size: int) -> None:
    s3 = lab.client("s3")
    s3.create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": STANDBY})
    content = bytes(range(256)) * (size // 256 + 1)
    s3.put_object(Bucket="things", Key="a/b c+d", Body=io.BytesIO(content))

    assert s3.get_object(Bucket="things", Key="a/b c+d")["Body"].read() == content


def test_a_chunked_body_after_100_continue_is_understood(lab: Lab) -> None:
    s3 = lab.client("s3")
    s3.create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": STANDBY})
    connection = tunnel(lab, f"things.s3.{STANDBY}.amazonaws.com")
    connection.putrequest("PUT", "/key")
    scope = f"AKIALAB0000000000000/20260101/{STANDBY}/s3/aws4_request"
    connection.putheader("Authorization", f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    status = connection.getresponse().status
    connection.close()

    assert (status, s3.get_object(Bucket="things", Key="key")["Body"].read()) == (200, b"abcde")


def test_user_metadata_keeps_its_underscores(lab: Lab) -> None:
    s3 = lab.client("s3")
    s3.create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": STANDBY})
    s3.put_object(Bucket="things", Key="key", Body=b"", Metadata={"run_id": "7"})

    assert s3.head_object(Bucket="things", Key="key")["Metadata"] == {"run_id": "7"}


@pytest.mark.parametrize("target", ["example.com:443", "127.0.0.1:443", "amazonaws.com.evil.org:443"])
def test_nothing_but_aws_is_let_through(lab: Lab, target: str) -> None:
    with socket.create_connection(("127.0.0.1", lab.proxy.port), 5) as connection:
        connection.sendall(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 403 ")


def test_plain_http_is_refused(lab: Lab) -> None:
    with socket.create_connection(("127.0.0.1", lab.proxy.port), 5) as connection:
        connection.sendall(b"GET http://rds.eu-west-1.amazonaws.com/ HTTP/1.1\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 403 ")


def test_a_call_unknown_to_moto_is_an_error_a_client_can_read(lab: Lab) -> None:
    with pytest.raises(ClientError) as caught:
        lab.client("route53").get_account_limit(Type="MAX_HOSTED_ZONES_BY_OWNER")

    assert caught.value.response["Error"]["Code"] == "NotImplemented"


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("rds", "describe_global_clusters", "Throttling"),
        ("route53", "list_hosted_zones", "Throttling"),
        ("s3", "list_buckets", "SlowDown"),
        ("dynamodb", "list_tables", "ThrottlingException"),
        ("cloudwatch", "list_metrics", "Throttling"),
        ("secretsmanager", "list_secrets", "ThrottlingException"),
    ],
)
def test_throttling_is_said_in_the_services_own_words(lab: Lab, service: str, call: str, code: str) -> None:
    lab.faults.add(Fault(Kind.THROTTLE, service=service))
    with pytest.raises(ClientError) as caught:
        getattr(lab.client(service), call)()

    assert caught.value.response["Error"]["Code"] == code


def test_an_injected_error_has_its_status_and_code(lab: Lab) -> None:
    lab.faults.add(Fault(Kind.ERROR, service="route53", status=400, code="PriorRequestNotComplete"))
    with pytest.raises(ClientError) as caught:
        lab.client("route53").list_hosted_zones()

    response = caught.value.response
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]) == (
        400,
        "PriorRequestNotComplete",
    )


def test_a_fault_of_one_action_leaves_the_others_alone(lab: Lab) -> None:
    lab.faults.add(Fault(Kind.ERROR, service="s3", action="ListBuckets"))
    lab.client("s3").create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": STANDBY})
    with pytest.raises(ClientError):
        lab.client("s3").list_buckets()


def test_latency_delays_the_answer(lab: Lab) -> None:
    lab.client("sts").get_caller_identity()
    lab.faults.add(Fault(Kind.LATENCY, service="sts", seconds=0.3))
    begun = time.monotonic()
    lab.client("sts").get_caller_identity()

    assert time.monotonic() - begun >= 0.3


def test_in_a_black_hole_nothing_happens(lab: Lab) -> None:
    lab.faults.add(Fault(Kind.BLACK_HOLE, service="secretsmanager", action="CreateSecret"))
    with pytest.raises(ReadTimeoutError):
        lab.client("secretsmanager", patience=0.5).create_secret(Name="shop/db", SecretString="x")

    assert lab.client("secretsmanager").list_secrets()["SecretList"] == []
    assert only(lab, "CreateSecret").outcome == "black_hole"


def test_a_lost_answer_took_effect(lab: Lab) -> None:
    lab.faults.add(Fault(Kind.LOST_ANSWER, service="secretsmanager", action="CreateSecret", times=1))
    with pytest.raises(ReadTimeoutError):
        lab.client("secretsmanager", patience=0.5).create_secret(Name="shop/db", SecretString="x")

    assert [item["Name"] for item in lab.client("secretsmanager").list_secrets()["SecretList"]] == ["shop/db"]


def test_a_black_hole_that_is_cleared_lets_go(lab: Lab) -> None:
    number = lab.faults.add(Fault(Kind.BLACK_HOLE, service="sts", action="GetCallerIdentity"))
    threading.Timer(0.2, lab.faults.clear, (number,)).start()
    with pytest.raises((ConnectionClosedError, ProxyConnectionError)):
        lab.client("sts").get_caller_identity()


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("rds", "describe_global_clusters", {}),
        ("sts", "get_caller_identity", {}),
        ("dynamodb", "list_tables", {}),
        ("s3", "head_bucket", {"Bucket": "lost-bucket"}),
    ],
)
def test_a_lost_region_takes_all_its_host_names_away(
    lab: Lab, service: str, call: str, arguments: dict[str, Any]
) -> None:
    lab.faults.lose_region(STANDBY)
    with pytest.raises(BotoCoreError):
        getattr(lab.client(service), call)(**arguments)

    assert [call.outcome for call in lab.calls.since()] == ["refused"]


def test_a_lost_region_cuts_connections_that_were_open(lab: Lab) -> None:
    lab.client("sts").get_caller_identity()
    lab.faults.lose_region(STANDBY)
    with pytest.raises(BotoCoreError):
        lab.client("sts").get_caller_identity()


def test_a_region_can_be_lost_without_an_answer(lab: Lab) -> None:
    lab.faults.lose_region(STANDBY, "hang")
    begun = time.monotonic()
    with pytest.raises(BotoCoreError):
        lab.client("sts", patience=0.5).get_caller_identity()

    assert time.monotonic() - begun >= 0.5


def test_losing_one_region_leaves_the_others(lab: Lab) -> None:
    lab.faults.lose_region(STANDBY)
    lab.client("sts", HOME).get_caller_identity()
    lab.client("route53").list_hosted_zones()


def test_losing_us_east_1_takes_route_53_away(lab: Lab) -> None:
    lab.faults.lose_region("us-east-1")
    with pytest.raises(BotoCoreError):
        lab.client("route53").list_hosted_zones()


def test_a_bucket_goes_with_its_region_under_the_global_name_too(lab: Lab) -> None:
    lab.client("s3", THIRD).create_bucket(Bucket="third", CreateBucketConfiguration={"LocationConstraint": THIRD})
    lab.faults.lose_region(THIRD)
    with pytest.raises(OSError, match="502"):
        tunnel(lab, "third.s3.amazonaws.com").request("GET", "/key")


def test_a_healed_region_answers_again(lab: Lab) -> None:
    lab.faults.lose_region(STANDBY)
    lab.faults.heal_region(STANDBY)

    assert lab.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_a_stopped_proxy_can_be_started_again(lab: Lab) -> None:
    proxy: Proxy = lab.proxy
    proxy.stop()
    proxy.start()

    assert lab.client("sts", THIRD).get_caller_identity()["Account"] == "123456789012"
