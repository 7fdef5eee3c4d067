# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any


def list_quotas(client: Any, service: str) -> list[dict[str, Any]]:
    """All applied quotas of a service (by Service Quotas' code) in ``client``'s Region."""
    pages = client.get_paginator("list_service_quotas").paginate(ServiceCode=service)
    return [quota for page in pages for quota in page["Quotas"]]
