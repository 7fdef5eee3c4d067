# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import CacheSeen, DatabaseSeen, Role
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret, SecretPair
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.parameters import Sync
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import ledger
from ansible_collections.multiregion.aws_dr.plugins.modules import replication_ledger_info as module

HOME, STANDBY = "eu-central-1", "eu-west-1"


def given(answer: Any) -> Any:
    """What a fake was told to answer; an error is raised."""
    if isinstance(answer, Exception):
        raise answer
    return answer


class Seen:
    """What the looks are answered with; ``asked`` are the sources that secrets and parameters were compared with."""

    def __init__(self) -> None:
        self.database: Any = DatabaseSeen("shop-eu-west-1", Role.READER)
        self.hang = 0.0
        self.asked: list[str] = []

    def look_at_database(self, *_arguments: Any) -> DatabaseSeen:
        time.sleep(self.hang)
        found: DatabaseSeen = given(self.database)
        return found

    def look_at_cache(self, *_arguments: Any) -> CacheSeen:
        return CacheSeen("shop-eu-west-1", "primary")

    def read_pair(self, _clients: Any, secret_id: str, source: str, target: str, *_rest: Any) -> SecretPair:
        self.asked.append(source)
        here, there = (Secret(secret_id, region, "arn", "1", primary_region=HOME) for region in (target, HOME))
        return SecretPair(secret_id, target, here, source, there if source else None, bool(source))

    def compare(self, wanted: Any, _context: Any) -> tuple[Sync, bool]:
        self.asked.append(wanted.source)
        return Sync(unchanged=("/shop/a",)), True


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    answers = Seen()
    for name in ("look_at_database", "look_at_cache", "read_pair", "compare"):
        monkeypatch.setattr(ledger, name, getattr(answers, name))
    return answers


def look(timeout: float = 5.0, **options: Any) -> dict[str, Any]:
    given = {
        "target": STANDBY,
        "regions": [HOME, STANDBY],
        "mode": "planned",
        "first_failure": 0.0,
        "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"},
        "cache": {"global_replication_group_id": "store"},
        "buckets": None,
        "secrets": ["shop/db"],
        "parameters": {"paths": ["/shop"], "key_id": None, "overrides": {}},
        **options,
    }
    clock = SystemClock()
    clients: Any = None
    context = Context(
        check_mode=False,
        diff_mode=False,
        clock=clock,
        deadline=Deadline.after(clock, timeout),
        clients=clients,
        progress=lambda line: None,
        warn=lambda line: None,
    )
    result = module.execute(given, context)
    assert not result.changed
    return dict(result.values["ledger"])


def by_layer(found: dict[str, Any]) -> dict[str, str]:
    return {line["layer"]: line["known_as"] for line in found["lines"]}


def test_every_layer_that_is_given_has_its_line(seen: Seen) -> None:
    found = look()
    assert by_layer(found) == {
        "database": "bounded",
        "cache": "measured",
        "secrets": "measured",
        "parameters": "measured",
    }
    assert set(found["lines"][0]) == {"layer", "item", "known_as", "seconds", "basis", "sampled_at"}
    assert seen.asked == [HOME, HOME]


def test_a_layer_that_is_not_given_has_none(seen: Seen) -> None:
    assert by_layer(look(database=None, parameters=None, secrets=[])) == {"cache": "measured"}


def test_unplanned_the_region_that_is_left_is_not_asked(seen: Seen) -> None:
    found = by_layer(look(mode="unplanned"))
    assert seen.asked == [""]
    assert (found["secrets"], found["parameters"]) == ("unknown", "unknown")


def test_what_cannot_be_read_is_unknown_with_its_reason_and_hides_nothing_else(seen: Seen) -> None:
    seen.database = EndpointConnectionError(endpoint_url="https://rds.x")
    found = look()
    assert found["lines"][0]["known_as"] == "unknown" and "rds.x" in found["lines"][0]["basis"]
    assert by_layer(found)["cache"] == "measured"


def test_the_lines_are_in_the_order_of_the_layers_whoever_answers_first(seen: Seen) -> None:
    seen.hang = 0.2
    assert [line["layer"] for line in look()["lines"]] == ["database", "cache", "secrets", "parameters"]


def test_what_hangs_is_unknown_when_time_is_up(seen: Seen) -> None:
    seen.hang = 3.0
    began = time.monotonic()
    found = by_layer(look(timeout=0.5))
    assert time.monotonic() - began < 2.0
    assert (found["database"], found["cache"]) == ("unknown", "measured")


PAIR = {
    "source": {"bucket": "a", "region": HOME},
    "destination": {"bucket": "b", "region": STANDBY},
    "rule_ids": None,
}


@pytest.mark.parametrize(
    "options",
    [{"target": "eu-west-3"}, {"regions": [STANDBY, STANDBY]}, {"buckets": {"pairs": [PAIR, PAIR]}}],
)
def test_a_wrong_question_is_refused(seen: Seen, options: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        look(**options)
