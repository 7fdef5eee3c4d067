# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A series of samples that stays small: counted by slots of time, which get twice as wide when there are too many.

What is counted stays exact, only the time gets coarser: a probe of an hour takes no more room in a run's record than
one of a minute. Times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample

SLOTS = 240  # as many as a chart can show


@dataclass(frozen=True)
class Slot:
    """The samples that were sent within one slot; ``slowest`` is the longest of them, in seconds."""

    index: int
    good: int = 0
    failed: int = 0
    slowest: float = 0.0

    def __add__(self, other: Slot) -> Slot:
        slowest = max(self.slowest, other.slowest)
        return Slot(self.index, self.good + other.good, self.failed + other.failed, slowest)


@dataclass(frozen=True)
class Series:
    """``slots`` from ``began`` on, each of ``width`` seconds; one in which nothing was sent is left out."""

    began: float = 0.0
    width: float = 0.1
    slots: tuple[Slot, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "began": self.began,
            "width": self.width,
            "slots": [[each.index, each.good, each.failed, round(each.slowest, 3)] for each in self.slots],
        }


def counted(series: Series, sample: Sample) -> Series:
    """The series once ``sample``, newer than all before it, is counted in."""
    if not series.slots:
        series = replace(series, began=sample.started)
    while (index := int(max(0.0, sample.started - series.began) / series.width)) >= SLOTS:
        series = _coarser(series)
    fresh = Slot(index, int(sample.good), int(not sample.good), max(0.0, sample.ended - sample.started))
    return replace(series, slots=_merged((*series.slots, fresh)))


def _coarser(series: Series) -> Series:
    slots = tuple(replace(each, index=each.index // 2) for each in series.slots)
    merged: tuple[Slot, ...] = ()
    for each in slots:
        merged = _merged((*merged, each))
    return replace(series, width=series.width * 2, slots=merged)


def _merged(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The newest slot added to the one before, where they are the same."""
    if len(slots) > 1 and slots[-1].index == slots[-2].index:
        return (*slots[:-2], slots[-2] + slots[-1])
    return slots
