# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data directories kept aside, as snapshots keep them, and servers that are started from copies of them.

Such a server is a writer by itself, at an address of its own in its Region: nothing replicates to or from it. The way
to it leads through its VPC, as to any other.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.data.gate import Gates
from lab.data.journal import Journal
from lab.data.postgres import Binaries, Postgres, PostgresError
from lab.data.processes import Processes
from lab.settings import SERVER_PORT, Instance

SAFE = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True)
class Restored:
    """A server that was started from a kept directory."""

    server: Postgres
    number: int


class Aside:
    """What is kept, by name, and what was restored of it, by Region and cluster."""

    def __init__(
        self, instance: Instance, processes: Processes, journal: Journal, tools: Binaries, gates: Gates
    ) -> None:
        self._instance, self._processes, self._journal, self._tools = instance, processes, journal, tools
        self._gates = gates
        self._restored: dict[tuple[str, str], Restored] = {}

    def keep(self, server: Postgres, name: str) -> None:
        """Keep the directory of a server that doesn't run. Raises PostgresError."""
        target = self._directory(name)
        if not server.directory.exists():
            raise PostgresError(f"there is no {server.directory} to keep")
        self._clear(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-Rp", str(server.directory), str(target)], check=True)
        self._journal.add("kept_aside", server.region, name)

    def back_up(self, server: Postgres, name: str) -> None:
        """Keep a base backup of a server that runs. Raises PostgresError."""
        target = self._directory(name)
        self._clear(target)
        if not server.back_up(self._processes, target):
            raise PostgresError(f"the backup of {server.region} failed: see {server.log}")
        self._journal.add("kept_aside", server.region, name)

    def forget(self, name: str) -> None:
        """Throw a kept directory away. What was restored of it lives on."""
        self._clear(self._directory(name))

    def restore(self, region: str, name: str, cluster: str, port: int) -> None:
        """Start a server from a copy of the kept directory, to be reached at ``port``; returns once it accepts writes.

        Raises PostgresError.
        """
        self.end(region, cluster)
        taken = {each.number for each in self._restored.values()}
        number = next(each for each in range(100) if each not in taken)
        server = Postgres(
            region,
            self._instance.aside_address(region, number),
            self._instance.wan_address(region),
            f"{cluster}-1",
            self._instance.data_dir / "restored" / f"{region}-{cluster}",
            self._instance.log_dir / f"restored-{cluster}.log",
            self._tools,
            name=f"restored-{cluster}-{region}",
        )
        kept = self._directory(name)
        if not kept.exists():
            raise PostgresError(f"nothing is kept as {name}")
        self._clear(server.directory)
        server.directory.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-Rp", str(kept), str(server.directory)], check=True)
        (server.directory / "standby.signal").unlink(missing_ok=True)
        server.start(self._processes)
        self._restored[region, cluster] = Restored(server, number)
        try:
            self._gates.open_aside(region, cluster, (server.address, port), (server.address, SERVER_PORT))
        except (OSError, TimeoutError) as exc:
            self.end(region, cluster)
            raise PostgresError(f"there is no way to {server.address}:{port}: {exc}") from exc
        self._journal.add("restored", region, f"{cluster} of {name}")

    def end(self, region: str, cluster: str) -> None:
        """End what was restored for that cluster, and throw its data away."""
        found = self._restored.pop((region, cluster), None)
        if found is not None:
            self._gates.close_aside(region, cluster)
            found.server.stop_at_once(self._processes)
            self._clear(found.server.directory)

    def address(self, region: str, cluster: str) -> str | None:
        """Where that cluster's server listens; None where nothing was restored for it."""
        found = self._restored.get((region, cluster))
        return found.server.address if found is not None else None

    def reset(self) -> None:
        """Nothing is kept, nothing was restored."""
        for region, cluster in list(self._restored):
            self.end(region, cluster)
        for name in ("kept", "restored"):
            shutil.rmtree(self._instance.data_dir / name, ignore_errors=True)

    def _directory(self, name: str) -> Path:
        return self._instance.data_dir / "kept" / SAFE.sub("-", name)

    @staticmethod
    def _clear(directory: Path) -> None:
        shutil.rmtree(directory, ignore_errors=True)
