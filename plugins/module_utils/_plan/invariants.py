# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold after every step and at every crash, as functions of the world."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal


@dataclass(frozen=True)
class World:
    """``writers`` are the Regions whose database takes writes, ``unreached`` those that can't be asked, ``routed_to``
    the Region that clients are sent to (``None``: unknown), ``fenced`` the Regions that can't acknowledge anything,
    ``fed_from`` the Region that a distribution fetches from."""

    writers: frozenset[str]
    unreached: frozenset[str] = frozenset()
    fenced: frozenset[str] = frozenset()
    routed_to: str | None = None
    fed_from: str | None = None


def split_brain(world: World) -> Finding | None:
    """More than one Region that may acknowledge writes."""
    acknowledging = sorted(world.writers - world.fenced)
    if len(acknowledging) < 2:
        return None
    return refusal(
        "split_brain",
        f"More than one Region takes writes: {', '.join(acknowledging)}.",
        "Fence the one that isn't to write, at once (region_fence), then compare the data before anything else.",
    )


def routed_to_non_writer(world: World, moved_by_us: bool) -> Finding | None:
    """Clients were sent by us to a Region whose database isn't the writer."""
    if not moved_by_us or world.routed_to is None or world.routed_to in world.writers | world.unreached:
        return None
    return refusal(
        "routed_to_non_writer",
        f"Clients are sent to {world.routed_to}, and the writer is {', '.join(sorted(world.writers)) or 'nobody'}.",
        "Promote that Region, or send the clients to the writer: run the failover again towards the Region meant.",
    )


def fed_from_non_writer(world: World, moved_by_us: bool) -> Finding | None:
    """A distribution was sent by us to a Region whose database isn't the writer."""
    found = routed_to_non_writer(replace(world, routed_to=world.fed_from), moved_by_us)
    return None if found is None else replace(found, code="fed_from_non_writer")


def claim(world: World, regions: Collection[str]) -> str:
    """Who acknowledges writes: ``one``, ``split`` or ``none``; ``unknown`` where a Region can't be asked."""
    if split_brain(world):
        return "split"
    if set(regions) & (world.unreached - world.fenced):
        return "unknown"
    return "one" if world.writers - world.fenced else "none"
