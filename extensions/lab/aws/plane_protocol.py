# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the control plane asks of the data plane: the seam between moto and the real databases."""

from __future__ import annotations

from typing import Protocol

from lab.vpc import Admission


class Clock(Protocol):
    """Time as the lab reads it; a test steps it by hand."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def wall(self) -> float:
        """Return seconds since the epoch."""


class DataPlane(Protocol):
    """The real databases and APIs, and the network between them. Regions are named as AWS names them.

    The methods may block: the control plane calls every one that changes something on a thread of its own.
    """

    def reachable(self, region: str) -> bool:
        """Say whether the Region is not lost."""

    def linked(self, a: str, b: str) -> bool:
        """Say whether both Regions are reachable and the WAN between them is up."""

    def promote(self, region: str, *, alone: bool = False) -> None:
        """Make that Region's database a writer; returns once it accepts writes. The other one is none any more.

        :param alone: the other one goes on as it is: this one has left it.
        """

    def block_writes(self, region: str) -> bool:
        """Stop the writer cleanly so that everything it wrote is shipped; False when it can't be reached."""

    def follow(self, region: str, upstream: str) -> None:
        """Make that Region's database a replica of upstream's, rebuilt where they diverged; returns once it streams."""

    def keep_aside(self, region: str, name: str) -> None:
        """Keep that Region's data as they are now, under that name. A writer that was superseded is ended for it."""

    def forget_aside(self, name: str) -> None:
        """Throw away what was kept under that name."""

    def restore(self, region: str, name: str, cluster: str, port: int) -> None:
        """Start a server of its own for the cluster, from what was kept; returns once it accepts writes."""

    def end_restored(self, region: str, cluster: str) -> None:
        """End the cluster's own server, and throw its data away."""

    def serve(self, region: str, serving: bool) -> None:
        """Start that Region's API, or end it; returns once it listens, or is gone."""

    def lag_ms(self, region: str) -> float | None:
        """Return the lag of the replica in that Region in milliseconds; None when it is not known."""

    def admit(self, region: str, client: str, admission: Admission) -> None:
        """Let through the VPC of the client's traffic with that Region's database only what is admitted.

        A cluster's identifier in place of a client: of all traffic with what was restored as that cluster, if anything.
        """

    def promote_cache(self, region: str, *, alone: bool = False) -> None:
        """Make that Region's cache a primary; returns once it takes writes. The other one is none any more.

        :param alone: the other one goes on as it is: this one has left it.
        """

    def follow_cache(self, region: str, upstream: str) -> None:
        """Make that Region's cache a replica of upstream's; returns once it has a copy of everything."""

    def cache_lag_seconds(self, region: str) -> float | None:
        """Return how far that Region's replica is behind in seconds; None when it is not known."""
