# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read once a run instead of once a task: in the process that Ansible forks its workers from."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

from ansible.plugins.loader import filter_loader

FILTER = "multiregion.aws_dr.workload_selected"
OURS = "ansible_collections.multiregion.aws_dr.plugins."
ACTIONS = f"{OURS}plugin_utils.action"


class KeepsBytecode(MetaPathFinder):
    """Finds this collection's modules, so that Python compiles each once and not in every run.

    Ansible's own finder, which comes after it, keeps no bytecode: of a failover's 300 modules that is 0.6 s.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(OURS):
            return None
        name = f"{fullname.rpartition('.')[2]}.py"
        file = next((found for each in path or () if (found := Path(each, name)).is_file()), None)
        return spec_from_file_location(fullname, file) if file else None


def read_ahead() -> None:
    """Read the filters, which Ansible reads all for any of them, and what the actions need."""
    sys.meta_path.insert(0, KeepsBytecode())
    with kept():
        filter_loader.get(FILTER)
        import_module(ACTIONS)


@contextmanager
def kept() -> Iterator[None]:
    """Keep what there is when this ends out of the garbage collector's sight, for good.

    Else it is searched time and again while it is read, in each worker, which makes itself a copy by that, and when
    Ansible ends: 2 s of a failover on two slow cores.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
