# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single requests, against a real server on loopback."""

from __future__ import annotations

import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import (
    NoResponse,
    parse_url,
    request,
    shown,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.web_server import Received, WebServer

NAME = "api.shop.example"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def lasts() -> float:
    """Hours until the certificate ends."""
    return 1


@pytest.fixture
def certificate(tmp_path: Path, lasts: float) -> Path:
    """A certificate for NAME alone, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=2))
        .not_valid_after(now + datetime.timedelta(hours=lasts))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "both.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[WebServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with WebServer(context) as running:
        yield running


def test_goes_to_the_address_and_names_the_host_of_the_url(server: WebServer) -> None:
    response = request(f"http://{NAME}:{server.port}/orders?n=1", "POST", '{"id": 7}', "127.0.0.1", 2.0)
    assert (response.status, response.body) == (200, "ok")
    assert server.received == [
        Received("POST", "/orders?n=1", f"{NAME}:{server.port}", "application/json", '{"id": 7}')
    ]


def test_given_headers_replace_the_usual_ones(server: WebServer) -> None:
    headers = {"host": "other.example", "Content-Type": "text/plain"}
    request(f"http://{NAME}:{server.port}", "POST", "x", "127.0.0.1", 2.0, headers)
    assert server.received == [Received("POST", "/", "other.example", "text/plain", "x")]


def test_ignores_a_proxy_in_the_environment(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert request(f"http://{NAME}:{server.port}/", "GET", None, "127.0.0.1", 2.0).status == 200


def test_redirect_is_an_answer_and_not_followed(server: WebServer) -> None:
    server.status = 302
    assert request(f"http://{NAME}:{server.port}/", "GET", None, "127.0.0.1", 2.0).status == 302


def test_refused_connection_says_where() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(NoResponse, match=rf"GET http://{NAME}:{port}/ at 127.0.0.1: ConnectionRefusedError"):
            request(f"http://{NAME}:{port}/", "GET", None, "127.0.0.1", 2.0)


def test_hanging_server_costs_the_timeout_and_no_more(server: WebServer) -> None:
    server.go.clear()
    began = time.monotonic()
    with pytest.raises(NoResponse, match=r"no answer within 0.3 s"):
        request(f"http://{NAME}:{server.port}/", "GET", None, "127.0.0.1", 0.3)
    assert 0.25 < time.monotonic() - began < 8.0


def test_certificate_is_checked_for_the_name_not_the_address(tls_server: WebServer, certificate: Path) -> None:
    url = f"https://{NAME}:{tls_server.port}/"
    assert request(url, "GET", None, "127.0.0.1", 2.0, ca_path=str(certificate)).status == 200


def test_how_long_the_certificate_is_good_is_told(tls_server: WebServer, certificate: Path) -> None:
    url = f"https://{NAME}:{tls_server.port}/"
    ends = request(url, "GET", None, "127.0.0.1", 2.0, ca_path=str(certificate)).certificate_ends
    assert ends is not None and 3000 < ends - time.time() <= 3600


def test_plain_http_has_no_certificate(server: WebServer) -> None:
    assert request(f"http://{NAME}:{server.port}/", "GET", None, "127.0.0.1", 2.0).certificate_ends is None


@pytest.mark.parametrize("lasts", [-1])
def test_certificate_that_has_ended_is_refused(tls_server: WebServer, certificate: Path) -> None:
    url = f"https://{NAME}:{tls_server.port}/"
    with pytest.raises(NoResponse, match=r"certificate has expired"):
        request(url, "GET", None, "127.0.0.1", 2.0, ca_path=str(certificate))


def test_certificate_of_another_name_is_refused(tls_server: WebServer, certificate: Path) -> None:
    url = f"https://www.shop.example:{tls_server.port}/"
    with pytest.raises(NoResponse, match=r"www.shop.example.*not valid|doesn't match|mismatch"):
        request(url, "GET", None, "127.0.0.1", 2.0, ca_path=str(certificate))


def test_certificate_of_an_unknown_authority_is_refused(tls_server: WebServer) -> None:
    with pytest.raises(NoResponse, match=r"certificate verify failed"):
        request(f"https://{NAME}:{tls_server.port}/", "GET", None, "127.0.0.1", 2.0)


@pytest.mark.parametrize(
    ("url", "authority", "port"),
    [
        ("https://api.example", "api.example", 443),
        ("http://api.example", "api.example", 80),
        ("http://api.example:443", "api.example:443", 443),
        ("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443", 8443),
    ],
)
def test_host_header_has_the_port_unless_it_is_the_schemes_own(url: str, authority: str, port: int) -> None:
    assert (parse_url(url).authority, parse_url(url).port) == (authority, port)


@pytest.mark.parametrize(
    "url", ["", "api.example", "ftp://api.example", "http://", "http://api.example:x", "http://[::1"]
)
def test_what_is_no_http_url_is_refused(url: str) -> None:
    with pytest.raises(DrError, match="Reading the URL"):
        parse_url(url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://api.shop.example/orders?token=s3cret", "https://api.shop.example/orders?..."),
        ("https://me:s3cret@api.shop.example:8443/#s3cret", "https://api.shop.example:8443/"),
        ("https://api.shop.example/orders", "https://api.shop.example/orders"),
        ("https://[s3cret", "(not shown: it can't be read)"),
    ],
)
def test_a_message_shows_no_query_and_no_password(url: str, message: str) -> None:
    assert shown(url) == message


def test_an_address_that_refuses_is_told_without_the_query() -> None:
    with pytest.raises(NoResponse) as caught:
        request("http://api.shop.example:1/?token=s3cret", "GET", None, "127.0.0.1", 1.0)
    assert "s3cret" not in str(caught.value)


def test_a_url_that_cannot_be_used_is_told_without_the_query() -> None:
    with pytest.raises(DrError) as caught:
        parse_url("ftp://api.shop.example/?token=s3cret")
    assert "s3cret" not in str(caught.value)
