# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read once a run instead of once a task: in the process that Ansible forks its workers from."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from ansible.plugins.loader import filter_loader

FILTER = "multiregion.aws_dr.workload_selected"
ACTIONS = "ansible_collections.multiregion.aws_dr.plugins.plugin_utils.action"


def read_ahead() -> None:
    """Read the filters, which Ansible reads all for any of them, and what the actions need."""
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
