# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to the address that a name has now; the certificate's check is for the name."""

from __future__ import annotations

import functools
import socket
import ssl


def connect(host: str, address: str, port: int, timeout: float, *, tls: bool, ca_path: str | None) -> socket.socket:
    """Connect to ``address``, with TLS for ``host`` where asked for. Raises OSError; ssl's errors are among those."""
    plain = socket.create_connection((address, port), timeout)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not tls:
        return plain
    try:
        return _context(ca_path).wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def certificate_ends(connection: socket.socket) -> float | None:
    """The epoch second until which the other side's certificate is good; ``None`` without TLS."""
    if not isinstance(connection, ssl.SSLSocket):
        return None
    ends = (connection.getpeercert() or {}).get("notAfter")
    return float(ssl.cert_time_to_seconds(str(ends))) if ends else None


@functools.lru_cache(maxsize=8)  # reading the trusted certificates takes longer than a request
def _context(ca_path: str | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_path)
