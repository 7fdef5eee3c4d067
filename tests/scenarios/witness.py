# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source without ansible-rulebook: what it says, a line of JSON each, until it is ended.

python tests/scenarios/witness.py INVENTORY
"""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "extensions" / "eda" / "plugins" / "event_source" / "region_witness.py"


class Printed:
    """A queue that prints."""

    async def put(self, event: dict[str, Any]) -> None:
        print(json.dumps(event), flush=True)


if __name__ == "__main__":
    asyncio.run(runpy.run_path(str(SOURCE))["main"](Printed(), {"inventory": sys.argv[1]}))
