# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """A change that waits for a proof of the writer. Which database is proved, and where, each module says itself."""

    DOCUMENTATION = r"""
options:
  allow_unverified_writer:
    description: Makes the change without a proof of the writer if no O(database) is given. For workloads without one.
    type: bool
    default: false
"""
