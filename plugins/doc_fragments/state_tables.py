# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Where locks and journals are, for whoever looks while either Region may be lost."""

    DOCUMENTATION = r"""
options:
  table:
    description: Name of the state table.
    type: str
    required: true
  table_regions:
    description: The Regions in which the table can be reached. The first that answers is used.
    type: list
    elements: str
    required: true
"""
