# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Waiting for what was started to take effect."""

    DOCUMENTATION = r"""
options:
  wait:
    description: Whether to wait until the change has taken effect.
    type: bool
    default: true
"""
