# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Secrets Manager: one call per function."""

from __future__ import annotations

from typing import Any


def get_secret_value(client: Any, secret_id: str) -> str:
    """The secret's text, as ``client``'s Region has it (a replica is read like any other secret).

    A secret that holds binary data instead gives an empty text. Raises botocore's errors as they are.
    """
    return client.get_secret_value(SecretId=secret_id).get("SecretString", "")
