# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of its workloads' watchers, with every template in it filled in: as a play would see it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.watch_config import VARIABLES

LONGEST = 120.0  # seconds
ANSWER = re.compile(r"^(\S+) \| (\w+)!? => (\{.*\})$", re.MULTILINE)
ASKED = "{{ {" + ", ".join(f"'{name}': {name} | default(none)" for name in VARIABLES) + "} }}"


async def inventory_variables(inventory: str, hosts: str) -> dict[str, Mapping[str, Any]]:
    """The watcher's variables of each of ``hosts``, by Ansible's own reading of the inventory (empty: the configured).

    Raises ``DrError``.
    """
    command = (sys.executable, "-m", "ansible", "adhoc", hosts, *(("-i", inventory) if inventory else ()), "-o")
    task = ("-m", "ansible.builtin.debug", "-a", json.dumps({"msg": ASKED}), "-c", "local")
    status, output = await _run((*command, *task))
    found = {name: json.loads(answer)["msg"] for name, word, answer in ANSWER.findall(output) if word == "SUCCESS"}
    if status or not found:
        raise DrError(
            f"Reading {inventory or 'the inventory'} for {hosts}",
            output.strip()[-600:] or f"ansible ended with {status}",
            "Try the inventory with ansible-inventory --list.",
        )
    return found


async def _run(command: Sequence[str]) -> tuple[int, str]:
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"}
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _none = await asyncio.wait_for(process.communicate(), LONGEST)
    except TimeoutError:
        process.kill()
        return 1, f"no answer within {LONGEST:.0f} s"
    return process.returncode or 0, output.decode(errors="replace")
