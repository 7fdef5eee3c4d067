# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proving the writer: what is read beforehand, through which Region, and what counts as proof."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Database,
    DatabaseTarget,
    WriterProof,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import writer
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import Unresolved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter, Unreachable
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)

CLOCK = SystemClock()
DATABASE = Database("shop", "shop", "shop/db")


@pytest.fixture
def aws() -> Any:
    return FakeAws()


def deadline() -> Deadline:
    return Deadline.after(CLOCK, 5)


def prepare(aws: Any, region: str = STANDBY) -> DatabaseTarget:
    return writer.prepare(aws, DATABASE, region, CLOCK, deadline())


def proof_by(server_id: str, source: str = "aurora_server_id") -> Any:
    def prove_writer(target: DatabaseTarget, *_rest: Any) -> WriterProof:
        return WriterProof(target.region, server_id, source, target.endpoint, "192.0.2.1", "n", 0.01, 1.0)

    return prove_writer


def test_everything_is_read_through_the_region_that_is_proved(aws: Any) -> None:
    target = prepare(aws)
    assert {region for _action, region, _parameters in aws.calls} == {STANDBY}
    assert (target.cluster_id, target.port, target.instances) == ("shop-eu-west-1", 5432, ("shop-eu-west-1-1",))
    assert (target.endpoint, target.credentials.username) == ("shop.cluster-x.eu-west-1.rds.amazonaws.com", "app")


def test_reading_beforehand_works_while_the_region_is_a_secondary(aws: Any) -> None:
    aws.writer = HOME
    assert prepare(aws, STANDBY).region == STANDBY


def test_global_cluster_that_was_just_read_is_not_read_again(aws: Any) -> None:
    observed = writer._global_cluster(aws, DATABASE, STANDBY)
    aws.calls.clear()
    writer.prepare(aws, DATABASE, STANDBY, CLOCK, deadline(), observed)
    assert {action for action, _region, _parameters in aws.calls} == {"describe_db_clusters", "get_secret_value"}


def test_region_without_a_member_is_an_error_that_names_the_members(aws: Any) -> None:
    with pytest.raises(DrError, match="its members are in: eu-central-1, eu-west-1"):
        prepare(aws, "eu-west-3")


@pytest.mark.parametrize("action", ["describe_global_clusters", "describe_db_clusters", "get_secret_value"])
@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "X"),
        EndpointConnectionError(endpoint_url="https://x"),
    ],
)
def test_failed_call_says_what_was_tried_and_where(aws: Any, action: str, error: Exception) -> None:
    aws.failing[action, STANDBY] = error
    with pytest.raises(DrError, match=r"(Describing|Reading) the .* (in|through) eu-west-1"):
        prepare(aws)


def test_hanging_call_ends_with_the_deadline(aws: Any) -> None:
    hung = threading.Event()
    aws.get = lambda service, region: hung.wait(10)
    with pytest.raises(TimedOut):
        writer.prepare(aws, DATABASE, STANDBY, CLOCK, Deadline.after(CLOCK, 0.1))
    hung.set()


def test_proof_by_one_of_the_clusters_instances_counts(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "prove_writer", proof_by("shop-eu-west-1-1"))
    assert writer.prove(prepare(aws), (), CLOCK, deadline()).server_id == "shop-eu-west-1-1"


def test_write_taken_by_another_clusters_instance_is_no_proof(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "prove_writer", proof_by("shop-eu-central-1-1"))
    with pytest.raises(NotWriter, match="shop-eu-central-1-1 answered, which is none of shop-eu-west-1-1"):
        writer.prove(prepare(aws), (), CLOCK, deadline())


def test_server_known_only_by_its_address_counts(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "prove_writer", proof_by("192.0.2.1", "address"))
    assert writer.prove(prepare(aws), (), CLOCK, deadline()).server_id_source == "address"


def test_name_that_does_not_resolve_yet_may_be_tried_again(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolved(*_any: Any) -> WriterProof:
        raise Unresolved("Resolving", "NXDOMAIN", "Wait.")

    monkeypatch.setattr(writer, "prove_writer", unresolved)
    with pytest.raises(Unreachable):
        writer.prove(prepare(aws), (), CLOCK, deadline())


def test_hanging_attempt_ends_so_that_the_next_can_look_elsewhere(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hung = threading.Event()
    monkeypatch.setattr(writer, "ATTEMPT_SECONDS", 0.1)
    monkeypatch.setattr(writer, "prove_writer", lambda *_any: hung.wait(10))
    with pytest.raises(Unreachable, match="no answer within"):
        writer.prove(prepare(aws), (), CLOCK, Deadline.after(CLOCK, 600))
    hung.set()


def test_region_that_aws_does_not_call_the_writer_is_not_written_to(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "prove_writer", proof_by("shop-eu-west-1-1"))
    with pytest.raises(NotWriter, match="the writer is in eu-central-1"):
        writer.proved_writer(aws, DATABASE, STANDBY, (), CLOCK, deadline())
    assert {action for action, _region, _parameters in aws.calls} == {"describe_global_clusters"}


def test_a_detached_cluster_is_proved_the_writer(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.members, aws.detached_from = [HOME], "shop"
    monkeypatch.setattr(writer, "prove_writer", proof_by("shop-eu-west-1-1"))
    assert writer.proved_writer(aws, DATABASE, STANDBY, (), CLOCK, deadline()).server_id == "shop-eu-west-1-1"


@pytest.mark.parametrize(("members", "status"), [([HOME], "promoting"), ([HOME, STANDBY], "available")])
def test_a_cluster_that_is_marked_only_is_not_the_writer(aws: Any, members: list[str], status: str) -> None:
    aws.members, aws.detached_from, aws.status = members, "shop", status
    with pytest.raises(NotWriter):
        writer.proved_writer(aws, DATABASE, STANDBY, (), CLOCK, deadline())


def test_a_cluster_that_was_detached_from_another_global_cluster_proves_nothing(aws: Any) -> None:
    aws.members, aws.detached_from = [HOME], "other"
    with pytest.raises(DrError, match="its members are in: eu-central-1"):
        writer.proved_writer(aws, DATABASE, STANDBY, (), CLOCK, deadline())


def test_writer_named_by_aws_is_proved(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.writer = STANDBY
    monkeypatch.setattr(writer, "prove_writer", proof_by("shop-eu-west-1-1"))
    assert writer.proved_writer(aws, DATABASE, STANDBY, (), CLOCK, deadline()).region == STANDBY
