# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof and the PING on a server of the test's own: what is written, what is an error of which kind."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheLogin, CacheProof, CacheTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import cache
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.cache import (
    NotPrimary,
    Unreachable,
    ping,
    prove,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.cache_server import CacheServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer

NAME = "master.shop.cache.example"
TOKEN = "hunter2-hunter2-hunter2"
CLOCK = SystemClock()


@pytest.fixture
def server() -> Iterator[CacheServer]:
    with CacheServer(token=TOKEN) as running:
        yield running


@pytest.fixture(scope="module")
def names() -> Iterator[list[str]]:
    with DnsServer({(f"{NAME}.", "A"): ["60 A 127.0.0.1"]}) as running:
        yield [running.address]


def target(server: CacheServer, token: str = TOKEN) -> CacheTarget:
    return CacheTarget("eu-west-1", NAME, server.port, False, "the-key", CacheLogin(token) if token else None)


def proved(to: CacheTarget, names: list[str]) -> CacheProof:
    return prove(to, names, CLOCK, Deadline.after(CLOCK, 5))


def test_the_key_is_written_with_a_nonce_and_vanishes_by_itself(server: CacheServer, names: list[str]) -> None:
    proof = proved(target(server), names)
    assert (proof.endpoint, proof.address, server.values) == (NAME, "127.0.0.1", {"the-key": proof.nonce})
    assert server.received[-1][-2:] == ["EX", "3600"]
    assert proof.seconds > 0


def test_each_proof_has_its_own_nonce(server: CacheServer, names: list[str]) -> None:
    assert proved(target(server), names).nonce != proved(target(server), names).nonce


def test_a_user_of_its_own_is_named(server: CacheServer, names: list[str]) -> None:
    proved(replace(target(server), login=CacheLogin(TOKEN, "dr")), names)
    assert server.received[0] == ["AUTH", "dr", TOKEN]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("-READONLY You can't write against a read only replica.", NotPrimary),
        ("-LOADING Valkey is loading the dataset in memory", Unreachable),
        ("-MASTERDOWN Link with MASTER is down", Unreachable),
        ("", Unreachable),
        ("HTTP/1.1 400 Bad Request", Unreachable),
    ],
)
def test_what_passes_by_itself_is_told_from_the_rest(
    server: CacheServer, names: list[str], reply: str, kind: type[DrError]
) -> None:
    server.replies["SET"] = reply
    with pytest.raises(kind):
        proved(target(server), names)


@pytest.mark.parametrize("token", ["", "another-token"])
def test_a_token_that_is_wrong_or_missing_is_for_a_person_and_appears_nowhere(
    server: CacheServer, names: list[str], token: str
) -> None:
    with pytest.raises(DrError, match=r"NOAUTH|WRONGPASS") as caught:
        proved(target(server, token), names)
    assert not isinstance(caught.value, (NotPrimary, Unreachable))
    assert token == "" or token not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_in_cluster_mode_the_write_goes_to_the_keys_shard(server: CacheServer, names: list[str]) -> None:
    with CacheServer(token=TOKEN) as shard:
        server.replies["SET"] = f"-MOVED 3999 127.0.0.1:{shard.port}"
        proof = proved(target(server), names)
        assert shard.values == {"the-key": proof.nonce}


def test_a_hung_server_is_given_up_in_time(
    server: CacheServer, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "ATTEMPT_SECONDS", 0.2)
    server.go.clear()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        proved(target(server), names)
    assert time.monotonic() - began < 2


def test_nobody_there_and_no_such_name_are_unreachable(server: CacheServer, names: list[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="Refused"):
            proved(replace(target(server), port=free.getsockname()[1]), names)
    with pytest.raises(Unreachable, match="nobody"):
        proved(replace(target(server), endpoint="nobody.example"), names)


def test_a_ping_is_answered_with_or_without_a_token(server: CacheServer, names: list[str]) -> None:
    assert 0 < ping(target(server), names, 2, CLOCK) < 2
    assert 0 < ping(target(server, ""), names, 2, CLOCK) < 2


# With TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the name, and its key, in one file."""
    from datetime import UTC, datetime, timedelta

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = Path(tmp_path_factory.mktemp("tls")) / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def secured(certificate: Path) -> Iterator[CacheServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with CacheServer(context, TOKEN) as running:
        yield running


def test_the_certificate_is_checked_for_the_name_though_an_address_is_connected_to(
    secured: CacheServer, names: list[str], certificate: Path
) -> None:
    proof = proved(replace(target(secured), tls=True, ca_path=str(certificate)), names)
    assert secured.values == {"the-key": proof.nonce}


def test_a_certificate_that_is_not_trusted_is_for_a_person_and_no_token_is_sent(
    secured: CacheServer, names: list[str]
) -> None:
    with pytest.raises(DrError, match="isn't trusted") as caught:
        proved(replace(target(secured), tls=True), names)
    assert not isinstance(caught.value, Unreachable)
    assert secured.received == []
