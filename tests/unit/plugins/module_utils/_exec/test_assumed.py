# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An assumed role is kept for the next process, by Region, where nobody else can read it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients

ANSWER = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The STS endpoints that a role was assumed through."""
    config = tmp_path / "config"
    config.write_text(
        "[profile operator]\nrole_arn = arn:aws:iam::123456789012:role/operator\nsource_profile = base\n"
        "[profile base]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = example\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    found: list[str] = []

    def send(_self: object, request: object) -> AWSResponse:
        url = str(getattr(request, "url", ""))
        found.append(url)
        raw = type("Raw", (), {"stream": lambda *_a, **_k: iter([ANSWER.encode()]), "read": lambda *_a: b""})()
        return AWSResponse(url, 200, HTTPHeaders(), raw)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)
    return found


def key_of(region: str) -> str:
    client = Clients({"profile_name": "operator"}).get("rds", region)
    return str(client._request_signer._credentials.get_frozen_credentials().access_key)


def test_it_is_assumed_once_a_region_through_that_regions_own_service(asked: list[str]) -> None:
    for region in ("eu-west-1", "eu-west-1", "eu-central-1", "eu-west-1"):  # each in a process of its own
        assert key_of(region) == "ASIAEXAMPLE"
    assert asked == ["https://sts.eu-west-1.amazonaws.com/", "https://sts.eu-central-1.amazonaws.com/"]


def test_nobody_else_can_read_it(asked: list[str], tmp_path: Path) -> None:
    key_of("eu-west-1")
    kept = tmp_path / ".aws_dr" / "credentials"
    (file,) = (kept / "eu-west-1").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["Credentials"]["AccessKeyId"] == "ASIAEXAMPLE"
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (file, kept / "eu-west-1", kept)]
    assert modes == [0o600, 0o700, 0o700]


def test_a_directory_that_leads_elsewhere_is_not_used(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / ".aws_dr" / "credentials").mkdir(parents=True)
    (tmp_path / ".aws_dr" / "credentials" / "eu-west-1").symlink_to(tmp_path / "theirs")
    assert [key_of("eu-west-1") for _again in range(2)] == ["ASIAEXAMPLE"] * 2
    assert len(asked) == 2
    assert list((tmp_path / "theirs").iterdir()) == []


def test_without_a_place_to_keep_it_it_is_assumed_all_the_same(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / ".aws_dr").write_text("a file is in the way", encoding="utf-8")
    assert key_of("eu-west-1") == "ASIAEXAMPLE"
