# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors in AWS's words."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class AwsError(ServiceException):
    """An error that reaches the client with its code; status and fault come from the API model."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
