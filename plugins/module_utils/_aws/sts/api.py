# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS STS: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any


def get_caller_identity(client: Any) -> dict[str, Any]:
    """``Arn`` and ``Account`` of whose credentials these are, with the answer's ``ResponseMetadata``."""
    return client.get_caller_identity()
