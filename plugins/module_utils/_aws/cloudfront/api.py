# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon CloudFront: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

REGION = "us-east-1"  # where its one control plane is
NOT_FOUND = "NoSuchDistribution"


def get_distribution(client: Any, distribution_id: str) -> dict[str, Any]:
    """The distribution with its configuration, and the ``ETag`` that an update of it must show."""
    return client.get_distribution(Id=distribution_id)


def update_distribution(client: Any, distribution_id: str, config: dict[str, Any], etag: str) -> dict[str, Any]:
    """Replace the whole configuration, unless it has changed since ``etag`` was read: then PreconditionFailed."""
    return client.update_distribution(Id=distribution_id, DistributionConfig=config, IfMatch=etag)
