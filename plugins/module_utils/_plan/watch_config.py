# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a workload's watcher looks at, out of what its inventory says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Alarm, Api, PlatformCanary, Watched
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Subject
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_policy import policy_of

NEEDED = ("aws_dr_home_region", "aws_dr_standby_region", "aws_dr_legs", "aws_dr_state_table", "aws_dr_watch")
OPTIONAL = ("aws_dr_automatic", "aws_dr_resolvers")
VARIABLES = (*NEEDED, *OPTIONAL)
SECONDS = {"interval": 0.1, "timeout": 0.05, "repeat": 1.0, "errands": 1.0}
"""The least that each may be."""
TEXTS = ("place", "queue_url", "ca_path", "profile")
KNOWN = (*SECONDS, *TEXTS, "canaries", "alarms")


class BadWatch(ValueError):
    """What is to be watched can't be understood: says what was given, and what would be."""


def watched_of(workload: str, variables: Mapping[str, Any]) -> Watched:
    """What to watch by the variables of ``VARIABLES``. Raises ``BadWatch``, or ``BadPolicy``, a ``ValueError`` too."""
    absent = [name for name in NEEDED if not variables.get(name)]
    if absent:
        raise BadWatch(f"{workload}: the inventory lacks {', '.join(absent)}. docs/watching.md describes them.")
    given = variables["aws_dr_watch"]
    strange = sorted(set(given) - set(KNOWN))
    if strange:
        raise BadWatch(f"{workload}: aws_dr_watch has {', '.join(strange)}, which nothing reads: {', '.join(KNOWN)}.")
    home, standby = str(variables["aws_dr_home_region"]), str(variables["aws_dr_standby_region"])
    options: dict[str, Any] = {name: str(given[name]) for name in TEXTS if given.get(name)}
    options |= {name: _seconds(name, given[name]) for name in SECONDS if given.get(name) is not None}
    found = Watched(
        workload=workload,
        home=home,
        standby=standby,
        table=str(variables["aws_dr_state_table"]),
        policy=policy_of(variables.get("aws_dr_automatic") or {}),
        apis=tuple(Api(leg["region"], leg["api_url"]) for leg in variables["aws_dr_legs"] if leg.get("api_url")),
        canaries=tuple(_canaries(given.get("canaries") or {})),
        alarms=tuple(_alarms(given.get("alarms") or ())),
        resolvers=tuple(map(str, variables.get("aws_dr_resolvers") or ())),
        **{"place": standby, **options},
    )
    trouble = next(_troubles(found), "")
    if trouble:
        raise BadWatch(f"{workload}: {trouble}")
    return found


def _canaries(given: Mapping[str, Any]) -> Iterator[PlatformCanary]:
    for region, each in given.items():
        _only(each, ("bucket", "key"), f"aws_dr_watch.canaries.{region}")
        yield PlatformCanary(str(region), str(each["bucket"]), str(each["key"]))


def _alarms(given: Sequence[Mapping[str, Any]]) -> Iterator[Alarm]:
    for each in given:
        _only(each, ("name", "region", "looks_at"), "an alarm of aws_dr_watch", ("subject",))
        subject = each.get("subject") or Subject.WORKLOAD.value
        if subject not in [kind.value for kind in Subject]:
            raise BadWatch(f"the alarm {each['name']} has the subject {subject!r}. Give workload or platform.")
        yield Alarm(str(each["name"]), str(each["region"]), str(each["looks_at"]), Subject(subject))


def _only(given: Mapping[str, Any], needed: Sequence[str], what: str, optional: Sequence[str] = ()) -> None:
    if not set(needed) <= set(given) <= {*needed, *optional}:
        raise BadWatch(f"{what} has {', '.join(map(str, given))}. Give {', '.join(needed)}.")


def _seconds(name: str, given: Any) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = float("nan")
    if not SECONDS[name] <= number < float("inf"):
        raise BadWatch(f"aws_dr_watch.{name} is {given!r}. Give seconds, {SECONDS[name]:g} or more.")
    return number


def _troubles(watched: Watched) -> Iterator[str]:
    """What would keep it from ever finding a Region lost, or from looking in time."""
    regions = {watched.home, watched.standby}
    looked_at = {each.region for each in watched.apis}
    if not regions <= looked_at:
        yield f"aws_dr_legs has no api_url for {', '.join(sorted(regions - looked_at))}: it can't be looked at."
    if not regions <= {each.region for each in watched.canaries}:
        yield "aws_dr_watch.canaries needs one in each of both Regions: only so a bad release isn't taken for a loss."
    others = {each.place for each in watched.alarms} - {watched.place}
    if not others:
        yield "aws_dr_watch.alarms needs one of another Region: from one place, a lost path looks like a lost Region."
    if watched.home in (watched.place, *others):
        yield f"nobody in {watched.home} can be asked about it when it is lost: watch it from other Regions."
    if watched.timeout > watched.interval:
        yield "aws_dr_watch.timeout is above its interval: a look has to end before the next one begins."
    if len(watched.alarms) > 100:
        yield "aws_dr_watch.alarms has more than a hundred."
