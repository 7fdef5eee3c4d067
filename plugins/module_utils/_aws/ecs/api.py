# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon ECS: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

NOT_FOUND = ("ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException")


def describe_service(client: Any, cluster: str, service: str) -> dict[str, Any] | None:
    """The service of that name; ``None`` where there is none any more."""
    found = client.describe_services(cluster=cluster, services=[service])["services"]
    return next((each for each in found if each["status"] != "INACTIVE"), None)


def update_service(client: Any, cluster: str, service: str, desired: int) -> None:
    """Set how many tasks a service wants."""
    client.update_service(cluster=cluster, service=service, desiredCount=desired)
