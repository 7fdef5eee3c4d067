# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Severity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Alias, Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.keys import (
    Act,
    decide_details,
    decide_present,
    findings,
    same_policy,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"


def key(region: str, state: str = "Enabled", primary: str = HOME) -> Key:
    return Key("mrk-1", f"arn:{region}", region, state, primary, (STANDBY,))


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (None, "key_replica_missing"),
        (key(STANDBY, "Disabled"), "key_replica_disabled"),
        (key(STANDBY, "PendingDeletion"), "key_replica_disabled"),
        (key(STANDBY, "Creating"), "key_replica_disabled"),
        (key(STANDBY, "Unavailable"), "key_replica_disabled"),
        (key(STANDBY), None),
        (key(STANDBY, "Updating"), None),
    ],
)
def test_readiness_hears_of_a_key_that_does_not_decrypt(target: Key | None, code: str | None) -> None:
    found = findings("mrk-1", STANDBY, target)
    assert [finding.code for finding in found] == ([code] if code else [])
    assert all(finding.severity is Severity.REFUSE and finding.remedy for finding in found)


def test_a_replica_is_made_through_the_primary_only() -> None:
    decision = decide_present(key(HOME), None, HOME, STANDBY, "mrk-1")
    assert [(change.act, change.region) for change in decision.changes] == [(Act.REPLICATE, HOME)]
    decision = decide_present(key(HOME, primary="eu-west-3"), None, HOME, STANDBY, "mrk-1")
    assert [finding.code for finding in decision.refusals] == ["source_not_primary"]


def test_aliases_that_are_there_are_left_and_others_of_the_key_kept() -> None:
    aliases = [Alias("alias/a", "mrk-1"), Alias("alias/kept", "mrk-1"), Alias("alias/other", "mrk-2")]
    decision = decide_details("mrk-1", STANDBY, (None, None), ["alias/a", "alias/b"], aliases)
    assert [(change.act, change.alias) for change in decision.changes] == [(Act.ALIAS, "alias/b")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"a": 1, "b": [1]}', '{"b":[1],"a":1}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ('{"a": 1}', None, False),
        ("no json", "no json", True),
        ("no json", "{}", False),
    ],
)
def test_policies_are_compared_by_what_they_say(one: str, other: str | None, same: bool) -> None:
    assert same_policy(one, other) is same
