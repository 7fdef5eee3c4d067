# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who we are, what signing in needs, and how far the clock is off."""

from __future__ import annotations

from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sts.observe import (
    read_identity,
    sign_in_regions,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._run.stage import SteppedClock


def session(profile: dict[str, str], **known: Any) -> Any:
    core = SimpleNamespace(full_config=known, get_scoped_config=lambda: profile)
    return SimpleNamespace(_session=core, get_credentials=lambda: SimpleNamespace(method="sso"))


@pytest.mark.parametrize(
    ("profile", "known", "regions"),
    [
        ({}, {}, []),
        ({"sso_region": "us-east-1"}, {}, ["us-east-1"]),
        ({"sso_session": "us"}, {"sso_sessions": {"us": {"sso_region": "eu-west-1"}}}, ["eu-west-1"]),
        ({"source_profile": "base"}, {"profiles": {"base": {"sso_region": "eu-west-1"}}}, ["eu-west-1"]),
        ({"source_profile": "me"}, {"profiles": {"me": {"source_profile": "me"}}}, []),
    ],
)
def test_the_profile_says_where_signing_in_happens(profile: Any, known: Any, regions: list[str]) -> None:
    assert list(sign_in_regions(session(profile, **known))) == regions


@pytest.mark.parametrize(("ahead", "skew"), [(0.5, 0.0), (31.0, 30.0), (-30.0, -30.0)])
def test_the_clock_is_compared_with_the_answers_date(ahead: float, skew: float) -> None:
    clock = SteppedClock()
    date = formatdate(clock.wall() - ahead if ahead != 0.5 else clock.wall(), usegmt=True)
    answer = {"Arn": "arn:x", "Account": "1", "ResponseMetadata": {"HTTPHeaders": {"date": date}}}
    client = SimpleNamespace(get_caller_identity=lambda: answer, meta=SimpleNamespace(endpoint_url="https://sts.x"))
    clients: Any = SimpleNamespace(get=lambda *_any: client, session=lambda _region: session({}))
    found = read_identity(clients, "eu-west-1", clock, Deadline.after(clock, 5))
    assert (found.method, found.endpoint, found.skew) == ("sso", "https://sts.x", skew)


def test_an_answer_without_a_date_leaves_the_skew_unknown() -> None:
    clock = SteppedClock()
    client = SimpleNamespace(
        get_caller_identity=lambda: {"Arn": "a", "Account": "1"}, meta=SimpleNamespace(endpoint_url="x")
    )
    clients: Any = SimpleNamespace(get=lambda *_any: client, session=lambda _region: session({}))
    assert read_identity(clients, "eu-west-1", clock, Deadline.after(clock, 5)).skew is None
