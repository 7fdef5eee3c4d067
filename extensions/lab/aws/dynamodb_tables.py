# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global tables with multi-Region strong consistency: one store of items behind the replicas of moto's tables."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from lab.aws import dynamodb_rules as rules
from lab.aws.dynamodb_quorum import Quorum
from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.timing import Timing


class StrongTable:
    """One global table. Each replica is a table of moto's, with its own ARN, tags and protection; the items are one.

    Whoever calls its methods holds the lock of :class:`Tables`, but for :meth:`claimed`.
    """

    def __init__(self, account: str, home: Table, update: rules.Update, quorum: Quorum, clock: Clock) -> None:
        self.account, self.name, self.home = account, home.name, home.region_name
        self.replicas = (home.region_name, *update.creates)
        self.witness = update.witness_created
        self.leaving: frozenset[str] = frozenset()
        self.until = 0.0
        """When the change of its Regions under way is done."""
        self._items = home.items
        self._quorum, self._clock = quorum, clock
        self._behind: dict[str, float | None] = {}
        self._flights: dict[str, list[str]] = {}
        self._flying = threading.Lock()
        for region, key in update.creates.items():
            self._replicate(home, region, key)

    @property
    def members(self) -> tuple[str, ...]:
        """Every Region that counts for the quorum."""
        return (*self.replicas, self.witness) if self.witness else self.replicas

    @property
    def changing(self) -> bool:
        """Whether Regions are being added or removed."""
        return self._clock.monotonic() < self.until

    def table(self, region: str) -> Table:
        """Moto's table in that Region."""
        return dynamodb_backends[self.account][region].tables[self.name]

    def current(self, region: str) -> bool:
        """Say whether a Region may write and read strongly: it is in the quorum and has caught up."""
        return region not in self._behind

    def advance(self, catch_up: float) -> None:
        """Look who is cut off, who is back and who has caught up. A Region that isn't sees the items as it last could.

        :param catch_up: seconds from being back to having caught up.
        """
        now = self._clock.monotonic()
        for region in self.replicas:
            if not self._quorum.holds(region, self.members):
                if region not in self._behind:
                    self.table(region).items = copy.deepcopy(self._items)
                self._behind[region] = None
            elif region in self._behind:
                since = self._behind[region]
                until = now + catch_up if since is None else since
                self._behind[region] = until
                if now >= until:
                    del self._behind[region]
                    self.table(region).items = self._items

    def forget(self) -> None:
        """Take the removed replicas away."""
        for region in self.leaving:
            dynamodb_backends[self.account][region].tables.pop(self.name, None)

    @contextmanager
    def claimed(self, region: str, key: Mapping[str, Any]) -> Iterator[None]:
        """Hold an item while a write of it is under way.

        :raises AwsError: ReplicatedWriteConflictException where another Region holds it.
        """
        name = repr(sorted(key.items()))
        with self._flying:
            if any(other != region for other in self._flights.get(name, ())):
                text = "One or more items in this request are being modified in another Region"
                raise AwsError("ReplicatedWriteConflictException", text)
            self._flights.setdefault(name, []).append(region)
        try:
            yield
        finally:
            with self._flying:
                self._flights[name].remove(region)

    def _replicate(self, home: Table, region: str, key: str | None) -> None:
        made = dynamodb_backends[self.account][region].create_table(
            self.name,
            schema=home.schema,
            throughput=None,
            attr=home.attr,
            global_indexes=[],
            indexes=[],
            streams=None,
            billing_mode=str(home.billing_mode),
            sse_specification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else None,
            tags=[],
            deletion_protection_enabled=False,
            warm_throughput=None,
        )
        made.global_indexes = home.global_indexes
        made.items = self._items


class Tables:
    """Every table's life that moto doesn't know: being created, made global, reduced to one Region again."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing) -> None:
        self.quorum = Quorum(plane)
        self._instant = False
        self._clock, self._timing = clock, timing
        self._created: dict[tuple[str, str, str], float] = {}
        self._strong: dict[tuple[str, str], StrongTable] = {}
        self.lock = threading.RLock()
        """Makes every call upon a global table atomic: a conditional write has one winner, whatever the endpoint."""

    @contextmanager
    def instantly(self) -> Iterator[None]:
        """Let nothing take time: for seeding."""
        self._instant = True
        try:
            yield
        finally:
            self.advance()
            self._instant = False

    def created(self, account: str, region: str, name: str) -> None:
        """Note that a table has been created: it takes a while to be active."""
        self._created[account, region, name] = self._after(self._timing.table_create)

    def creating(self, account: str, region: str, name: str) -> bool:
        """Say whether a table isn't active yet."""
        return self._clock.monotonic() < self._created.get((account, region, name), 0.0)

    def deleted(self, account: str, region: str, name: str) -> None:
        """Forget a table."""
        self._created.pop((account, region, name), None)

    def find(self, account: str, region: str, name: str) -> StrongTable | None:
        """Return the global table that has a replica in the Region, brought up to the clock."""
        with self.lock:
            self.advance()
            found = self._strong.get((account, name.rsplit("/", 1)[-1]))
            return found if found is not None and region in found.replicas else None

    def make_strong(self, account: str, region: str, table: Table, update: rules.Update) -> None:
        """Turn an empty table into a global one.

        :raises AwsError: ValidationException.
        """
        with self.lock:
            rules.check_made_strong(region, table, update)
            if any(table.name in dynamodb_backends[account][other].tables for other in update.creates):
                raise rules.invalid(f"there is a table {table.name} in the replica's Region already")
            made = StrongTable(account, table, update, self.quorum, self._clock)
            made.until = self._after(self._timing.table_replicate)
            self._strong[account, table.name] = made

    def reduce(self, table: StrongTable, update: rules.Update) -> None:
        """Leave the table with one Region.

        :raises AwsError: ValidationException.
        """
        with self.lock:
            rules.check_left(table.replicas, table.witness, update)
            if any(table.table(region).deletion_protection_enabled for region in update.deletes):
                raise rules.invalid("a replica with deletion protection can't be deleted")
            table.leaving = frozenset(update.deletes)
            table.until = self._after(self._timing.table_replicate)
            self.advance()

    def advance(self) -> None:
        """Bring every global table up to the clock."""
        with self.lock:
            for key, table in list(self._strong.items()):
                if table.leaving and not table.changing:
                    table.forget()
                    del self._strong[key]
                else:
                    table.advance(0.0 if self._instant else self._timing.table_catch_up)

    def reset(self) -> None:
        """Forget every table and what cuts Regions off."""
        with self.lock:
            self._created.clear()
            self._strong.clear()
            self.quorum.heal()

    def _after(self, seconds: float) -> float:
        return self._clock.monotonic() + (0.0 if self._instant else seconds)
