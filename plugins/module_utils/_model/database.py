# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database whose writer is proved: which one, how it is reached, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Database:
    """The option ``database``: which database, and how a connection to it is secured."""

    global_cluster_id: str
    name: str
    secret_id: str
    sslmode: str = "require"
    sslrootcert: str | None = None

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Database:
        return cls(
            global_cluster_id=options["global_cluster_id"],
            name=options["name"],
            secret_id=options["secret_id"],
            sslmode=options.get("sslmode") or "require",
            sslrootcert=options.get("sslrootcert"),
        )


@dataclass(frozen=True)
class Credentials:
    """A user and its password, which no representation of this record shows."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class DatabaseTarget:
    """All that a connection to a Region's database needs, read beforehand.

    ``instances`` are the identifiers of the cluster's instances: one of them must be who answers.
    """

    region: str
    database: Database
    cluster_id: str
    endpoint: str
    port: int
    instances: tuple[str, ...]
    credentials: Credentials


@dataclass(frozen=True)
class WriterProof:
    """A write that was committed, and by whom.

    ``server_id`` is the instance's identifier as Aurora gives it, or the server's address where that function is
    absent (``server_id_source`` says which). ``address`` is what the endpoint's name resolved to, ``seconds`` how long
    resolving, connecting and writing took, ``written_at`` the epoch second at which the write was acknowledged.
    """

    region: str
    server_id: str
    server_id_source: str
    endpoint: str
    address: str
    nonce: str
    seconds: float
    written_at: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "region": self.region,
            "server_id": self.server_id,
            "server_id_source": self.server_id_source,
            "endpoint": self.endpoint,
            "address": self.address,
            "nonce": self.nonce,
            "seconds": self.seconds,
            "written_at": self.written_at,
        }


@dataclass(frozen=True)
class ServerState:
    """What a database server says about itself, and the ``seconds`` it took to hear it."""

    server_id: str
    server_id_source: str
    address: str
    writable: bool
    seconds: float
