# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A control plane to test: moto with the lab's extensions behind the proxy, on a fake clock and a fake data plane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from lab.aws.install import AwsState, install
from lab.control.calls import Record
from lab.control.certs import CertificateStore
from lab.control.faults import Rules
from lab.control.proxy import Proxy
from lab.vpc import Admission

from .ports import free_port

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"


class FakeClock:
    """Time that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_790_000_000.0 + self.now

    def pass_time(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class FakePlane:
    """A data plane that notes what it is asked. ``held`` effects end only when they are let go."""

    lost: set[str] = field(default_factory=set)
    cut: bool = False
    lag: dict[str, float] = field(default_factory=dict)
    cache_lag: dict[str, float] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    blockable: bool = True
    done: list[tuple[str, ...]] = field(default_factory=list)
    admissions: dict[tuple[str, str], Admission] = field(default_factory=dict)

    def reachable(self, region: str) -> bool:
        return region not in self.lost

    def linked(self, a: str, b: str) -> bool:
        return not self.cut and not {a, b} & self.lost

    def promote(self, region: str, *, alone: bool = False) -> None:
        self._act("promote", region, *(["alone"] if alone else []))

    def block_writes(self, region: str) -> bool:
        self._act("block_writes", region)
        return self.blockable

    def follow(self, region: str, upstream: str) -> None:
        self._act("follow", region, upstream)

    def keep_aside(self, region: str, name: str) -> None:
        self._act("keep_aside", region, name)

    def forget_aside(self, name: str) -> None:
        self._act("forget_aside", name)

    def restore(self, region: str, name: str, cluster: str, port: int) -> None:
        self._act("restore", region, name, cluster, str(port))

    def end_restored(self, region: str, cluster: str) -> None:
        self._act("end_restored", region, cluster)

    def serve(self, region: str, serving: bool) -> None:
        self._act("serve", region, str(serving))

    def lag_ms(self, region: str) -> float | None:
        return self.lag.get(region)

    def admit(self, region: str, client: str, admission: Admission) -> None:
        self.admissions[region, client] = admission

    def promote_cache(self, region: str, *, alone: bool = False) -> None:
        self._act("promote_cache", region, *(["alone"] if alone else []))

    def follow_cache(self, region: str, upstream: str) -> None:
        self._act("follow_cache", region, upstream)

    def cache_lag_seconds(self, region: str) -> float | None:
        return self.cache_lag.get(region)

    def _act(self, *what: str) -> None:
        self.done.append(what)
        if what[0] in self.failing:
            raise RuntimeError(f"{what[0]} fails")


@dataclass
class Spawner:
    """Runs effects at once, or keeps them until ``release``."""

    held: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, work: Callable[[], None]) -> None:
        if self.held:
            self.waiting.append(work)
        else:
            work()

    def release(self) -> None:
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work()


@dataclass
class Lab:
    """What a test sees of a control plane."""

    proxy: Proxy
    calls: Record
    faults: Rules
    clock: FakeClock
    plane: FakePlane
    spawner: Spawner
    state: AwsState

    def client(self, service: str, region: str = STANDBY, patience: float = 60) -> Any:
        return _client(service, region, patience)

    def look(self, seconds: float = 0.0) -> None:
        """Let time pass and have everything catch up with it."""
        self.clock.pass_time(seconds)
        for _unused in range(4):
            self.state.advance()


_clients: dict[tuple[str, str, float], Any] = {}


def _client(service: str, region: str, patience: float) -> Any:
    """One client per service and Region: unmodified, with no endpoint of ours."""
    if (service, region, patience) not in _clients:
        _clients[service, region, patience] = _new_client(service, region, patience)
    return _clients[service, region, patience]


def _new_client(service: str, region: str, patience: float) -> Any:
    config = Config(connect_timeout=patience, read_timeout=patience, retries={"total_max_attempts": 1})
    session: Any = boto3.Session(region_name=region)
    return session.client(service, config=config)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> CertificateStore:
    return CertificateStore(Path(tmp_path_factory.mktemp("lab")))


@pytest.fixture(scope="session")
def environment(certificates: CertificateStore) -> Iterator[int]:
    """The environment of `lab exec`, for the port that it yields."""
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        patch.setenv("AWS_CA_BUNDLE", str(certificates.ca_file))
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIALAB0000000000000")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "of-no-use")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for name in ("NO_PROXY", "no_proxy", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        yield port


@pytest.fixture
def scale() -> float:
    """AWS's times: on a fake clock they cost nothing."""
    return 1.0


@pytest.fixture
def lab(environment: int, certificates: CertificateStore, scale: float) -> Iterator[Lab]:
    clock, plane, spawner = FakeClock(), FakePlane(), Spawner()
    state = install(plane, clock, scale, spawn=spawner)
    calls, faults = Record(), Rules()
    proxy = Proxy("127.0.0.1", environment, certificates, calls, faults, state.app(), bucket_region=state.bucket_region)
    proxy.start()
    try:
        yield Lab(proxy, calls, faults, clock, plane, spawner, state)
    finally:
        proxy.stop()
        for client in _clients.values():
            client.close()  # of its connections, not for good: none is to lead to another test's proxy
        state.reset()
