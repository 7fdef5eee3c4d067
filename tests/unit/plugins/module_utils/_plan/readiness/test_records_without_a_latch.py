# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where routing controls or the records themselves switch the clients, the latch's demands are nobody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.records import Role as Part
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Sightings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.records import judge_records
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._plan.readiness.shop import (
    FORWARD,
    PLANNED,
    REVERSE,
    WORKLOAD,
    found,
    latch_check,
    primary_check,
    record,
    records,
)


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        (records(checks=(primary_check(inverted=True), *map(latch_check, (*FORWARD, *REVERSE)))), set()),
        (records(record_sets=(record(Part.PRIMARY, health_check_id=None), record(Part.SECONDARY))), set()),
        (records(checks=(primary_check(disabled=True), latch_check(REVERSE[0]))), {"health_check_disabled"}),
        (records(checks=(latch_check(REVERSE[0]),)), {"health_check_missing"}),
    ],
)
def test_the_primarys_check_may_be_any_that_works(seen: Sightings[Any], codes: set[str]) -> None:
    case = replace(PLANNED, workload=replace(WORKLOAD, latch=None))
    assert set(found(judge_records, seen, case)) == codes
