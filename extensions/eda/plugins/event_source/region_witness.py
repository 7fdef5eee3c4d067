# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An event source for ansible-rulebook: whether a workload's home Region is lost, by several independent witnesses."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

DOCUMENTATION = r"""
short_description: Watch whether workloads' home Regions are lost
description:
  - Looks at both Regions of each workload, at its API and at what no release of it touches, takes in what alarms of
    other Regions say, and proves by a write to the state table that it isn't cut off itself.
  - Says when the ruling changes, and again while a Region is lost and nobody has failed over. Samples are not said.
  - Run it outside the home Region. C(docs/watching.md) describes the inventory's variable and the events.
options:
  inventory:
    description: The inventory of the workloads. By default the one that Ansible is configured with.
    type: str
    default: ""
  workloads:
    description: Which of its hosts are watched, as a pattern.
    type: str
    default: all
"""

EXAMPLES = r"""
- multiregion.aws_dr.region_witness:
    inventory: inventories/example
"""

MOST = 100  # events that may wait for whoever is to take them
NAMES = ("inventory", "workloads")


class Outlet:
    """From the watchers' threads into the event loop. Bounded: while nobody takes them, the oldest are dropped."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[dict[str, Any] | Exception] = asyncio.Queue(MOST)

    def put(self, said: dict[str, Any] | Exception) -> None:
        self._loop.call_soon_threadsafe(self._add, said)

    def _add(self, said: dict[str, Any] | Exception) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(said)

    async def get(self) -> dict[str, Any]:
        """The next event. Raises what a watcher ended with: a watch that has stopped must not look like a quiet one."""
        said = await self._waiting.get()
        if isinstance(said, Exception):
            raise said
        return said


def find_collections() -> None:
    """Make collections importable where only Ansible knows their place."""
    try:
        import ansible_collections.multiregion.aws_dr  # noqa: F401
    except ImportError:
        from ansible.plugins.loader import init_plugin_loader

        init_plugin_loader()


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """ansible-rulebook's entry: goes on until it is cancelled."""
    strange = sorted(set(args) - set(NAMES))
    if strange:
        raise ValueError(f"region_witness takes {' and '.join(NAMES)}, not {', '.join(strange)}.")
    find_collections()
    outlet = Outlet()
    over = threading.Event()
    try:
        for watched in await read_workloads(str(args.get("inventory") or ""), str(args.get("workloads") or "all")):
            threading.Thread(target=watch, args=(watched, outlet, over), daemon=True).start()
        while True:
            await queue.put(await outlet.get())
    finally:
        over.set()


async def read_workloads(inventory: str, pattern: str) -> list[Any]:
    """What to watch. Raises ``DrError`` and ``ValueError``."""
    from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.watch_config import watched_of
    from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.watch_inventory import inventory_variables

    found = await inventory_variables(inventory, pattern)
    return [watched_of(name, variables) for name, variables in found.items()]


def watch(watched: Any, outlet: Outlet, over: threading.Event) -> None:
    """One workload's watcher, in a thread of its own."""
    from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
    from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
    from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.watch_looks import start

    connection = {"profile_name": watched.profile} if watched.profile else {}
    try:
        start(watched, Clients(connection), SystemClock(), lambda event: outlet.put(event.as_dict())).run(over.is_set)
    except Exception as exc:  # raised in the event loop
        outlet.put(exc)
