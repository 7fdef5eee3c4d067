# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From DynamoDB's descriptions of a table, through each of its Regions, to our records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.state_table import (
    Consistency,
    Observed,
    Replica,
    StateTable,
    Witness,
)


@dataclass(frozen=True)
class Seen:
    """What one Region says of its table."""

    description: Mapping[str, Any]
    tags: Sequence[Mapping[str, str]] = ()
    recovery: Mapping[str, Any] | None = None
    time_to_live: Mapping[str, Any] | None = None
    holds_items: bool | None = None


def observed(name: str, regions: Iterable[str], seen: Mapping[str, Seen | None]) -> Observed:
    """What these Regions have, in their order; the first with a table is the table's home."""
    found = {region: at for region in regions if (at := seen.get(region)) is not None}
    home = next(iter(found), None)
    if home is None:
        return Observed(None)
    description = found[home].description
    listed = {each["RegionName"]: each for each in description.get("Replicas") or ()}
    # AWS may or may not list the Region asked.
    members = [home, *(region for region in listed if region != home)]
    ordered = sorted(members, key=lambda region: list(found).index(region) if region in found else len(found))
    strays = tuple(region for region in found if region not in members)
    return Observed(
        StateTable(
            name=name,
            replicas=tuple(_replica(region, found.get(region), listed.get(region)) for region in ordered),
            keys=_keys(description),
            consistency=_consistency(description) if len(members) > 1 else None,
            witness=_witness(description),
            time_to_live=(found[home].time_to_live or {}).get("TimeToLiveStatus", "DISABLED") != "DISABLED",
            local_indexes=bool(description.get("LocalSecondaryIndexes")),
            empty=None if found[home].holds_items is None else not found[home].holds_items,
        ),
        strays,
    )


def _replica(region: str, seen: Seen | None, listed: Mapping[str, Any] | None) -> Replica:
    """A replica as its own Region shows it; where that shows nothing (yet), as another one lists it."""
    status = (listed or {}).get("ReplicaStatus", "ACTIVE")
    if seen is None:
        return Replica(region, (listed or {}).get("ReplicaArn", ""), status)
    own = seen.description
    return Replica(
        region=region,
        arn=own["TableArn"],
        status=own["TableStatus"] if own["TableStatus"] != "ACTIVE" else status,
        deletion_protection=bool(own.get("DeletionProtectionEnabled")),
        point_in_time_recovery=(seen.recovery or {}).get("PointInTimeRecoveryStatus") == "ENABLED",
        tags={tag["Key"]: tag["Value"] for tag in seen.tags},
    )


def _keys(description: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    types = {each["AttributeName"]: each["AttributeType"] for each in description["AttributeDefinitions"]}
    return tuple(
        (key["AttributeName"], key["KeyType"], types[key["AttributeName"]]) for key in description["KeySchema"]
    )


def _consistency(description: Mapping[str, Any]) -> Consistency:
    """Where nothing is said, a global table is an eventually consistent one."""
    return Consistency(description.get("MultiRegionConsistency") or Consistency.EVENTUAL)


def _witness(description: Mapping[str, Any]) -> Witness | None:
    witnesses = description.get("GlobalTableWitnesses") or ()
    return next((Witness(each["RegionName"], each.get("WitnessStatus", "ACTIVE")) for each in witnesses), None)
