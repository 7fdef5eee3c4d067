# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API's process in each Region, as the data plane keeps it."""

from __future__ import annotations

import asyncio
import sys
from functools import partial

from lab.data.network import NetworkThread
from lab.data.processes import Command, Processes, wait_for
from lab.settings import API_PORT, Instance

READY_TIMEOUT = 10.0


class ApiProcesses:
    """Starts them and knows whether they listen."""

    def __init__(self, instance: Instance, processes: Processes, network: NetworkThread) -> None:
        self.instance, self.processes, self.network = instance, processes, network
        self.scaled_to_none: set[str] = set()
        """Regions whose API is not to run: its service wants no task."""

    def start_missing(self, region: str) -> None:
        """Start the Region's API unless it runs, or isn't wanted; let a frozen one go on."""
        name = f"api-{region}"
        self.processes.thaw(name)
        if region not in self.scaled_to_none and not self.processes.running(name):
            words = [sys.executable, "-m", "lab.data.api", "--instance", str(self.instance.id), "--region", region]
            self.processes.start(Command(name, words, self.instance.log_dir / f"{name}.log"))

    def await_listening(self, region: str) -> bool:
        """Wait for it; False when it takes too long."""
        return wait_for(partial(self._listens, region), READY_TIMEOUT)

    def _listens(self, region: str) -> bool:
        async def knock() -> None:
            _reader, writer = await asyncio.open_connection(self.instance.address(region), API_PORT)
            writer.close()

        try:
            self.network.call(knock(), 1.0)
        except (OSError, TimeoutError):
            return False
        return True
