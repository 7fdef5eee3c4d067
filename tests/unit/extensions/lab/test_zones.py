# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

from lab.control.zones import ENDPOINT, record_of


def test_endpoint_names_are_taken_apart() -> None:
    def parts(name: str) -> tuple[str, str] | None:
        found = ENDPOINT.match(name)
        return (found["name"], found["region"]) if found else None

    assert parts("shop-eu-west-1.cluster-x1.eu-west-1.rds.amazonaws.com") == ("shop-eu-west-1", "eu-west-1")
    assert parts("shop-eu-west-1.cluster-ro-x1.eu-west-1.rds.amazonaws.com") == ("shop-eu-west-1", "eu-west-1")
    assert parts("shop-eu-west-1-1.x1.eu-west-1.rds.amazonaws.com") == ("shop-eu-west-1-1", "eu-west-1")
    assert parts("rds.eu-west-1.amazonaws.com") is None


def test_a_record_set_keeps_its_policy() -> None:
    found = SimpleNamespace(
        name="API.shop.example", type="A", ttl="1", records=["127.0.0.1"], set_identifier="home", failover="PRIMARY",
        weight=None, health_check_id="c1",
    )  # fmt: skip
    record = record_of(found)
    assert (record.name, record.ttl, record.failover, record.weight) == ("api.shop.example.", 1, "PRIMARY", None)
    assert record.health_check_id == "c1"


def test_a_weight_of_zero_is_a_weight() -> None:
    found = SimpleNamespace(
        name="w.shop.example.", type="A", ttl=1, records=[{"Value": "127.0.0.1"}], set_identifier="a", failover=None,
        weight="0", health_check_id=None,
    )  # fmt: skip
    assert record_of(found).weight == 0
