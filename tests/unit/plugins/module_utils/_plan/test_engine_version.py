# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from itertools import permutations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.engine_version import compatible

POSTGRESQL, MYSQL = "aurora-postgresql", "aurora-mysql"


@pytest.mark.parametrize(
    ("engine", "one", "other"),
    [
        (POSTGRESQL, "16.4", "16.4"),
        (POSTGRESQL, "16.4", "16.4.2"),
        (POSTGRESQL, "15.2.1", "15.2.3"),
        (POSTGRESQL, "14.5.1", "14.5.2"),
        (POSTGRESQL, "13.8.1", "13.8.2"),
        (POSTGRESQL, "12.12.1", "12.12.2"),
        (POSTGRESQL, "11.17.1", "11.17.2"),
        (MYSQL, "8.0.mysql_aurora.3.04.1", "8.0.mysql_aurora.3.04.1"),
        (POSTGRESQL, "16.4-limitless", "16.4-limitless"),
    ],
)
def test_these_may_take_over_from_each_other(engine: str, one: str, other: str) -> None:
    assert all(compatible(engine, *pair) for pair in permutations((one, other)))


@pytest.mark.parametrize(
    ("engine", "one", "other"),
    [
        (POSTGRESQL, "16.4", "16.3"),
        (POSTGRESQL, "16.4", "15.4"),
        (POSTGRESQL, "14.4.1", "14.4.2"),
        (POSTGRESQL, "13.7", "13.7.1"),
        (POSTGRESQL, "11.16.1", "11.16.2"),
        (POSTGRESQL, "10.21.1", "10.21.2"),
        (MYSQL, "8.0.mysql_aurora.3.04.1", "8.0.mysql_aurora.3.04.2"),
        (MYSQL, "8.0.mysql_aurora.3.04.1", "8.0.mysql_aurora.3.05.1"),
        (MYSQL, "5.7.mysql_aurora.2.11.1", "8.0.mysql_aurora.2.11.1"),
        (POSTGRESQL, "16.4", "16.4-limitless"),
        (POSTGRESQL, "16.4", ""),
    ],
)
def test_these_may_not(engine: str, one: str, other: str) -> None:
    assert not any(compatible(engine, *pair) for pair in permutations((one, other)))
