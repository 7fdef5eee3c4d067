# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSM parameters of one Region. No value of one is ever shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SECURE = "SecureString"
DEFAULT_KEY = "alias/aws/ssm"


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``key_id`` is what a SecureString is encrypted with, as SSM says it; else empty."""

    name: str
    type: str
    value: str = field(repr=False)
    version: int = 0
    tier: str = ""
    data_type: str = "text"
    key_id: str = ""
    description: str = ""
    allowed_pattern: str = ""

    @property
    def secure(self) -> bool:
        return self.type == SECURE

    def shown(self, value_id: str) -> dict[str, Any]:
        """For a diff: ``value_id`` stands for the value, and says only whether two are the same."""
        shown = {"version": self.version, "type": self.type, "value_id": value_id}
        return shown | ({"key_id": self.key_id} if self.secure else {})


@dataclass(frozen=True)
class Override:
    """What a parameter has to be in the target, whatever it is in the source. Not a secret."""

    name: str
    value: str
