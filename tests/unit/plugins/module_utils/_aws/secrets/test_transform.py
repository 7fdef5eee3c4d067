# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a secret's text to credentials, and from its description to a record."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import (
    cache_login,
    credentials,
    secret,
    secret_id_in,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Replica, ReplicationStatus


def test_reads_a_secret_as_rds_writes_it() -> None:
    found = credentials('{"username": "app", "password": "p", "engine": "postgres"}', "shop/db", "eu-west-1")
    assert (found.username, found.password) == ("app", "p")


def test_password_is_in_no_representation() -> None:
    assert "hunter2" not in repr(credentials('{"username": "app", "password": "hunter2"}', "shop/db", "eu-west-1"))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("hunter2", "not a JSON object"),
        ("", "not a JSON object"),
        ('["hunter2"]', "not a JSON object"),
        ('{"password": "hunter2"}', "no username"),
        ('{"username": "app"}', "no password"),
        ('{"username": "", "password": 7}', "no username and no password"),
    ],
)
def test_other_texts_are_refused_without_being_shown(text: str, seen: str) -> None:
    with pytest.raises(DrError, match=seen) as raised:
        credentials(text, "shop/db", "eu-west-1")
    assert "hunter2" not in "".join(traceback.format_exception_only(raised.value))
    assert "shop/db in eu-west-1" in str(raised.value)


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ("shop/db", "shop/db"),
        (
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/db-AbCdEf",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf",
        ),
    ],
)
def test_an_arn_is_moved_to_the_region_that_is_asked(given: str, there: str) -> None:
    assert secret_id_in(given, "eu-west-1") == there


def test_a_description_becomes_a_record_and_what_is_not_known_of_it_unknown() -> None:
    raw = {
        "Name": "shop/db",
        "ARN": "arn",
        "VersionIdsToStages": {"v1": ["AWSPREVIOUS"], "v2": ["AWSCURRENT", "AWSPENDING"]},
        "LastChangedDate": datetime.fromtimestamp(7, UTC),
        "PrimaryRegion": "eu-central-1",
        "ReplicationStatus": [{"Region": "eu-west-1", "Status": "Invented"}],
    }
    seen = secret(raw, "eu-west-1")
    assert (seen.current_version, seen.changed_at, seen.primary_region, seen.deleted) == (
        "v2",
        7.0,
        "eu-central-1",
        False,
    )
    assert seen.replicas == (Replica("eu-west-1", ReplicationStatus.UNKNOWN),)


@pytest.mark.parametrize(
    ("text", "username", "password"),
    [
        ("hunter2\n", "", "hunter2"),
        ("1234567890123456", "", "1234567890123456"),
        ('{"password": "hunter2"}', "", "hunter2"),
        ('{"username": "dr", "password": "hunter2"}', "dr", "hunter2"),
    ],
)
def test_a_caches_token_is_the_whole_text_or_the_password_in_it(text: str, username: str, password: str) -> None:
    found = cache_login(text, "shop/cache", "eu-west-1")
    assert (found.username, found.password) == (username, password)
    assert password not in repr(found)


@pytest.mark.parametrize(
    "text", ["", "  ", "{}", '{"password": ""}', '{"token": "hunter2"}', '{"password": ["hunter2"]}']
)
def test_a_secret_without_a_token_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(DrError, match="it holds no token") as raised:
        cache_login(text, "shop/cache", "eu-west-1")
    assert "hunter2" not in str(raised.value)
