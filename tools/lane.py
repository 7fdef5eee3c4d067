# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second lane: the oldest supported ansible-core runs the unit tests and one failover.

python tools/lane.py [--whole]: with it all of the product's unit tests, else those of what meets ansible-core.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from lab.lifecycle import running

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-2.19" / "bin"
NOT_HERE = 3
MEETS_CORE = tuple(
    f"tests/unit/{each}"
    for each in (
        *("plugins/filter", "plugins/lookup", "plugins/plugin_utils", "plugins/module_utils/_exec"),
        *("roles", "test_collection.py"),
    )
)
FAILOVER = (
    *("multiregion.aws_dr.failover", "-i", "inventories/lab"),
    *("-e", "mode=unplanned", "-e", "accept_data_loss=true", "-e", "approved_by=lane"),
)


def run(*words: object) -> bool:
    return subprocess.call([str(word) for word in words], cwd=ROOT) == 0


def failover() -> bool:
    """Lose the home Region and fail over; the lab itself runs on the main lane's Python."""
    with running() as instance:
        lab = (sys.executable, "-m", "lab", "--instance", instance.id)
        play = (*lab, "exec", "--", VENV / "ansible-playbook", *FAILOVER)
        return run(*lab, "fault", "region", "eu-central-1") and run(*play)


def main() -> int:
    if version("ansible-core").startswith("2.19."):
        print("the main lane is ansible-core 2.19 already: this machine has no newer Python")
        return NOT_HERE
    made = subprocess.run([sys.executable, ROOT / "tools" / "setup.py", "--lane"], cwd=ROOT, check=False).returncode
    if made == NOT_HERE:
        print("no working Python 3.11 on this machine: ansible-core 2.19 isn't tested")
    if made:
        return made
    # The lab runs on the main lane's Python, and so do its tests.
    product = ("tests/unit", "--ignore=tests/unit/extensions") if "--whole" in sys.argv else MEETS_CORE
    results = (run(VENV / "pytest", *product, "-q", "-n", "2"), failover())
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
