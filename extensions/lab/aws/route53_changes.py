# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change batches of Route 53: applied as a whole or not at all, and in sync only after a while."""

from __future__ import annotations

import datetime
import secrets
import string
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.route53.models import FakeZone, RecordSet

from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock
from lab.aws.route53_rules import check_batch, check_result
from lab.aws.timing import Timing

ID_LETTERS = string.ascii_uppercase + string.digits
COMPARED = ("ttl", "weight", "failover", "health_check_id", "alias_target")
"""What a deletion must name as it is."""


@dataclass(frozen=True)
class Submitted:
    """A change: when (monotonic and epoch seconds) and with what comment."""

    id: str
    at: float
    wall: float
    comment: str | None


class Changes:
    """All changes, and when they are in sync."""

    def __init__(self, clock: Clock, timing: Timing) -> None:
        self._clock = clock
        self._timing = timing
        self._lock = threading.Lock()
        self._submitted: dict[str, Submitted] = {}
        self._busy_until: dict[str, float] = {}

    def submit(self, comment: str | None = None) -> dict[str, Any]:
        """Take a change down and return its ChangeInfo."""
        number = "C" + "".join(secrets.choice(ID_LETTERS) for _unused in range(20))
        change = Submitted(number, self._clock.monotonic(), self._clock.wall(), comment)
        with self._lock:
            self._submitted[number] = change
        return self._info(change)

    def get(self, number: str) -> dict[str, Any]:
        """Return the ChangeInfo of a change.

        :raises AwsError: NoSuchChange.
        """
        with self._lock:
            change = self._submitted.get(number.rsplit("/", 1)[-1])
        if change is None:
            raise AwsError("NoSuchChange", f"Could not find resource with ID: {number}")
        return self._info(change)

    def apply(self, zone: FakeZone, changes: Sequence[Mapping[str, Any]], health_checks: Mapping[str, Any]) -> None:
        """Apply a batch to a zone.

        :raises AwsError: when Route 53 would refuse it; then nothing has changed.
        """
        check_batch(changes, zone.name, health_checks)
        with self._lock:
            now = self._clock.monotonic()
            if now < self._busy_until.get(zone.resource_id, now):
                raise AwsError("PriorRequestNotComplete", "Route 53 is still processing a prior request for this zone.")
            records = list(zone.rrsets)
            touched = set()
            for change in changes:
                record = _record(change["ResourceRecordSet"])
                touched.add((record.name, str(record.type)))
                _apply_one(records, change["Action"], record)
            check_result(records, touched)
            zone.rrsets = records
            # a client that waits for each answer never gets here sooner than a call later
            self._busy_until[zone.resource_id] = now + self._timing.api_call

    def reset(self) -> None:
        """Forget all changes."""
        with self._lock:
            self._submitted.clear()
            self._busy_until.clear()

    def _info(self, change: Submitted) -> dict[str, Any]:
        in_sync = self._clock.monotonic() >= change.at + self._timing.route53_insync
        return {
            "Id": f"/change/{change.id}",
            "Status": "INSYNC" if in_sync else "PENDING",
            "SubmittedAt": datetime.datetime.fromtimestamp(change.wall, datetime.UTC),
            "Comment": change.comment,
        }


def _record(given: Mapping[str, Any]) -> RecordSet:
    fields = dict(given)
    fields["Name"] = given["Name"].rstrip(".").lower() + "."
    if given.get("ResourceRecords"):
        fields["ResourceRecords"] = [record["Value"] for record in given["ResourceRecords"]]
    make: Callable[..., RecordSet] = RecordSet  # moto leaves its CloudFormation side abstract
    return make(fields)


def _key(record: RecordSet) -> tuple[str, str, str | None]:
    return record.name.lower(), str(record.type), record.set_identifier


def _apply_one(records: list[RecordSet], action: str, record: RecordSet) -> None:
    at = next((index for index, other in enumerate(records) if _key(other) == _key(record)), None)
    what = f"resource record set [name='{record.name}', type='{record.type}', set identifier='{record.set_identifier}']"
    if action == "CREATE" and at is not None:
        raise AwsError("InvalidChangeBatch", f"Tried to create {what} but it already exists")
    if action == "DELETE":
        if at is None:
            raise AwsError("InvalidChangeBatch", f"Tried to delete {what} but it was not found")
        if not _same(records[at], record):
            raise AwsError(
                "InvalidChangeBatch", f"Tried to delete {what} but the values provided do not match the current values"
            )
        del records[at]
    elif at is None:
        records.append(record)
    else:
        records[at] = record


def _same(have: RecordSet, given: RecordSet) -> bool:
    fields = all(str(getattr(have, name)) == str(getattr(given, name)) for name in COMPARED)
    return fields and sorted(have.records or ()) == sorted(given.records or ())
