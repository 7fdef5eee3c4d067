# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a secret's text to credentials."""

from __future__ import annotations

import traceback

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import cache_login, credentials
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError


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
