# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS allows of global tables with multi-Region strong consistency, and what it doesn't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.table import Table

from lab.aws.errors import AwsError

REGION_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)
STRONG = "STRONG"


@dataclass(frozen=True)
class Update:
    """What an UpdateTable asks of the table's Regions: creates by Region with their KMS key, deletes, the witness."""

    creates: Mapping[str, str | None]
    deletes: Sequence[str]
    witness_created: str | None
    witness_deleted: str | None
    consistency: str | None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Update:
        """Read it from the call's parameters."""
        replicas, witnesses = body.get("ReplicaUpdates") or (), body.get("GlobalTableWitnessUpdates") or ()
        creates = [update["Create"] for update in replicas if update.get("Create")]
        first: Mapping[str, Any] = next(iter(witnesses), {})
        return cls(
            creates={create["RegionName"]: create.get("KMSMasterKeyId") for create in creates},
            deletes=tuple(update["Delete"]["RegionName"] for update in replicas if update.get("Delete")),
            witness_created=(first.get("Create") or {}).get("RegionName"),
            witness_deleted=(first.get("Delete") or {}).get("RegionName"),
            consistency=body.get("MultiRegionConsistency"),
        )

    @property
    def empty(self) -> bool:
        """Whether it leaves the table's Regions as they are."""
        witness = self.witness_created or self.witness_deleted
        return not (self.creates or self.deletes or witness or self.consistency)


def invalid(message: str) -> AwsError:
    """AWS's refusal of a request. Its wording is not published."""
    return AwsError("ValidationException", f"One or more parameter values were invalid: {message}")


def check_made_strong(home: str, table: Table, update: Update) -> None:
    """Refuse what can't become a strongly consistent global table.

    :raises AwsError: ValidationException.
    """
    replicas = {home, *update.creates}
    everywhere = replicas | ({update.witness_created} if update.witness_created else set())
    if update.deletes or update.witness_deleted:
        raise invalid("Regions can't be added and removed at once")
    if not update.creates:
        raise invalid("MultiRegionConsistency needs a replica to be created")
    if update.witness_created in replicas:
        raise invalid("the witness must be in a Region without a replica")
    if home in update.creates or len(everywhere) != 3:
        raise invalid("a strongly consistent global table has three replicas, or two and a witness")
    if not any(everywhere <= regions for regions in REGION_SETS):
        raise invalid(f"{', '.join(sorted(everywhere))} are not of one Region set")
    if len(table):
        raise invalid("the table must be empty")
    if table.indexes:
        raise invalid("local secondary indexes are not supported with multi-Region strong consistency")
    if table.ttl["TimeToLiveStatus"] != "DISABLED":
        raise invalid("Time to Live is not supported with multi-Region strong consistency")


def check_left(replicas: Sequence[str], witness: str | None, update: Update) -> None:
    """Refuse what can't be done to a strongly consistent global table: all but leaving it with one Region.

    :raises AwsError: ValidationException.
    """
    if update.consistency or update.creates or update.witness_created:
        raise invalid("the consistency mode and the Regions of a global table can't be changed")
    if update.witness_deleted not in (None, witness) or not set(update.deletes) <= set(replicas):
        raise invalid("the global table has no such replica or witness")
    if (update.witness_deleted is None) != (witness is None) or len(set(replicas) - set(update.deletes)) != 1:
        raise invalid("a replica can be removed only with the witness, or with another replica")
