# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From S3's answers to records."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import ObjectState


def object_state(content: bytes | None, token: str) -> ObjectState:
    """What an object's content (``None``: no object) says about the latch. The content must be the token, no more."""
    if content is None:
        return ObjectState.CLEAR
    return ObjectState.SET if content == token.encode() else ObjectState.OTHER
