# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions laid over moto's own: how one of ours gets in, and how it still reaches the one that it replaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ORIGINALS: dict[tuple[type, str], Callable[[Any], Any]] = {}


def put(kind: type, name: str, action: Callable[[Any], Any]) -> None:
    """Put an action in place of moto's, or where it has none. Moto lists only plain functions of the class."""

    def method(self: Any) -> Any:
        return action(self)

    setattr(kind, name, method)


def wrap(kind: type, name: str, action: Callable[[Any, Callable[[Any], Any]], Any]) -> None:
    """Put an action in place of moto's that is given moto's own, as it was before the first installation."""
    original = ORIGINALS.setdefault((kind, name), getattr(kind, name))
    put(kind, name, lambda response: action(response, original))
