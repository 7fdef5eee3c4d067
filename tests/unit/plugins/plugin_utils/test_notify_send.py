# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each channel for real: SMTP server, webhook receiver that checks signatures, Slack behind TLS, moto's SNS and SES."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    EventKind,
    Happening,
    Level,
    Notice,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_channels import channel
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import notify_send
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.notify_send import Sender
from ansible_collections.multiregion.aws_dr.tests.scenarios.receivers import hooks, mailbox, slack
from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port

NOTICE = Notice(
    id="000000000001000#shop-1#ended",
    workload="shop",
    run_id="shop-1",
    at=1.0,
    events=(Happening(EventKind.DONE, Level.WARNING), Happening(EventKind.FENCE_OWED, Level.CRITICAL)),
    title="shop: unplanned failover to eu-west-1 succeeded, and owes something",
    happened=("eu-west-1 writes now. <!channel> <b>&",),
    figures=("RTO 10.04 s to the last client; objective 900 s: met",),
    next_steps=("Owed: the fence of eu-central-1",),
    runbook="https://wiki.example.com/dr",
)
KEY = "a key of the webhook, which nobody may see"
TOKEN = "T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx"
REGIONS = ("eu-west-1", "eu-central-1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of Slack's hosts and of 127.0.0.1's name, signed by itself, with its key in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.slack.com")])
    hosts = [x509.DNSName(each) for each in ("hooks.slack.com", "slack.com", "localhost")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def proxied(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sends HTTPS through a proxy, whose certificate is trusted."""

    def through(url: str) -> None:
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("https_proxy", url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)

    return through


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def send(settings: Mapping[str, Any], notice: Notice = NOTICE, seconds: float = 5.0) -> str:
    connection = {"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "nothing"}
    return Sender(channel(settings), Clients({}), connection, REGIONS, seconds).send(notice)


def mail(port: int, **more: Any) -> dict[str, Any]:
    given = {"host": "127.0.0.1", "port": port, "sender": "dr@example.com", "to": ["ops@example.com", "b@example.com"]}
    return {"name": "ops", "type": "mail", **given, **more}


@pytest.mark.parametrize("form", ["plain", "html"])
def test_a_mail_arrives(form: str) -> None:
    with mailbox(free_port()) as box:
        assert send(mail(box.port, format=form)) == ""
    (got,) = box.mails
    assert got["Subject"] == "[critical] shop: unplanned failover to eu-west-1 succeeded, and owes something"
    assert got["To"] == "ops@example.com, b@example.com"
    text = box.text()
    for said in ("RTO 10.04 s", "Owed: the fence of eu-central-1", "https://wiki.example.com/dr"):
        assert said in text
    assert ("<!channel> <b>&" in text) == (form == "plain")
    assert ("&lt;!channel&gt; &lt;b&gt;&amp;" in text) == (form == "html")


def test_a_mail_signs_in_over_tls(tls: ssl.SSLContext) -> None:
    with mailbox(free_port(), tls) as box:
        assert send(mail(box.port, username="dr", password="hunter2-hunter2")) == ""
    assert box.logins == [("dr", "hunter2-hunter2")]
    assert len(box.mails) == 1


def test_a_password_is_not_sent_to_a_server_without_tls() -> None:
    with mailbox(free_port()) as box:
        error = send(mail(box.port, username="dr", password="hunter2-hunter2"))
    assert "StartTLS is not offered" in error
    assert (box.logins, box.mails) == ([], [])


def test_a_mail_that_the_server_refuses_is_not_sent() -> None:
    with mailbox(free_port()) as box:
        box.refuse = True
        assert "451" in send(mail(box.port))


def test_no_server_is_an_error() -> None:
    assert "Connection refused" in send(mail(free_port()))


def test_a_webhook_arrives_and_can_be_checked() -> None:
    with hooks(free_port(), KEY) as taken:
        assert send({"name": "hook", "type": "webhook", "url": taken.url, "key": KEY}) == ""
    (got,) = taken.taken
    assert (got["workload"], got["run"], got["level"]) == ("shop", "shop-1", "critical")
    assert [each["kind"] for each in got["events"]] == ["done", "fence_owed"]
    assert got["runbook"] == "https://wiki.example.com/dr"
    assert (taken.ids, taken.bad) == ([NOTICE.id], [])


def test_a_webhook_is_tried_again_while_its_receiver_is_busy() -> None:
    with hooks(free_port(), KEY) as taken:
        taken.statuses = [503, 429]
        assert send({"name": "hook", "type": "webhook", "url": taken.url, "key": KEY}, seconds=10) == ""
    assert len(taken.taken) == 1


def test_a_receiver_with_another_key_refuses_it_and_neither_key_nor_url_is_said() -> None:
    with hooks(free_port(), "quite another key") as taken:
        error = send({"name": "hook", "type": "webhook", "url": taken.url, "key": KEY})
    assert "it answered 401" in error
    assert KEY not in error and taken.url not in error
    assert taken.taken == []


def test_slack_by_an_incoming_webhook(tls: ssl.SSLContext, proxied: Callable[[str], None]) -> None:
    with slack(free_port(), tls) as found:
        proxied(found.proxy)
        assert send({"name": "chat", "type": "slack", "token": TOKEN}) == ""
    ((host, path, body),) = found.posts
    assert (host, path) == ("hooks.slack.com", f"/services/{TOKEN}")
    (attachment,) = body["attachments"]
    assert attachment["color"] == "danger"
    assert "RTO 10.04 s" in attachment["text"]
    assert "&lt;!channel&gt;" in attachment["text"] and "<!channel>" not in attachment["text"]


def test_slack_by_a_bot_to_a_channel(tls: ssl.SSLContext, proxied: Callable[[str], None]) -> None:
    with slack(free_port(), tls) as found:
        proxied(found.proxy)
        assert send({"name": "chat", "type": "slack", "token": "xoxb-1234-56789abc", "channel": "#ops"}) == ""
    ((host, path, body),) = found.posts
    assert (host, path, body["channel"]) == ("slack.com", "/api/chat.postMessage", "#ops")
    assert found.authorizations == ["Bearer xoxb-1234-56789abc"]


def test_what_slack_says_is_said_without_the_token(tls: ssl.SSLContext, proxied: Callable[[str], None]) -> None:
    with slack(free_port(), tls) as found:
        proxied(found.proxy)
        found.error = "channel_not_found for xoxb-1234-56789abc"
        error = send({"name": "chat", "type": "slack", "token": "xoxb-1234-56789abc", "channel": "#no"})
    assert "channel_not_found" in error
    assert "xoxb-1234" not in error


def test_whatever_another_collections_module_raises_is_said_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(name: str, arguments: Mapping[str, Any], seconds: float) -> Any:
        raise RuntimeError(f"{name} can't use {arguments['token']}")

    monkeypatch.setattr(notify_send, "run_other", breaks)
    error = send({"name": "chat", "type": "slack", "token": TOKEN})
    assert error == "RuntimeError: community.general.slack can't use ********"


def test_sns_publishes_to_the_topic_of_the_region_that_comes_first(aws: None) -> None:
    topics = [boto3.client("sns", region).create_topic(Name="dr")["TopicArn"] for region in reversed(REGIONS)]
    assert send({"name": "sms", "type": "sns", "topics": topics}) == ""
    sent = {
        region: sns_backends[DEFAULT_ACCOUNT_ID][region].topics[arn].sent_notifications
        for region, arn in zip(reversed(REGIONS), topics, strict=True)
    }
    assert (len(sent["eu-west-1"]), len(sent["eu-central-1"])) == (1, 0)
    _id, message, subject, *_more = sent["eu-west-1"][0]
    assert "RTO 10.04 s" in message
    assert subject is not None and len(subject) <= 100 and subject.isascii()


def test_sns_takes_the_other_regions_topic_where_the_first_has_none(aws: None) -> None:
    arn = boto3.client("sns", "eu-central-1").create_topic(Name="dr")["TopicArn"]
    assert send({"name": "sms", "type": "sns", "topics": [arn.replace("eu-central-1", "eu-west-1"), arn]}) == ""
    assert len(sns_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].topics[arn].sent_notifications) == 1


def test_ses_sends_from_the_first_region_that_takes_it(aws: None) -> None:
    boto3.client("sesv2", "eu-central-1").create_email_identity(EmailIdentity="dr@example.com")
    assert send({"name": "mail", "type": "ses", "sender": "dr@example.com", "to": ["ops@example.com"]}) == ""
    sent = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert len(sent) == 1
    assert "RTO 10.04 s" in str(vars(sent[0]))


def test_a_secret_is_read_where_it_answers(aws: None) -> None:
    boto3.client("secretsmanager", "eu-central-1").create_secret(Name="shop/notify", SecretString=f'{{"key": "{KEY}"}}')
    with hooks(free_port(), KEY) as taken:
        error = send({"name": "hook", "type": "webhook", "url": taken.url, "secret_id": "shop/notify"})
    assert error == ""
    assert len(taken.taken) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read: ResourceNotFoundException"),
        ("hunter2-hunter2", "is no JSON"),
        ('["hunter2-hunter2"]', "is no JSON object"),
        ('{"password": "hunter2-hunter2"}', "it lacks key, url"),
    ],
)
def test_a_secret_that_is_of_no_use_says_why_and_not_what_is_in_it(aws: None, content: str | None, said: str) -> None:
    if content is not None:
        boto3.client("secretsmanager", "eu-west-1").create_secret(Name="shop/notify", SecretString=content)
    error = send({"name": "hook", "type": "webhook", "secret_id": "shop/notify"})
    assert said in error
    assert "hunter2" not in error


def test_without_its_collection_a_channel_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(f"No module named {name}")

    monkeypatch.setattr(notify_send.importlib, "import_module", absent)
    error = send(mail(25))
    assert "ansible-galaxy collection install community.general" in error


def test_a_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify_send, "OF_ONE_TRY", 0.4)
    monkeypatch.setattr(notify_send, "TRIES", 1)
    with socket.create_server(("127.0.0.1", free_port())) as silent:
        assert "timed out" in send(mail(silent.getsockname()[1]))


def test_only_a_main_thread_can_be_cut_off() -> None:
    """What ``at_most`` relies on: a fork has one thread, the main one."""
    assert threading.current_thread() is threading.main_thread()
