# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon SES: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def send_email(
    client: Any, sender: str, to: Sequence[str], subject: str, text: str, html: str, configuration_set: str
) -> str:
    """Send a message with both bodies (an empty ``html`` is left out) and give its id, once SES has accepted it."""
    body = {"Text": {"Data": text, "Charset": "UTF-8"}} | ({"Html": {"Data": html, "Charset": "UTF-8"}} if html else {})
    content = {"Simple": {"Subject": {"Data": subject, "Charset": "UTF-8"}, "Body": body}}
    more = {"ConfigurationSetName": configuration_set} if configuration_set else {}
    answer = client.send_email(FromEmailAddress=sender, Destination={"ToAddresses": list(to)}, Content=content, **more)
    return str(answer["MessageId"])
