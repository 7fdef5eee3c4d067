# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients

KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "example"}


def test_each_region_has_a_session_of_its_own() -> None:
    clients = Clients(KEYS)
    home, standby = clients.get("rds", "eu-central-1"), clients.get("rds", "eu-west-1")
    assert home.meta.endpoint_url == "https://rds.eu-central-1.amazonaws.com"
    assert standby.meta.endpoint_url == "https://rds.eu-west-1.amazonaws.com"
    assert home._request_signer._credentials is not standby._request_signer._credentials


def test_a_client_is_made_once() -> None:
    clients = Clients(KEYS)
    assert clients.get("rds", "eu-west-1") is clients.get("rds", "eu-west-1")


def test_no_call_waits_or_is_repeated_behind_our_back() -> None:
    config = Clients(KEYS).get("rds", "eu-west-1").meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 8)
    assert config.retries["total_max_attempts"] == 1


def test_hasty_ones_give_a_connection_up_sooner_and_are_signed_in_as_the_others_are() -> None:
    clients = Clients(KEYS)
    hasty = clients.hasty(0.5)
    assert hasty.get("rds", "eu-west-1").meta.config.connect_timeout == 0.5
    assert clients.get("rds", "eu-west-1").meta.config.connect_timeout == 2
    assert hasty.session("eu-west-1") is clients.session("eu-west-1")


def test_the_token_service_is_a_regional_one() -> None:
    assert Clients(KEYS).get("sts", "eu-west-1").meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"


def test_buckets_are_reached_through_their_region() -> None:
    endpoint = Clients(KEYS).get("s3", "eu-west-3").meta.endpoint_url
    assert endpoint == "https://s3.eu-west-3.amazonaws.com"
