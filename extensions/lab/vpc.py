# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The VPC around each Region's database as both planes know it: who comes from where, and what is let through."""

from __future__ import annotations

from dataclasses import dataclass

from lab.settings import REGIONS

APPLICATION, OPERATIONS = "application", "operations"
CLIENTS = (APPLICATION, OPERATIONS)
"""Who asks the database through the VPC: the Region's own API, and whoever operates it from elsewhere.

Aurora's storage replication does not, nor do the lab's own questions.
"""

_NUMBERS = dict(zip(REGIONS, (61, 62), strict=True))


@dataclass(frozen=True)
class Admission:
    """What reaches the database, and comes back, of one client. Packets that are not let through are dropped."""

    opens: bool = True
    """New connections: a security group looks at these alone."""
    inbound: bool = True
    """Packets to the database: a network ACL looks at every one."""
    outbound: bool = True

    @property
    def connects(self) -> bool:
        return self.opens and self.inbound and self.outbound


OPEN = Admission()
CLOSED = Admission(opens=False, inbound=False, outbound=False)


def cidr(region: str) -> str:
    """The Region's VPC."""
    return f"10.{_NUMBERS[region]}.0.0/16"


def subnet_cidr(region: str, number: int) -> str:
    """A subnet of it: 0 is the application's, 10 and 11 are the database's."""
    return f"10.{_NUMBERS[region]}.{number}.0/24"


def address_of(client: str, region: str) -> str:
    """The address with which a client comes to the Region's database."""
    return f"10.{_NUMBERS[region]}.0.10" if client == APPLICATION else "10.60.0.10"
