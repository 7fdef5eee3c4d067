# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module on a fake AWS: who is asked, through which Region, and what becomes of answers that never come."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import Accepts, WriteTest
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.write_test import Asked
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import split_brain
from ansible_collections.multiregion.aws_dr.plugins.modules.split_brain_info import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.dns_server import DnsServer
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._probe.fake_aws import (
    HOME,
    STANDBY,
    FakeAws,
)

ADDRESSES = {HOME: ["192.0.2.1"], STANDBY: ["198.51.100.1"]}
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": None, "sslrootcert": None}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Any:
    fake: Any = FakeAws()
    fake.taking, fake.asked = {HOME}, []

    def write_test(asked: Asked, *_rest: Any) -> WriteTest:
        fake.asked.append(asked)
        region = asked.target.region
        takes = Accepts.YES if region in fake.taking else Accepts.NO
        return WriteTest(region, takes, "tried", server_id=f"{region}-1", server_id_source="aurora_server_id")

    monkeypatch.setattr(split_brain, "write_test", write_test)
    return fake


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer({("api.shop.example.", "A"): ["1 A 192.0.2.1"]}) as running:
        yield running


def look(aws: Any, timeout: float = 5.0, check_mode: bool = False, **given: Any) -> dict[str, Any]:
    options = {
        "regions": [HOME, STANDBY],
        "required": None,
        "patience": 1.0,
        "database": DATABASE,
        "record": None,
        "resolvers": [],
        **given,
    }
    clock = SystemClock()
    context = Context(check_mode, False, clock, Deadline.after(clock, timeout), aws, silent, silent)
    result = execute(options, context)
    assert result.changed is False and result.calls == ()
    return dict(result.values)


def codes(values: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in values["findings"]]


def test_each_region_is_asked_through_itself(aws: Any, names: DnsServer) -> None:
    record = {"name": "api.shop.example", "addresses": ADDRESSES}
    values = look(aws, record=record, resolvers=[names.address])
    assert (values["state"], values["writers"], values["keep"], codes(values)) == ("one", [HOME], HOME, [])
    assert [view["writer"] for view in values["aws"]] == [HOME, HOME]
    assert [sent["regions"] for sent in values["clients"]] == [[HOME]]
    assert {asked.target.region: asked.secondary for asked in aws.asked} == {HOME: False, STANDBY: True}
    assert {region for _action, region, _call in aws.calls} == {HOME, STANDBY}


def test_two_that_take_it_are_found_and_end_nothing(aws: Any) -> None:
    aws.taking = {HOME, STANDBY}
    values = look(aws)
    assert values["state"] == "split" and "two_writers" in codes(values)


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("describe_global_clusters", EndpointConnectionError(endpoint_url="https://x")),
        ("describe_db_clusters", ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "X")),
        ("get_secret_value", ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "X")),
    ],
)
def test_a_call_that_fails_makes_its_region_unknown_and_no_other(aws: Any, action: str, error: Exception) -> None:
    aws.failing[action, HOME] = error
    aws.taking = {STANDBY}
    values = look(aws)
    assert (values["state"], values["writers"], values["unknown"]) == ("unknown", [STANDBY], [HOME])
    assert (values["aws"][0]["writer"] is None) is (action != "get_secret_value")


def test_a_region_that_hangs_has_its_patience_and_no_more(aws: Any) -> None:
    hung = threading.Event()
    answer = aws.get
    aws.get = lambda service, region: hung.wait(20) if region == HOME else answer(service, region)
    began = time.monotonic()
    values = look(aws, required=[STANDBY], patience=0.5, timeout=20.0)
    assert time.monotonic() - began < 5
    assert values["unknown"] == [HOME] and values["regions"][1]["accepts"] == "no"
    hung.set()


def test_a_region_without_a_member_is_unknown(aws: Any) -> None:
    aws.members = [HOME]
    aws.instances = {HOME: [f"shop-{HOME}-1"]}
    values = look(aws)
    assert values["unknown"] == [STANDBY] and "there is none" in values["regions"][1]["how"]


def test_in_check_mode_no_write_is_tried(aws: Any) -> None:
    look(aws, check_mode=True)
    assert {asked.only_look for asked in aws.asked} == {True}


def test_name_servers_that_are_silent_leave_the_writers_known(aws: Any, names: DnsServer) -> None:
    names.silent = True
    record = {"name": "api.shop.example", "addresses": ADDRESSES}
    values = look(aws, record=record, resolvers=[names.address], timeout=1.0)
    assert values["writers"] == [HOME] and codes(values) == ["clients_unknown"]


@pytest.mark.parametrize("given", [{"regions": []}, {"regions": [HOME, HOME]}, {"required": ["eu-west-3"]}])
def test_regions_that_cannot_be_right_are_refused(aws: Any, given: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="regions_wrong"):
        look(aws, **given)
