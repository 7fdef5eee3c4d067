# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon SQS: one call per function. Botocore's errors are raised as they are."""

from __future__ import annotations

from typing import Any

MOST = 10  # messages that one answer may hold


def receive_messages(client: Any, queue_url: str, seconds: int) -> list[tuple[str, str]]:
    """Up to ten messages as receipt and body; waits up to ``seconds`` for the first."""
    answer = client.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=MOST, WaitTimeSeconds=seconds)
    return [(message["ReceiptHandle"], message["Body"]) for message in answer.get("Messages", [])]


def delete_message(client: Any, queue_url: str, receipt: str) -> None:
    """Take a message that was received out of the queue. One that is gone is no error."""
    client.delete_message(QueueUrl=queue_url, ReceiptHandle=receipt)
