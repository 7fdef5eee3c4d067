# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bucket's latest versions as a stream, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.objects import ObjectState


def latest_objects(client: Any, bucket: str, prefix: str = "") -> Iterator[ObjectState]:
    """The latest version of each key, a delete marker too, by key. Raises botocore's errors as they come."""
    for page in api.list_object_versions(client, bucket, prefix):
        found = [_object(raw) for raw in page.get("Versions", []) if raw.get("IsLatest")]
        found += [
            ObjectState(raw["Key"], raw.get("VersionId", ""), deleted=True)
            for raw in page.get("DeleteMarkers", [])
            if raw.get("IsLatest")
        ]
        # Versions and markers are lists of their own, each by key.
        yield from sorted(found, key=lambda each: each.key.encode())


def _object(raw: dict[str, Any]) -> ObjectState:
    return ObjectState(raw["Key"], raw.get("VersionId", ""), raw.get("ETag", "").strip('"'), int(raw.get("Size", 0)))
