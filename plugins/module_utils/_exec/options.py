# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Option specifications that several modules share. Documented in the doc fragments of the same names."""

from __future__ import annotations

from typing import Any

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
