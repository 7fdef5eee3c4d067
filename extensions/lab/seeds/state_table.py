# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that locks and journals live in: one store in both Regions, and a witness in a third."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.settings import HOME, STANDBY, THIRD

STATE_TABLE = "aws-dr-state"


def seed_state_table(client: Callable[[str, str], Any]) -> None:
    """Make it, empty and active. Raises botocore's errors."""
    dynamodb = client("dynamodb", HOME)
    dynamodb.create_table(
        TableName=STATE_TABLE,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.update_table(
        TableName=STATE_TABLE,
        ReplicaUpdates=[{"Create": {"RegionName": STANDBY}}],
        GlobalTableWitnessUpdates=[{"Create": {"RegionName": THIRD}}],
        MultiRegionConsistency="STRONG",
    )
