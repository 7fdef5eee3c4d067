# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an ElastiCache global datastore over time: associating, promoting, disassociating, deleting.

What isn't published is assumed: that a demoted member counts as ``associating`` until it has a copy of the new
primary's data, and that the datastore is ``available`` meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from lab.aws.effects import Spawn
from lab.aws.machine import Condition, Machine, Steps
from lab.aws.plane_protocol import Clock, DataPlane
from lab.aws.timing import Timing

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"
ASSOCIATING, ASSOCIATED, DISASSOCIATING = "associating", "associated", "disassociating"


@dataclass(frozen=True)
class Member:
    """A replication group of the datastore."""

    region: str
    group: str
    role: str
    status: str


class GlobalDatastore(Machine):
    """One global datastore: who is primary, who follows, what is under way."""

    def __init__(self, plane: DataPlane, clock: Clock, timing: Timing, spawn: Spawn, region: str, group: str) -> None:
        super().__init__(clock, spawn)
        self._plane = plane
        self._timing = timing
        self._members = {region: Member(region, group, PRIMARY, ASSOCIATED)}
        self._busy = ""
        self.deleted = False
        self._begin("creating", self._making())

    # -- what is seen

    @property
    def members(self) -> tuple[Member, ...]:
        """The members, in the order in which they joined."""
        return tuple(self._members.values())

    @property
    def primary(self) -> Member:
        """The member that takes writes."""
        return next(member for member in self.members if member.role == PRIMARY)

    @property
    def status(self) -> str:
        """The datastore's Status."""
        return self._busy or ("available" if len(self._members) > 1 else "primary-only")

    @property
    def idle(self) -> bool:
        """Whether nothing keeps an operation from starting."""
        return not self._busy

    def member(self, region: str, group: str) -> Member | None:
        """Return a member by its Region and replication group."""
        found = self._members.get(region)
        return found if found is not None and found.group == group else None

    # -- what is asked

    def join(self, region: str, group: str) -> None:
        """Take in a secondary; the datastore is busy until it has a copy of everything."""
        with self._lock:
            self._members[region] = Member(region, group, SECONDARY, ASSOCIATING)
            self._begin("modifying", self._joining(region))

    def failover(self, region: str) -> None:
        """Start to promote the member of that Region."""
        self._begin("modifying", self._promoting(region))

    def disassociate(self, region: str) -> None:
        """Start to let a secondary go, which becomes a primary of its own."""
        with self._lock:
            self._is(region, status=DISASSOCIATING)
            self._begin("modifying", self._leaving(region))

    def delete(self) -> None:
        """Start to delete the datastore; its primary goes on without it."""
        self._begin("deleting", self._vanishing())

    # -- how it goes

    def _making(self) -> Steps:
        yield self._after(0.0)
        self._busy = ""

    def _joining(self, region: str) -> Steps:
        yield from self._copying(region)
        self._busy = ""

    def _promoting(self, region: str) -> Steps:
        yield self._after(self._timing.cache_promotion)
        promotion = self._task(lambda: self._plane.promote_cache(region))
        yield lambda: promotion.done
        self._busy = ""
        if not promotion.succeeded:
            return
        self._members = {
            each.region: replace(each, role=PRIMARY)
            if each.region == region
            else replace(each, role=SECONDARY, status=ASSOCIATING)
            for each in self.members
        }
        for other in self._members.keys() - {region}:
            self._start(f"copy {other}", self._copying(other))

    def _copying(self, region: str) -> Generator[Condition, None, None]:
        """It follows the primary as soon as both reach each other."""
        while True:
            upstream = self.primary.region
            yield lambda upstream=upstream: self._plane.linked(region, upstream)  # type: ignore[misc]
            follow = self._task(lambda upstream=upstream: self._plane.follow_cache(region, upstream))  # type: ignore[misc]
            yield lambda follow=follow: follow.done  # type: ignore[misc]
            if follow.succeeded:
                break
            yield self._after(self._timing.resync_retry)
        self._is(region, status=ASSOCIATED)

    def _leaving(self, region: str) -> Steps:
        yield self._after(self._timing.cache_disassociate)
        promotion = self._task(lambda: self._plane.promote_cache(region, alone=True))
        yield lambda: promotion.done
        self._running.pop(f"copy {region}", None)
        del self._members[region]
        self._busy = ""

    def _vanishing(self) -> Steps:
        yield self._after(0.0)
        self.deleted = True

    def _begin(self, status: str, steps: Steps) -> None:
        with self._lock:
            self._busy = status
            self._start("operation", steps)

    def _is(self, region: str, **what: str) -> None:
        self._members[region] = replace(self._members[region], **what)
