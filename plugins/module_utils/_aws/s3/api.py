# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon S3: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

NOT_FOUND = ("NoSuchKey", "404")
NO_BUCKET = "NoSuchBucket"
NO_REPLICATION = "ReplicationConfigurationNotFoundError"


def get_object(client: Any, bucket: str, key: str, limit: int) -> bytes | None:
    """The first ``limit`` bytes of an object; ``None`` where there is none.

    Without the permission s3:ListBucket, S3 answers AccessDenied for an object that isn't there: that is raised.
    """
    try:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read(limit)
    except AWS_ERRORS as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise


def put_object(client: Any, bucket: str, key: str, content: bytes) -> None:
    """Write an object that anonymous readers can be given: encrypted with S3's own key, never with one of KMS."""
    client.put_object(Bucket=bucket, Key=key, Body=content, ContentType="text/plain", ServerSideEncryption="AES256")


def delete_object(client: Any, bucket: str, key: str) -> None:
    """Delete an object. One that isn't there is no error."""
    client.delete_object(Bucket=bucket, Key=key)


def get_bucket_versioning(client: Any, bucket: str) -> str | None:
    """``Enabled`` or ``Suspended``; ``None`` for a bucket that never had versions."""
    return client.get_bucket_versioning(Bucket=bucket).get("Status")


def get_bucket_replication(client: Any, bucket: str) -> dict[str, Any] | None:
    """The replication configuration; ``None`` where there is none."""
    try:
        return client.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    except AWS_ERRORS as exc:
        if error_code(exc) == NO_REPLICATION:
            return None
        raise


def put_bucket_replication(client: Any, bucket: str, config: dict[str, Any]) -> None:
    """Replace the whole replication configuration. Depends on us-east-1."""
    client.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=config)


def delete_bucket_replication(client: Any, bucket: str) -> None:
    """Remove the replication configuration with all its rules. Depends on us-east-1."""
    client.delete_bucket_replication(Bucket=bucket)


def put_version(client: Any, bucket: str, key: str, content: bytes) -> str:
    """Write an object, encrypted as the bucket does by default, and return its version."""
    return client.put_object(Bucket=bucket, Key=key, Body=content, ContentType="text/plain")["VersionId"]


def has_version(client: Any, bucket: str, key: str, version_id: str) -> bool:
    """Whether the bucket has that version of an object: a replica keeps its source's version."""
    try:
        client.head_object(Bucket=bucket, Key=key, VersionId=version_id)
    except AWS_ERRORS as exc:
        if error_code(exc) in (*NOT_FOUND, "NoSuchVersion"):
            return False
        raise
    return True


def write_object(client: Any, bucket: str, key: str, content: bytes) -> None:
    """Write an object, encrypted as the bucket does by default."""
    client.put_object(Bucket=bucket, Key=key, Body=content, ContentType="text/plain")


def head_bucket(client: Any, bucket: str) -> bool:
    """Whether there is such a bucket. One in another Region, or of another owner, is botocore's error."""
    try:
        client.head_bucket(Bucket=bucket)
    except AWS_ERRORS as exc:
        if error_code(exc) in (*NOT_FOUND, NO_BUCKET):
            return False
        raise
    return True


def list_object_versions(client: Any, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    """Pages of every version and delete marker below ``prefix``, by key. No more than a page is held at a time."""
    yield from client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)


def head_object(client: Any, bucket: str, key: str) -> dict[str, Any] | None:
    """What S3 says of an object's current version; ``None`` where there is none, or a delete marker."""
    try:
        return client.head_object(Bucket=bucket, Key=key)
    except AWS_ERRORS as exc:
        if error_code(exc) in NOT_FOUND:
            return None
        raise
