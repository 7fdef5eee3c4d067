# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CloudFront distribution as it was read, and what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_PATH = "*"
"""How CloudFront shows the default cache behaviour."""
DEPLOYED = "Deployed"


@dataclass(frozen=True)
class Behavior:
    """Where requests for a path go, and the HTTP methods that are let through."""

    path: str
    target: str
    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Distribution:
    """``origins`` are domain names by id; ``groups`` the ids of origin groups; ``raw`` the whole configuration."""

    id: str
    etag: str
    status: str
    origins: Mapping[str, str]
    groups: tuple[str, ...]
    behaviors: tuple[Behavior, ...]
    raw: Mapping[str, Any] = field(compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "etag": self.etag,
            "status": self.status,
            "origins": dict(self.origins),
            "behaviors": {behavior.path: behavior.target for behavior in self.behaviors},
        }


@dataclass(frozen=True)
class Wanted:
    """Either the behaviours of ``paths`` go to the origin ``target_origin``, or ``origin`` has the ``domain``."""

    target_origin: str = ""
    paths: tuple[str, ...] = ()
    origin: str = ""
    domain: str = ""


@dataclass(frozen=True)
class Edit:
    """One value of the configuration: a behaviour's target (by path) or an origin's domain (by id)."""

    path: str
    origin: str
    before: str
    after: str
