# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from lab.control.faults import Fault, Kind, LossMode, Rules


@pytest.mark.parametrize(
    ("fault", "hit"),
    [
        (Fault(Kind.THROTTLE), True),
        (Fault(Kind.THROTTLE, service="rds"), True),
        (Fault(Kind.THROTTLE, service="s3"), False),
        (Fault(Kind.THROTTLE, action="Get"), True),
        (Fault(Kind.THROTTLE, action="Put"), False),
        (Fault(Kind.THROTTLE, region="eu-west-1"), True),
        (Fault(Kind.THROTTLE, region="eu-west-3"), False),
    ],
)
def test_a_fault_hits_the_calls_it_names(fault: Fault, hit: bool) -> None:
    rules = Rules()
    rules.add(fault)

    assert bool(rules.take("rds", "Get", "eu-west-1")) is hit


def test_a_fault_with_times_ends_by_itself() -> None:
    rules = Rules()
    rules.add(Fault(Kind.ERROR, times=2))

    assert [len(rules.take("rds", "Get", "eu-west-1")) for _unused in range(3)] == [1, 1, 0]


def test_a_fault_is_cleared_by_its_id() -> None:
    rules = Rules()
    first, second = rules.add(Fault(Kind.ERROR)), rules.add(Fault(Kind.LATENCY))
    rules.clear(first)

    assert [fault.id for fault in rules.active()] == [second]


def test_zero_times_is_refused() -> None:
    with pytest.raises(ValueError, match="times"):
        Rules().add(Fault(Kind.ERROR, times=0))


def test_a_lost_region_is_lost_until_it_is_healed() -> None:
    rules = Rules()
    rules.lose_region("eu-west-1", "hang")
    lost = rules.lost("eu-west-1")
    rules.heal_region("eu-west-1")

    assert (lost, rules.lost("eu-west-1")) == (LossMode.HANG, None)


def test_the_calls_that_are_skipped_are_let_through() -> None:
    rules = Rules()
    rules.add(Fault(Kind.ERROR, skip=2, times=1))

    assert [len(rules.take("rds", "Get", "eu-west-1")) for _unused in range(4)] == [0, 0, 1, 0]
