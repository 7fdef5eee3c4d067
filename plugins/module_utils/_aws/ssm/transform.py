# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From SSM's answers to records, and back to fields of a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter


def parameters(values: Iterable[Mapping[str, Any]], described: Iterable[Mapping[str, Any]]) -> tuple[Parameter, ...]:
    """Values and descriptions put together, by name; a parameter below two of the paths is there once."""
    about = {each["Name"]: each for each in described}
    return tuple(
        _parameter(raw, about.get(name, {})) for name, raw in sorted({each["Name"]: each for each in values}.items())
    )


def _parameter(raw: Mapping[str, Any], about: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=raw["Name"],
        type=raw["Type"],
        value=raw["Value"],
        version=raw.get("Version", 0),
        tier=about.get("Tier") or "",
        data_type=raw.get("DataType") or "text",
        key_id=about.get("KeyId") or "",
        description=about.get("Description") or "",
        allowed_pattern=about.get("AllowedPattern") or "",
    )


def fields(parameter: Parameter) -> dict[str, Any]:
    """A parameter as PutParameter takes it."""
    optional = {
        "KeyId": parameter.key_id,
        "Description": parameter.description,
        "AllowedPattern": parameter.allowed_pattern,
    }
    return {
        "Name": parameter.name,
        "Type": parameter.type,
        "Value": parameter.value,
        "DataType": parameter.data_type,
        **{name: value for name, value in optional.items() if value},
    }
