# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Which name servers are asked."""

    DOCUMENTATION = r"""
options:
  resolvers:
    description:
      - Name servers to ask, each as V(address) or V(address:port). Nothing is taken from a cache of ours.
      - Empty means those of the system.
    type: list
    elements: str
    default: []
"""
