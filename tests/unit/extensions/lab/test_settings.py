# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from lab import settings
from lab.settings import HOME, STANDBY, Instance, client_environment, other


def test_instances_share_no_address() -> None:
    def addresses(instance: Instance) -> set[str]:
        regional = [call(region) for region in settings.REGIONS for call in (instance.address, instance.wan_address)]
        return {instance.aws_address, instance.dns_address, *regional}

    assert len(addresses(Instance(0)) | addresses(Instance(7))) == 12
    assert all(ipaddress.ip_address(address).is_loopback for address in addresses(Instance(254)))


@pytest.mark.parametrize("number", [-1, 255])
def test_an_instance_that_has_no_addresses_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="0 to 254"):
        Instance(number)


def test_ports_are_below_the_ephemeral_ones() -> None:
    database = (settings.POSTGRES_PORT, settings.APPLICATION_PORT, settings.SERVER_PORT)
    ports = (*database, settings.API_PORT, settings.DNS_PORT, settings.PROXY_PORT, settings.ADMIN_PORT)
    assert len(set(ports)) == 7
    assert max(ports) < 32768


def test_the_other_region_is_the_other_one() -> None:
    assert (other(HOME), other(STANDBY)) == (STANDBY, HOME)


def test_a_client_of_the_lab_has_nothing_of_the_users_own_aws() -> None:
    mine = {"AWS_PROFILE": "mine", "AWS_SESSION_TOKEN": "mine", "NO_PROXY": "mine", "no_proxy": "mine", "PATH": "/bin"}
    environment = client_environment(Instance(7), {**mine, "AWS_DR_X": "kept", "AWS_CONFIG_FILE": "mine"})
    assert "mine" not in environment.values()
    assert environment["PATH"] == "/bin"
    assert environment["AWS_DR_X"] == "kept"


def test_a_client_of_the_lab_goes_through_its_proxy() -> None:
    environment = client_environment(Instance(7), {"https_proxy": "http://elsewhere"})
    assert environment["HTTPS_PROXY"] == "http://127.7.60.1:20443"
    assert "https_proxy" not in environment
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert environment["AWS_DR_LAB_INSTANCE"] == "7"


def test_data_is_in_memory_only_where_there_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEMORY", tmp_path)
    monkeypatch.setattr(settings, "MEMORY_NEEDED", 1)
    assert tmp_path in Instance(7).data_dir.parents
    monkeypatch.setattr(settings, "MEMORY_NEEDED", 2**80)
    assert Instance(7).data_dir == Instance(7).state_dir / "data"
    monkeypatch.setattr(settings, "MEMORY", tmp_path / "absent")
    assert Instance(7).data_dir == Instance(7).state_dir / "data"
