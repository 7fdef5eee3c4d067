# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports for tests that listen. Several test processes run at once: a port is one's own until its process ends."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import TextIO

PORTS = range(21_000, 32_000)  # below those that the kernel gives to clients

_claims: list[TextIO] = []


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses, and that no other test is given."""
    directory = Path(tempfile.gettempdir()) / f"aws-dr-ports-{os.getuid()}"
    directory.mkdir(exist_ok=True)
    for port in PORTS:
        claim = (directory / str(port)).open("w")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:  # claimed, or in use
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise AssertionError("no port is free")
