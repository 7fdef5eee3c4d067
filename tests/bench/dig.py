# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`dig +short NAME A`, asked of the lab's name server: for the peers, on a machine that may have no dig."""

from __future__ import annotations

import os
import sys

import dns.message
import dns.query
import dns.rdatatype

query = dns.message.make_query(sys.argv[1], "A")
answer = dns.query.udp(query, f"127.{os.environ['AWS_DR_LAB_INSTANCE']}.60.53", port=25353, timeout=2)
print(*[item.address for rrset in answer.answer for item in rrset if item.rdtype == dns.rdatatype.A], sep="\n")
