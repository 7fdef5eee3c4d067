# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS call as it is planned, reported and shown in check mode."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One changing AWS call: ``service`` as boto3 names it, ``action`` as the API does, the ``region`` it goes to."""

    service: str
    action: str
    region: str

    def as_dict(self) -> dict[str, str]:
        return {"service": self.service, "action": self.action, "region": self.region}
