# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where everything of a lab is: Regions, addresses, ports, directories, and how long AWS takes."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME = "eu-central-1"
STANDBY = "eu-west-1"
THIRD = "eu-west-3"
REGIONS = (HOME, STANDBY)
"""The two Regions that have a database and an API; the third holds a latch object only."""

ACCOUNT = "123456789012"

# The same port in both Regions, and all below 32768 (where ephemeral ports begin).
POSTGRES_PORT = 25432
"""Where the database is reached from outside, through its VPC."""
APPLICATION_PORT = 25433
"""Where the Region's own API reaches it, through the same VPC from another subnet."""
SERVER_PORT = 25434
"""Where PostgreSQL itself listens: for replication, and for the lab's own questions."""
VALKEY_PORT = 26379
API_PORT = 28080
DNS_PORT = 25353
PROXY_PORT = 20443
ADMIN_PORT = 20080

_NETWORK = {HOME: 61, STANDBY: 62}

LATENCY: Mapping[str, float] = {
    "api_call": 0.05,
    "failover_start": 2.0,
    "failover_promote": 73.0,
    "failover_resync": 300.0,
    "switchover_start": 2.0,
    "switchover_write_gap": 30.0,
    "switchover_finish": 43.0,
    "detach": 60.0,
    "global_endpoint_dns": 30.0,
    "route53_insync": 30.0,
    "health_check_flip": 7.5,
    "table_create": 10.0,
    "table_replicate": 90.0,
    "table_catch_up": 5.0,
    "asg_instance": 60.0,
    "ecs_task": 30.0,
    "provisioned_concurrency": 60.0,
    "event_source": 15.0,
    "routing_control": 5.0,
    "secret_replication": 2.0,
    "key_replication": 10.0,
    "key_primary_update": 10.0,
    "s3_replication": 5.0,
    "cloudfront_deploy": 240.0,
    "cache_promotion": 40.0,
    "cache_disassociate": 60.0,
    "snapshot": 60.0,
    "snapshot_copy": 60.0,
    "restore": 240.0,
}
"""Seconds an operation of AWS takes at scale 1: medians of aws-behaviour.md section 11; the scale multiplies them.

A failover's median of 75 s and a switchover's are split over the states they pass through. ``health_check_flip`` is
what comes on top of interval x threshold. How long tables, capacity, event sources, secrets, keys and snapshots take
isn't published: assumed; so is ``s3_replication``, for one object, of which AWS promises 15 minutes.
"""

MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 * 1024**3

WAN_DELAY = 0.05
"""Seconds one way between the Regions."""

API_SERVICE = "ecs/shop/api"
"""The ECS service, by cluster and name, whose tasks are the Region's API."""

DATABASE = "shop"
DATABASE_USER = "app"
DATABASE_PASSWORD = "lab-only"
"""What the secret ``shop/db`` holds; the databases listen on loopback alone."""

CACHE_TOKEN = "lab-only-cache-token"
"""What the secret ``shop/cache`` holds."""


@dataclass(frozen=True)
class Instance:
    """One lab on this machine. The id picks its addresses and its directory, so that several run side by side."""

    id: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.id <= 254:
            raise ValueError(f"a lab's instance is a number from 0 to 254, not {self.id}")

    def address(self, region: str) -> str:
        """The address at which the Region's database and API listen."""
        return f"127.{self.id}.{_NETWORK[region]}.1"

    def wan_address(self, region: str) -> str:
        """The address in ``region`` at which it reaches the other Region's database and cache, across the WAN."""
        return f"127.{self.id}.{_NETWORK[region]}.9"

    def aside_address(self, region: str, number: int) -> str:
        """Where the Region's so manieth server listens that was restored from a snapshot."""
        return f"127.{self.id}.{_NETWORK[region]}.{100 + number}"

    @property
    def dns_address(self) -> str:
        """Where the authoritative name server listens, on port ``DNS_PORT``."""
        return f"127.{self.id}.60.53"

    @property
    def aws_address(self) -> str:
        """Where AWS's proxy (``PROXY_PORT``) and the admin API (``ADMIN_PORT``) listen."""
        return f"127.{self.id}.60.1"

    @property
    def proxy_url(self) -> str:
        return f"http://{self.aws_address}:{PROXY_PORT}"

    @property
    def admin_url(self) -> str:
        return f"http://{self.aws_address}:{ADMIN_PORT}"

    @property
    def state_dir(self) -> Path:
        """Everything the instance keeps on disk. Readable by all: PostgreSQL may run as another user."""
        return state_root() / str(self.id)

    @property
    def data_dir(self) -> Path:
        """The databases' files: in memory where there is enough, for they are made anew at every reset."""
        try:
            space = os.statvfs(MEMORY)
        except OSError:
            return self.state_dir / "data"
        if space.f_bavail * space.f_frsize < MEMORY_NEEDED:
            return self.state_dir / "data"
        return MEMORY / state_root().name / str(self.id)

    @property
    def ca_bundle(self) -> Path:
        return self.state_dir / "ca.pem"

    @property
    def pid_dir(self) -> Path:
        return self.state_dir / "pids"

    @property
    def log_dir(self) -> Path:
        return self.state_dir / "log"


def state_root() -> Path:
    """The directory of all of this user's labs; the binaries PostgreSQL is run from are shared in it."""
    user = os.getuid() if hasattr(os, "getuid") else getpass.getuser()
    return Path("/var/tmp") / f"aws-dr-lab-{user}"


def other(region: str) -> str:
    """The other of the two Regions."""
    return STANDBY if region == HOME else HOME


def client_environment(instance: Instance, base: Mapping[str, str]) -> dict[str, str]:
    """``base`` made safe for an AWS client: it reaches the lab under AWS's own names, and can't reach AWS.

    Proxy, CA and fake keys are set; config files, instance metadata, profiles and proxy exceptions are out of reach.
    """
    dropped = {"NO_PROXY", "no_proxy", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}
    kept = {
        name: value
        for name, value in base.items()
        if (name not in dropped and not name.startswith("AWS_")) or name.startswith("AWS_DR_")
    }
    return kept | {
        "HTTPS_PROXY": instance.proxy_url,
        "AWS_CA_BUNDLE": str(instance.ca_bundle),
        "AWS_ACCESS_KEY_ID": "AKIALAB0000000000000",
        "AWS_SECRET_ACCESS_KEY": "of-no-use-outside-the-lab",
        "AWS_DEFAULT_REGION": STANDBY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DR_LAB_INSTANCE": str(instance.id),
    }
