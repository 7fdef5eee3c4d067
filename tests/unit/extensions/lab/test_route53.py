# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53's records and changes through the API, against the reference's section 2."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lab.settings import LATENCY

from .conftest import Lab

Record = dict[str, Any]


def record(name: str = "www", **fields: Any) -> Record:
    base: Record = {"Name": f"{name}.shop.example.", "Type": "A"}
    if "AliasTarget" not in fields:
        base |= {"TTL": 1, "ResourceRecords": [{"Value": "127.0.61.1"}]}
    return base | fields


def failover(role: str, **fields: Any) -> Record:
    return record(**({"SetIdentifier": role.lower(), "Failover": role} | fields))


class Zone:
    """A zone, and batches for it. Each batch comes after the one before is processed."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.route53 = lab, lab.client("route53")
        self.id = self.route53.create_hosted_zone(Name="shop.example.", CallerReference="one")["HostedZone"]["Id"]

    def change(self, *changes: tuple[str, Record]) -> dict[str, Any]:
        self.lab.clock.pass_time(1)
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": given} for action, given in changes]}
        answer = self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch=batch)
        return dict(answer["ChangeInfo"])

    def refused(self, *changes: tuple[str, Record]) -> str:
        with pytest.raises(ClientError) as caught:
            self.change(*changes)
        return str(caught.value.response["Error"]["Code"])

    def names(self) -> list[tuple[str, str | None]]:
        answer = self.route53.list_resource_record_sets(HostedZoneId=self.id)
        return [
            (item["Name"], item.get("SetIdentifier"))
            for item in answer["ResourceRecordSets"]
            if item["Type"] not in ("NS", "SOA")
        ]


@pytest.fixture
def zone(lab: Lab) -> Zone:
    return Zone(lab)


def test_a_pair_of_failover_records_is_taken(zone: Zone) -> None:
    zone.change(("CREATE", failover("PRIMARY")), ("CREATE", failover("SECONDARY")))

    assert zone.names() == [("www.shop.example.", "primary"), ("www.shop.example.", "secondary")]


ALIAS = {"HostedZoneId": "Z1", "DNSName": "lb.shop.example.", "EvaluateTargetHealth": False}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param(
            [failover("PRIMARY"), failover("PRIMARY", SetIdentifier="x")], "InvalidChangeBatch", id="two primaries"
        ),
        pytest.param([record(Failover="PRIMARY")], "InvalidInput", id="failover without SetIdentifier"),
        pytest.param([record(SetIdentifier="x")], "InvalidInput", id="SetIdentifier without policy"),
        pytest.param(
            [record(SetIdentifier="x", Weight=1, Failover="PRIMARY")], "InvalidInput", id="two policies in one"
        ),
        pytest.param(
            [failover("PRIMARY"), record(SetIdentifier="x", Weight=1)], "InvalidChangeBatch", id="mixed policies"
        ),
        pytest.param([record(), failover("PRIMARY")], "InvalidChangeBatch", id="simple beside failover"),
        pytest.param([failover("PRIMARY", HealthCheckId="none")], "NoSuchHealthCheck", id="unknown health check"),
        pytest.param([failover("PRIMARY", AliasTarget=ALIAS)], "InvalidChangeBatch", id="alias without target health"),
        pytest.param([record(Name="www.other.example.")], "InvalidChangeBatch", id="outside of the zone"),
        pytest.param([record(Name="notshop.example.")], "InvalidChangeBatch", id="a name that only looks like it"),
        pytest.param([record(AliasTarget=ALIAS, TTL=1)], "InvalidInput", id="alias with a TTL"),
        pytest.param([{"Name": "www.shop.example.", "Type": "A"}], "InvalidInput", id="neither values nor alias"),
        pytest.param([record(), record(Type="CNAME")], "InvalidChangeBatch", id="CNAME beside another"),
        pytest.param([record(), record()], "InvalidChangeBatch", id="the same twice"),
    ],
)
def test_a_broken_batch_is_refused_and_changes_nothing(zone: Zone, changes: list[Record], code: str) -> None:
    good = ("CREATE", record("good"))

    assert zone.refused(good, *(("CREATE", change) for change in changes)) == code
    assert zone.names() == []


def test_a_second_primary_is_refused_in_a_later_batch_too(zone: Zone) -> None:
    zone.change(("CREATE", failover("PRIMARY")))

    assert zone.refused(("UPSERT", failover("PRIMARY", SetIdentifier="another"))) == "InvalidChangeBatch"


def test_an_alias_that_evaluates_its_target_is_taken(zone: Zone) -> None:
    zone.change(("CREATE", failover("PRIMARY", AliasTarget=ALIAS | {"EvaluateTargetHealth": True})))

    assert zone.names() == [("www.shop.example.", "primary")]


def test_roles_can_be_swapped_in_one_batch(zone: Zone) -> None:
    zone.change(
        ("CREATE", failover("PRIMARY", SetIdentifier="a")), ("CREATE", failover("SECONDARY", SetIdentifier="b"))
    )
    zone.change(
        ("UPSERT", failover("SECONDARY", SetIdentifier="a")), ("UPSERT", failover("PRIMARY", SetIdentifier="b"))
    )

    assert len(zone.names()) == 2


def many(count: int) -> list[dict[str, str]]:
    return [{"Value": f"127.1.{number // 250}.{number % 250 + 1}"} for number in range(count)]


@pytest.mark.parametrize(
    ("action", "records", "taken"),
    [("CREATE", 1000, True), ("CREATE", 1001, False), ("UPSERT", 500, True), ("UPSERT", 501, False)],
)
def test_a_batch_holds_1000_records_and_upsert_counts_twice(zone: Zone, action: str, records: int, taken: bool) -> None:
    change = (action, record(ResourceRecords=many(records)))
    if taken:
        zone.change(change)
    else:
        assert zone.refused(change) == "InvalidChangeBatch"


@pytest.mark.parametrize(
    ("action", "length", "taken"),
    [("CREATE", 32_000, True), ("CREATE", 32_001, False), ("UPSERT", 16_000, True), ("UPSERT", 16_001, False)],
)
def test_a_batch_holds_32000_characters_and_upsert_counts_twice(
    zone: Zone, action: str, length: int, taken: bool
) -> None:
    values = [{"Value": "x" * size} for size in (length - 4000, 4000)]
    change = (action, record(Type="TXT", ResourceRecords=values))
    if taken:
        zone.change(change)
    else:
        assert zone.refused(change) == "InvalidChangeBatch"


@pytest.mark.parametrize("given", [record("absent"), record(TTL=7), record(ResourceRecords=[{"Value": "127.9.9.9"}])])
def test_only_what_is_there_as_it_is_can_be_deleted(zone: Zone, given: Record) -> None:
    zone.change(("CREATE", record()))

    assert zone.refused(("DELETE", given)) == "InvalidChangeBatch"


def test_deleting_one_of_a_pair_leaves_the_other(zone: Zone) -> None:
    zone.change(("CREATE", failover("PRIMARY")), ("CREATE", failover("SECONDARY")))
    zone.change(("CREATE", failover("PRIMARY", Name="api.shop.example.")))
    zone.change(("DELETE", failover("PRIMARY")))

    assert zone.names() == [("api.shop.example.", "primary"), ("www.shop.example.", "secondary")]


def test_a_change_is_pending_and_then_in_sync(zone: Zone) -> None:
    change = zone.change(("CREATE", record()))
    statuses = [change["Status"]]
    for _unused in range(2):
        zone.lab.clock.pass_time(LATENCY["route53_insync"] / 2)
        statuses.append(zone.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"])

    assert statuses == ["PENDING", "PENDING", "INSYNC"]


def test_each_change_has_an_id_of_its_own(zone: Zone) -> None:
    changes = [zone.change(("UPSERT", record()))["Id"] for _unused in range(3)]

    assert len(set(changes)) == 3


def test_an_unknown_change_is_not_found(zone: Zone) -> None:
    with pytest.raises(ClientError) as caught:
        zone.route53.get_change(Id="/change/CNOTHING")

    assert caught.value.response["Error"]["Code"] == "NoSuchChange"


def test_a_new_zone_is_pending_too(lab: Lab) -> None:
    answer = lab.client("route53").create_hosted_zone(Name="other.example.", CallerReference="two")

    assert answer["ChangeInfo"]["Status"] == "PENDING"


def test_overlapping_changes_in_a_zone_are_refused(zone: Zone) -> None:
    zone.change(("UPSERT", record()))
    zone.lab.clock.pass_time(-1)

    assert zone.refused(("UPSERT", record())) == "PriorRequestNotComplete"


def test_overlapping_changes_in_two_zones_are_not(zone: Zone) -> None:
    zone.change(("UPSERT", record()))
    zone.lab.clock.pass_time(-1)
    zone.id = zone.route53.create_hosted_zone(Name="shop.example.", CallerReference="three")["HostedZone"]["Id"]

    assert zone.change(("UPSERT", record()))["Status"] == "PENDING"
