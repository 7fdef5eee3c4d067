# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's filters, read once a play instead of once a task."""

from __future__ import annotations

from ansible.plugins.loader import filter_loader

ANY = "multiregion.aws_dr.workload_selected"


def load_filters() -> None:
    """Read them all, as Ansible does for any of them, so that processes forked later have them already.

    Else a worker whose task uses one reads them all, and takes that with it when it ends.
    """
    filter_loader.get(ANY)
