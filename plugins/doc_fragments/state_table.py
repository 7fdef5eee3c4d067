# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Where locks and journals are."""

    DOCUMENTATION = r"""
options:
  table:
    description:
      - Name of the state table, a DynamoDB global table with multi-Region strong consistency, as
        P(multiregion.aws_dr.dynamodb_global_table#module) makes it.
    type: str
    required: true
  table_region:
    description: The Region in which the table is reached. One that is known to be well, the target of a failover.
    type: str
    required: true
"""
