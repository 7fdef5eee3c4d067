# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Option specifications that several modules share. Documented in the doc fragments of the same names."""

from __future__ import annotations

from typing import Any

RECORD_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {"name": {"type": "str", "required": True}, "addresses": {"type": "dict", "required": True}},
}
DATABASE_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {
        "global_cluster_id": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "secret_id": {"type": "str", "required": True, "no_log": False},
        "sslmode": {
            "type": "str",
            "default": "require",
            "choices": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        },
        "sslrootcert": {"type": "path"},
    },
}

RESOLVERS_SPEC: dict[str, Any] = {"type": "list", "elements": "str", "default": []}

WRITER_GATE_SPEC: dict[str, Any] = {
    "database": DATABASE_SPEC,
    "allow_unverified_writer": {"type": "bool", "default": False},
    "resolvers": RESOLVERS_SPEC,
}


def timeout_spec(default: int) -> dict[str, Any]:
    """The option ``timeout`` in seconds: the whole task's deadline."""
    return {"type": "float", "default": float(default)}


WAIT_SPEC: dict[str, Any] = {"type": "bool", "default": True}

RUN_SPEC: dict[str, Any] = {
    "type": "dict",
    "options": {
        "id": {"type": "str", "required": True},
        "fence": {"type": "int", "required": True},
        "lock": {"type": "str", "required": True},
        "table": {"type": "str"},
        "region": {"type": "str"},
        "journal": {"type": "path"},
        "pid": {"type": "int", "default": 0},
        "pid_started": {"type": "int", "default": 0},
    },
}

STATE_TABLE_SPEC: dict[str, Any] = {
    "table": {"type": "str", "required": True},
    "table_region": {"type": "str", "required": True},
}

STATE_TABLES_SPEC: dict[str, Any] = {
    "table": {"type": "str", "required": True},
    "table_regions": {"type": "list", "elements": "str", "required": True},
}

_NAMES: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
_TEXT: dict[str, Any] = {"type": "str", "required": True}
FENCE_SPEC: dict[str, Any] = {
    "methods": {
        "type": "list",
        "elements": "str",
        "choices": ["network_acl", "compute", "hook"],
        "default": ["network_acl"],
    },
    "first_rule": {"type": "int", "default": 1},
    "allow_shared_acl": {"type": "bool", "default": False},
    "compute": {
        "type": "dict",
        "options": {
            "ecs_services": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {"cluster": _TEXT, "service": _TEXT},
            },
            "auto_scaling_groups": _NAMES,
            "functions": _NAMES,
        },
    },
    "hook": {
        "type": "dict",
        "options": {"command": {"type": "list", "elements": "str", "required": True}, "timeout": timeout_spec(15)},
    },
    "api_url": {"type": "str"},
}
