# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Lambda: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import AWS_ERRORS

NOT_FOUND = ("ResourceNotFoundException",)
NO_CONCURRENCY = "ProvisionedConcurrencyConfigNotFoundException"


def get_concurrency(client: Any, function: str, alias: str) -> dict[str, Any] | None:
    """The provisioned concurrency of an alias or version; ``None`` where it has none."""
    try:
        return client.get_provisioned_concurrency_config(FunctionName=function, Qualifier=alias)
    except AWS_ERRORS as exc:
        if error_code(exc) == NO_CONCURRENCY:
            return None
        raise


def put_concurrency(client: Any, function: str, alias: str, wanted: int) -> None:
    """Set the provisioned concurrency: 1 or more."""
    client.put_provisioned_concurrency_config(
        FunctionName=function, Qualifier=alias, ProvisionedConcurrentExecutions=wanted
    )


def delete_concurrency(client: Any, function: str, alias: str) -> None:
    """Have none any more."""
    client.delete_provisioned_concurrency_config(FunctionName=function, Qualifier=alias)


def list_event_sources(client: Any, function: str, source: str) -> list[dict[str, Any]]:
    """The event source mappings of a function, or only that from ``source`` (an ARN)."""
    only = {"EventSourceArn": source} if source else {}
    pages = client.get_paginator("list_event_source_mappings").paginate(FunctionName=function, **only)
    return [mapping for page in pages for mapping in page["EventSourceMappings"]]


def get_event_source(client: Any, uuid: str) -> dict[str, Any]:
    """The event source mapping of that identifier."""
    return client.get_event_source_mapping(UUID=uuid)


def update_event_source(client: Any, uuid: str, enabled: bool) -> dict[str, Any]:
    """Switch an event source mapping on or off; returns it as it is on its way there."""
    return client.update_event_source_mapping(UUID=uuid, Enabled=enabled)
