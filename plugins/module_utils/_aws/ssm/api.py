# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Systems Manager's parameters: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

DELETE_AT_ONCE = 10  # names that one DeleteParameters takes


def get_parameters_by_path(client: Any, path: str) -> list[dict[str, Any]]:
    """All parameters below a path, SecureStrings decrypted."""
    pages = client.get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True, WithDecryption=True)
    return [parameter for page in pages for parameter in page["Parameters"]]


def describe_parameters(client: Any, path: str) -> list[dict[str, Any]]:
    """What SSM says of all parameters below a path, their values apart."""
    below = {"Key": "Path", "Option": "Recursive", "Values": [path]}
    pages = client.get_paginator("describe_parameters").paginate(ParameterFilters=[below])
    return [parameter for page in pages for parameter in page["Parameters"]]


def get_parameter(client: Any, name: str) -> dict[str, Any]:
    """One parameter, decrypted."""
    return client.get_parameter(Name=name, WithDecryption=True)["Parameter"]


def put_parameter(client: Any, fields: dict[str, Any]) -> None:
    """Write a parameter, also over an older one. Its tier is the smallest that holds it; an advanced one stays that."""
    client.put_parameter(**fields, Overwrite=True, Tier="Intelligent-Tiering")


def delete_parameters(client: Any, names: list[str]) -> None:
    """Delete up to ``DELETE_AT_ONCE`` parameters. One that isn't there is no error."""
    client.delete_parameters(Names=names)
