# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Secrets Manager: one call per function."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

NOT_FOUND = ("ResourceNotFoundException",)


def get_secret_value(client: Any, secret_id: str) -> str:
    """The secret's text, as ``client``'s Region has it (a replica is read like any other secret).

    A secret that holds binary data instead gives an empty text. Raises botocore's errors as they are.
    """
    return client.get_secret_value(SecretId=secret_id).get("SecretString", "")


def get_secret_content(client: Any, secret_id: str) -> str | bytes:
    """The secret's current value, text or binary, for comparing it. Raises botocore's errors as they are."""
    answer = client.get_secret_value(SecretId=secret_id)
    return answer["SecretString"] if "SecretString" in answer else answer.get("SecretBinary", b"")


def can_read_secret(client: Any, secret_id: str) -> bool:
    """Whether the secret's current value can be read. It is forgotten at once. Raises botocore's errors as they are."""
    return "Name" in client.get_secret_value(SecretId=secret_id)


def describe_secret(client: Any, secret_id: str) -> dict[str, Any] | None:
    """What Secrets Manager says of a secret in ``client``'s Region, its value apart; ``None`` where there is none."""
    try:
        return client.describe_secret(SecretId=secret_id)
    except AWS_ERRORS as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise


def stop_replication_to_replica(client: Any, secret_id: str) -> None:
    """Make a replica a secret of its own: ``client`` is that of the replica's Region. There is no way back."""
    client.stop_replication_to_replica(SecretId=secret_id)


def replicate_secret_to_regions(client: Any, secret_id: str, region: str, key_id: str, overwrite: bool) -> None:
    """Start a replica in a Region: ``client`` is that of the primary's. ``overwrite`` ends what has its name there."""
    replica = {"Region": region} | ({"KmsKeyId": key_id} if key_id else {})
    client.replicate_secret_to_regions(
        SecretId=secret_id, AddReplicaRegions=[replica], ForceOverwriteReplicaSecret=overwrite
    )
