# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who would take a write now, who AWS says is the writer, where clients are sent. Silence is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Accepts(str, Enum):
    """Whether a Region's database took the write. Silence is ``unknown``: it may take those of others."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Writers(str, Enum):
    """What the answers of all Regions amount to. ``unknown``: at most one took it, and not all of them answered."""

    ONE = "one"
    SPLIT = "split"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class WriteTest:
    """A Region's database, asked to take a write that leaves nothing.

    ``how`` says what was seen. ``server_id`` is the instance's identifier, or its address (``server_id_source`` says
    which); empty where nobody answered. ``tried`` is false where the server was only asked what it is.
    """

    region: str
    accepts: Accepts
    how: str
    endpoint: str = ""
    address: str = ""
    server_id: str = ""
    server_id_source: str = ""
    tried: bool = True
    seconds: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "accepts": self.accepts.value}


@dataclass(frozen=True)
class ApiView:
    """Who the writer is as AWS tells it in ``region``; ``error`` where it told nothing. An empty writer: nobody.

    ``operation`` is the status of the move that is under way, ``detached`` whether the member there stands alone.
    """

    region: str
    writer: str = ""
    operation: str = ""
    detached: bool = False
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "writer": None if self.error else self.writer}


@dataclass(frozen=True)
class Sent:
    """Where one name server sends clients: the Regions of its ``addresses``; ``strangers`` are of no Region."""

    server: str
    addresses: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "server": self.server,
            "addresses": list(self.addresses),
            "regions": list(self.regions),
            "strangers": list(self.strangers),
            "error": self.error,
        }


@dataclass(frozen=True)
class SplitBrainSeen:
    """All that was seen at about one time. ``name`` is the clients' name, empty where none was asked for."""

    tests: tuple[WriteTest, ...]
    views: tuple[ApiView, ...]
    name: str = ""
    sent: tuple[Sent, ...] = ()
