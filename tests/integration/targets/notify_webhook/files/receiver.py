# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A webhook receiver, as docs/notifications.md tells people to write one.

python receiver.py ADDRESS PORT KEY COUNT: takes so many requests, and ends.
"""

from __future__ import annotations

import hashlib
import hmac
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

ADDRESS, PORT, KEY, COUNT = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode(), int(sys.argv[4])
OLDEST = 300


class Receiver(BaseHTTPRequestHandler):
    """Checks the signature in constant time, and that it is fresh."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = self.headers["X-AWS-DR-Timestamp"]
        wanted = "v1=" + hmac.new(KEY, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        good = hmac.compare_digest(wanted, self.headers["X-AWS-DR-Signature"])
        fresh = abs(time.time() - int(stamp)) < OLDEST
        busy = self.headers.get("X-Busy") == "once" and not asked
        asked.append(stamp)
        self.send_response(401 if not (good and fresh) else 503 if busy else 204)
        self.end_headers()

    def log_message(self, *_line: object) -> None:
        """Stay silent."""


asked: list[str] = []
server = HTTPServer((ADDRESS, PORT), Receiver)
server.timeout = 30
for _request in range(COUNT):
    server.handle_request()
