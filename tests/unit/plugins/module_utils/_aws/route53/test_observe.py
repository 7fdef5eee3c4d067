# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a zone, and reading the record sets of some names in few calls."""

from __future__ import annotations

import random

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53 import transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.account import Account
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.route53.observe import (
    all_record_sets,
    find_zone,
    read_record_sets,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import (
    Action,
    Change,
    RecordName,
    Zone,
)
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.route53.fake_route53 import (
    HOME,
    ZONE,
    FakeClock,
    FakeRoute53,
    half,
    pair,
    weighted,
)

SHOP = Zone(ZONE, "shop.example.")


@pytest.fixture
def aws() -> FakeRoute53:
    return FakeRoute53(FakeClock())


@pytest.fixture
def account(aws: FakeRoute53) -> Account:
    return Account(aws, aws.clock, Deadline.after(aws.clock, 600))  # type: ignore[arg-type]  # stands for Clients


@pytest.mark.parametrize("given", [ZONE, f"/hostedzone/{ZONE}", "shop.example", "shop.example.", "Shop.Example"])
def test_a_zone_is_found_by_id_and_by_name(account: Account, given: str) -> None:
    assert find_zone(account, given) == SHOP


@pytest.mark.parametrize("given", ["Z0NONE", "example.", "op.example"])
def test_a_zone_that_is_not_there_is_refused(account: Account, given: str) -> None:
    with pytest.raises(Refused, match="no_such_zone"):
        find_zone(account, given)


def test_a_name_with_two_zones_is_refused_and_an_id_tells_them_apart(aws: FakeRoute53, account: Account) -> None:
    aws.zones.append({"Id": "/hostedzone/Z0INSIDE", "Name": "shop.example.", "Config": {"PrivateZone": True}})
    with pytest.raises(Refused, match=r"zone_ambiguous.*Z0INSIDE \(private\)"):
        find_zone(account, "shop.example")
    assert find_zone(account, "Z0INSIDE").private


def test_the_records_of_many_names_take_few_calls(aws: FakeRoute53, account: Account) -> None:
    names = [f"n{at:03d}.shop.example." for at in range(400)]
    aws.records[ZONE] = [record for name in names for record in pair(name)]
    random.Random(1).shuffle(aws.records[ZONE])
    found = read_record_sets(account, SHOP, [RecordName(name, "A") for name in names])
    assert len(found) == 800
    assert len(aws.calls) == 3


def test_a_pair_that_a_page_cuts_in_two_is_read_whole(aws: FakeRoute53, account: Account) -> None:
    aws.records[ZONE] = [half("a.shop.example.", HOME, "PRIMARY")]
    names = [f"n{at:03d}.shop.example." for at in range(200)]
    aws.records[ZONE] += [record for name in names for record in pair(name)]
    found = read_record_sets(account, SHOP, [RecordName(name, "A") for name in ["a.shop.example.", *names]])
    assert len(found) == len(set(found)) == 401


def test_names_that_are_not_there_are_left_out(aws: FakeRoute53, account: Account) -> None:
    aws.records[ZONE] = pair("api.shop.example.")
    wanted = [
        RecordName("api.shop.example.", "AAAA"),
        RecordName("api.shop.example.", "A"),
        RecordName("x.other.", "A"),
    ]
    assert {each.key for each in read_record_sets(account, SHOP, wanted)} == {wanted[1]}


def test_a_name_with_more_records_than_a_page_comes_to_an_end(aws: FakeRoute53, account: Account) -> None:
    name = "api.shop.example."
    aws.records[ZONE] = [weighted(name, f"leg-{at}", 1) for at in range(700)]
    assert len(read_record_sets(account, SHOP, [RecordName(name, "A")])) > 2
    assert len(aws.calls) == 1


def test_a_whole_zone_is_read_page_by_page(aws: FakeRoute53, account: Account) -> None:
    aws.records[ZONE] = [weighted("api.shop.example.", f"leg-{at:03d}", 1) for at in range(700)]
    assert len({each.set_identifier for each in all_record_sets(account, SHOP)}) == 700


@pytest.mark.parametrize(
    "raw",
    [
        half("api.shop.example.", HOME, "PRIMARY"),
        weighted("api.shop.example.", HOME, 0),
        half("\\052.shop.example.", HOME, "SECONDARY", HealthCheckId=None),
        half(
            "txt.shop.example.", HOME, "PRIMARY", Type="TXT", ResourceRecords=[{"Value": '"a" "b"'}, {"Value": '"c"'}]
        ),
        half(
            "lb.shop.example.",
            HOME,
            "PRIMARY",
            TTL=None,
            ResourceRecords=None,
            AliasTarget={"HostedZoneId": "Z2", "DNSName": "lb.example.", "EvaluateTargetHealth": True},
        ),
    ],
)
def test_a_record_set_goes_back_as_it_came(raw: dict[str, object]) -> None:
    change = transform.change(Change(Action.DELETE, transform.record_set(raw)))
    assert change == {"Action": "DELETE", "ResourceRecordSet": raw}


@pytest.mark.parametrize(
    ("field", "policy"),
    [
        ("Region", "latency"),
        ("MultiValueAnswer", "multivalue answers"),
        ("TrafficPolicyInstanceId", "a traffic policy"),
    ],
)
def test_a_policy_that_is_not_switched_here_is_recognised(field: str, policy: str) -> None:
    raw = {"Name": "api.shop.example.", "Type": "A", field: "x"}
    assert transform.record_set(raw).other_policy == policy


def test_a_wildcard_is_known_by_both_spellings() -> None:
    assert transform.absolute("*.Shop.example") == transform.absolute("\\052.shop.example.") == "*.shop.example."
