# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do so that a global datastore has the members that are wanted. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.cache import CacheRole, Datastore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal


class Act(str, Enum):
    """A change, by the action of AWS's API that makes it."""

    CREATE = "CreateGlobalReplicationGroup"
    ASSOCIATE = "CreateReplicationGroup"
    DISASSOCIATE = "DisassociateGlobalReplicationGroup"
    DELETE = "DeleteGlobalReplicationGroup"


@dataclass(frozen=True)
class Place:
    """A replication group in a Region."""

    region: str
    group: str


@dataclass(frozen=True)
class WantedMembers:
    """``members`` in order: the first is the primary of a datastore that is yet to be made. None: no datastore."""

    members: tuple[Place, ...]
    present: bool = True
    purge: bool = False


@dataclass(frozen=True)
class Change:
    """One call: what it does, to which member, and through which Region."""

    act: Act
    place: Place
    through: str

    @property
    def call(self) -> Call:
        return Call("elasticache", self.act.value, self.through)


def check_members(wanted: WantedMembers) -> tuple[Finding, ...]:
    """What is wrong with the request itself."""
    regions = [place.region for place in wanted.members]
    if not regions:
        return (refusal("no_members", "No member was given.", "Name at least one replication group in members."),)
    if len(set(regions)) != len(regions):
        seen = f"The members' Regions are {', '.join(regions)}."
        return (refusal("same_region_twice", seen, "A global datastore has one member a Region: give each once."),)
    return ()


def member_findings(seen: Datastore | None, wanted: WantedMembers) -> tuple[Finding, ...]:
    """Why the datastore as it is can't be made what is wanted."""
    if seen is None or not wanted.present:
        return ()
    found = []
    for place in wanted.members:
        member = seen.member(place.region)
        if member is not None and member.group != place.group:
            text = f"The member in {place.region} is {member.group}, not {place.group}."
            found.append(refusal("other_group", text, "Name that group, or disassociate it first."))
    primary = seen.primary
    if wanted.purge and primary and primary.region not in {place.region for place in wanted.members}:
        text = f"The primary {primary.group} in {primary.region} is not among the members given."
        found.append(refusal("primary_not_wanted", text, "Promote one of the members first: a primary can't leave."))
    return tuple(found)


def member_changes(seen: Datastore | None, wanted: WantedMembers) -> tuple[Change, ...]:
    """The calls to make, in order. Each but the first waits until the datastore is idle again."""
    if not wanted.present:
        return _removal(seen)
    first = wanted.members[0]
    if seen is None:
        made = Change(Act.CREATE, first, first.region)
        return (made, *(Change(Act.ASSOCIATE, place, place.region) for place in wanted.members[1:]))
    missing = [place for place in wanted.members if seen.member(place.region) is None]
    changes = [Change(Act.ASSOCIATE, place, place.region) for place in missing]
    if wanted.purge:
        kept = {place.region for place in wanted.members}
        changes += [change for change in _departures(seen) if change.place.region not in kept]
    return tuple(changes)


def _removal(seen: Datastore | None) -> tuple[Change, ...]:
    if seen is None:
        return ()
    through = _through(seen)
    primary = seen.primary
    place = Place(primary.region, primary.group) if primary else Place(through, "")
    return (*_departures(seen), Change(Act.DELETE, place, through))


def _departures(seen: Datastore) -> list[Change]:
    secondaries = [member for member in seen.members if member.role is not CacheRole.PRIMARY]
    return [
        Change(Act.DISASSOCIATE, Place(member.region, member.group), _through(seen))
        for member in secondaries
        if member.status != "disassociated"
    ]


def _through(seen: Datastore) -> str:
    """The Region of the primary: the one whose member stays."""
    return seen.primary.region if seen.primary else seen.members[0].region
