# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy grants, to whom, on what and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

LEG = "${Leg"
HOME, STANDBY, THIRD = "Home", "Standby", "Third"
LEGS = (HOME, STANDBY)


class IamRole(Enum):
    """Whose policy it is."""

    OPERATOR = "operator"
    PREFLIGHT = "preflight"
    TRIGGER = "trigger"
    DRILL = "drill"
    SETUP = "setup"
    CANARY = "canary"
    REPORTER = "reporter"


@dataclass(frozen=True)
class Grant:
    """One statement. ``does`` and ``layer`` name it; a workload without the layer doesn't need it.

    ``actions``: for each IAM action the calls ("rds:DescribeEvents", named as boto3 and the API do) that need it;
    none for what a service does in the caller's name, or only under a condition.
    ``resources``: ARNs with placeholders. One that begins with ``${Leg`` stands for each of ``places``.
    ``places``: the Regions it holds in, by name, or by what they are to the workload (``HOME``, ...).
    ``conditions``: operator, then key, then values with placeholders.
    """

    layer: str
    does: str
    roles: frozenset[IamRole]
    actions: Mapping[str, tuple[str, ...]]
    resources: tuple[str, ...] = ("*",)
    places: tuple[str, ...] = LEGS
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def sid(self) -> str:
        return f"{self.layer}{self.does}"

    @property
    def regions(self) -> tuple[str, ...]:
        """Each place as a policy names it."""
        return tuple(f"${{{place}Region}}" if place in (*LEGS, THIRD) else place for place in self.places)

    def calls(self) -> Iterator[str]:
        """Those that need any of it."""
        for needed_by in self.actions.values():
            yield from needed_by

    def in_each_place(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """``texts``, those about a leg once for each place."""
        found = [
            text.replace(LEG, f"${{{place}")
            for text in texts
            for place in (self.places if LEG in text else self.places[:1])
        ]
        return tuple(dict.fromkeys(found))
