# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of a bucket as a listing shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectState:
    """A key's latest version. ``deleted``: that is a delete marker, and nobody sees the object."""

    key: str
    version_id: str
    etag: str = ""
    size: int = 0
    deleted: bool = False
