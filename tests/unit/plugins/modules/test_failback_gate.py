# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module on a fake AWS: what it waits for, what it refuses at once, and what it says in check mode."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import ServerState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import health
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import Response
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable
from ansible_collections.multiregion.aws_dr.plugins.modules.failback_gate import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import SteppedClock, context

DATABASE = {
    "global_cluster_id": "shop",
    "name": "shop",
    "secret_id": "shop/db",
    "sslmode": "prefer",
    "sslrootcert": None,
}
RESYNC = "{} resynchronizing members of DB cluster shop-eu-central-1 in Region eu-central-1 post global failover."


class Aws(FakeAws):
    """The standby Region writes. ``writable`` is what each Region's server says; ``None``: it doesn't answer."""

    def __init__(self) -> None:
        super().__init__()
        self.writer = STANDBY
        self.cache_primary = STANDBY
        self.clock = SteppedClock()
        self.writable: dict[str, bool | None] = {HOME: False, STANDBY: True}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    fake = Aws()

    def state(target: Any, *_rest: Any) -> ServerState:
        writable = fake.writable[target.region]
        if writable is None:
            raise Unreachable("Asking the database", "no answer", "Check it.")
        return ServerState(f"shop-{target.region}-1", "aurora_server_id", "192.0.2.1", writable, 0.01)

    monkeypatch.setattr(health, "read_state", state)
    return fake


def gate(aws: Aws, step: str, check_mode: bool = False, timeout: float = 60.0, **given: Any) -> dict[str, Any]:
    options: dict[str, Any] = {
        "step": step,
        "workload": "shop",
        "home": HOME,
        "standby": STANDBY,
        "database": DATABASE,
        "api_url": None,
        "table": "",
        "latch": None,
        "global_replication_group_id": None,
        "accept_unreconciled": False,
        "reason": "",
        "resolvers": [],
        "stable_for": 30.0,
        "interval": 5.0,
        "run": None,
        **given,
    }
    result = execute(options, context(aws.clock, aws, [], check_mode, timeout))
    assert result.changed is False and result.calls == ()
    return dict(result.values)


@pytest.mark.parametrize("step", ["resync", "losses", "cache", "lift_fence", "lifted", "switch_over"])
def test_all_gates_are_open_where_home_follows(aws: Aws, step: str) -> None:
    values = gate(aws, step)
    assert values["open"] is True and values["home_writes"] is False
    assert [(side["region"], side["writer"], side["writable"]) for side in values["sides"]] == [
        (HOME, STANDBY, False),
        (STANDBY, STANDBY, True),
    ]
    assert aws.clock.now == 0.0


def test_it_waits_until_the_resynchronisation_has_ended(aws: Aws) -> None:
    aws.sync = "pending-resync"

    def tick() -> None:
        if aws.clock.now > 20:
            aws.sync = "connected"

    aws.clock.tick = tick
    assert gate(aws, "resync")["open"] is True
    assert 20 < aws.clock.now < 40


def test_it_is_refused_where_the_resynchronisation_does_not_end_in_time(aws: Aws) -> None:
    aws.sync = "pending-resync"
    with pytest.raises(Refused, match="resync_running"):
        gate(aws, "resync", timeout=30.0)
    assert 30 <= aws.clock.now < 40


def test_the_events_tell_of_a_resynchronisation_that_the_status_does_not(aws: Aws) -> None:
    aws.events = [{"Message": RESYNC.format("Started"), "Date": datetime(2026, 1, 1, tzinfo=UTC)}]
    with pytest.raises(Refused, match="RDS-EVENT-0240"):
        gate(aws, "resync", timeout=10.0)
    aws.events.append({"Message": RESYNC.format("Finished"), "Date": datetime(2026, 1, 2, tzinfo=UTC)})
    assert gate(aws, "resync")["open"] is True


def test_a_second_writer_is_refused_at_once(aws: Aws) -> None:
    aws.writable[HOME] = True
    with pytest.raises(Refused, match="replica_writes"):
        gate(aws, "lifted")
    assert aws.clock.now == 0.0


def test_a_server_that_can_not_be_asked_proves_nothing(aws: Aws) -> None:
    aws.writable[HOME] = None
    assert gate(aws, "lift_fence")["open"] is True
    with pytest.raises(Refused, match="replica_not_proved"):
        gate(aws, "switch_over", timeout=10.0)


def test_a_region_that_does_not_answer_is_unknown_and_waited_for(aws: Aws) -> None:
    aws.failing["describe_global_clusters", HOME] = EndpointConnectionError(endpoint_url="https://rds")
    with pytest.raises(Refused, match="database_unreadable"):
        gate(aws, "resync", timeout=10.0)
    assert aws.clock.now >= 10


def test_a_missing_permission_is_said_at_once(aws: Aws) -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeGlobalClusters")
    aws.failing["describe_global_clusters", HOME] = denied
    with pytest.raises(DrError, match="AccessDenied"):
        gate(aws, "resync")
    assert aws.clock.now == 0.0


def test_once_home_writes_only_what_follows_is_looked_at(aws: Aws) -> None:
    aws.writer, aws.writable = HOME, {HOME: True, STANDBY: False}
    assert gate(aws, "switch_over")["home_writes"] is True
    assert gate(aws, "clear_latch")["open"] and gate(aws, "reverse")["open"]


def test_the_latch_is_not_cleared_while_home_does_not_write(aws: Aws) -> None:
    with pytest.raises(Refused, match="home_does_not_write"):
        gate(aws, "clear_latch", timeout=5.0)


def test_the_cache_has_to_follow_where_there_is_one(aws: Aws) -> None:
    assert gate(aws, "cache", global_replication_group_id="abcde-shop")["open"] is True
    aws.cache_membership = "associating"
    with pytest.raises(Refused, match="cache_not_in_step"):
        gate(aws, "cache", timeout=5.0, global_replication_group_id="abcde-shop")


def test_home_is_watched_for_as_long_as_was_asked_for(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match=r"home_not_stable.*only 1 of 1 witnesses"):
        gate(aws, "home_stable", timeout=20.0)
    monkeypatch.setattr(health, "request", lambda *_a, **_k: Response(503, "", 0.1))
    monkeypatch.setattr(health, "resolve", lambda *_a: type("Answer", (), {"addresses": ["192.0.2.1"]})())
    before = aws.clock.now
    values = gate(aws, "home_stable", api_url="http://api.home.example/healthz")
    assert values["home_good_for"] >= 30.0 and aws.clock.now - before >= 30.0


def test_check_mode_says_what_is_in_the_way_and_waits_for_nothing(aws: Aws) -> None:
    aws.sync = "pending-resync"
    values = gate(aws, "resync", check_mode=True)
    assert values["open"] is False
    assert [each["code"] for each in values["refusals"]] == ["resync_running"]
    assert gate(aws, "home_stable", check_mode=True)["open"] is True
    assert aws.clock.now == 0.0
