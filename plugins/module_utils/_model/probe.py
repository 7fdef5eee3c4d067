# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe saw, sample by sample. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sighting:
    """One resolver's answer at ``at``: ``addresses``, sorted, to be kept for ``ttl`` seconds (``None``: not by DNS)."""

    resolver: str
    addresses: tuple[str, ...]
    ttl: int | None
    at: float


@dataclass(frozen=True)
class Sample:
    """One round through every resolver. Good if each led to the answer wanted, else ``error`` says what it saw."""

    started: float
    ended: float
    error: str
    sightings: tuple[Sighting, ...]

    @property
    def good(self) -> bool:
        return not self.error


@dataclass(frozen=True)
class Seen:
    """An address set that a resolver gave: when first and last, its largest TTL, and until when a cache may keep it."""

    resolver: str
    addresses: tuple[str, ...]
    first_seen: float
    last_seen: float
    ttl: int | None
    kept_until: float
