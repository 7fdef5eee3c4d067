# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters and the key of `shop`: as the home Region has them, and as far as they were copied to the standby."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.settings import HOME, REGIONS, STANDBY

KEY_ALIAS = "alias/shop"
ENDPOINT = "/shop/endpoint"
"""Differs by Region, and must not be copied."""
SHARED: tuple[tuple[str, str, str], ...] = (
    ("/shop/currency", "String", "EUR"),
    ("/shop/features", "StringList", "search,basket,vouchers"),
    ("/shop/payment/token", "SecureString", "lab-only-payment-token"),
)
ONLY_AT_HOME = ("/shop/payment/limit", "String", "500")
"""Changed at home and not copied yet."""


def seed(client: Callable[[str, str], Any], finish: Callable[[], None]) -> None:
    """Make it all, in both Regions. Raises botocore's errors."""
    key = client("kms", HOME).create_key(MultiRegion=True, Description="shop")["KeyMetadata"]["KeyId"]
    client("kms", HOME).replicate_key(KeyId=key, ReplicaRegion=STANDBY)
    finish()
    for region in REGIONS:
        client("kms", region).create_alias(AliasName=KEY_ALIAS, TargetKeyId=key)
        ssm = client("ssm", region)
        for name, kind, value in (*SHARED, (ENDPOINT, "String", f"https://api.{region}.shop.example")):
            encrypted = {"KeyId": KEY_ALIAS} if kind == "SecureString" else {}
            ssm.put_parameter(Name=name, Type=kind, Value=value, **encrypted)
    name, kind, value = ONLY_AT_HOME
    client("ssm", HOME).put_parameter(Name=name, Type=kind, Value=value)
