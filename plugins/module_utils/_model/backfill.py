# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job of S3 Batch Operations that replicates what a bucket's replication has left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import Bucket


@dataclass(frozen=True)
class Job:
    """As S3 describes it. The counts are ``None`` where it didn't say; ``reasons`` are those of a failure."""

    id: str
    bucket: Bucket
    status: str = ""
    total: int | None = None
    succeeded: int | None = None
    failed: int | None = None
    reasons: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "bucket": self.bucket.name,
            "region": self.bucket.region,
            "status": self.status,
            "total": self.total,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "reasons": list(self.reasons),
        }
