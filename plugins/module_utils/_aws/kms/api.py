# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS KMS: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

NOT_FOUND = ("NotFoundException",)
POLICY_NAME = "default"  # the only one there is


def describe_key(client: Any, key_id: str) -> dict[str, Any] | None:
    """The key of that id, ARN or alias in ``client``'s Region; ``None`` where there is none."""
    try:
        return client.describe_key(KeyId=key_id)["KeyMetadata"]
    except AWS_ERRORS as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise


def list_aliases(client: Any) -> list[dict[str, Any]]:
    """All aliases of ``client``'s Region."""
    return [alias for page in client.get_paginator("list_aliases").paginate() for alias in page["Aliases"]]


def get_key_policy(client: Any, key_id: str) -> str:
    """The key's policy, as JSON."""
    return client.get_key_policy(KeyId=key_id, PolicyName=POLICY_NAME)["Policy"]


def put_key_policy(client: Any, key_id: str, policy: str) -> None:
    """Replace the key's policy."""
    client.put_key_policy(KeyId=key_id, PolicyName=POLICY_NAME, Policy=policy)


def create_alias(client: Any, name: str, key_id: str) -> None:
    """Give a key a name in ``client``'s Region."""
    client.create_alias(AliasName=name, TargetKeyId=key_id)


def replicate_key(client: Any, key_id: str, region: str, policy: str, description: str) -> None:
    """Start a replica in ``region``: ``client`` is that of the primary's Region."""
    client.replicate_key(KeyId=key_id, ReplicaRegion=region, Policy=policy, Description=description)


def update_primary_region(client: Any, key_id: str, region: str) -> None:
    """Start moving the primary to ``region``: ``client`` is that of the current primary's Region."""
    client.update_primary_region(KeyId=key_id, PrimaryRegion=region)
