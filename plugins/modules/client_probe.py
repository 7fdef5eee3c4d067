#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: client_probe
version_added: 0.1.0
short_description: See what a client sees, through DNS, until it is stable
description:
  - Does again and again what a client does that has just started, resolves the name, connects to what it got, sends
    one request. It succeeds once every sample has been good for O(stable_for) seconds, and says since when.
  - Each sample goes through every one of O(resolvers) and is good only if all of them led to the answer wanted.
  - No answer of DNS is cached, no connection kept, no redirect followed and no proxy used. Where a name has several
    addresses, each request goes to one of them at random.
  - The module itself changes nothing and always reports C(changed=false). A request that writes (O(method=POST) with
    a O(body)) leaves in the application what it writes there.
options:
  url:
    description: The URL to ask for, by the name that clients use.
    type: str
    required: true
  method:
    description: The request's method.
    type: str
    choices: [GET, HEAD, POST, PUT, PATCH, DELETE]
    default: GET
  body:
    description:
      - The request's body, sent as C(application/json) unless O(headers) say otherwise.
      - Every C({id}) in it becomes an integer that is unique to the request, between 2^52 and 2^53.
    type: str
  headers:
    description: Further headers of the request.
    type: dict
    default: {}
  expect_status:
    description: The statuses that count as good.
    type: list
    elements: int
    default: [200]
  expect_string:
    description: A string that a good answer's body contains within its first 64 KiB.
    type: str
    default: ""
  expect_addresses:
    description:
      - The addresses that the name may resolve to. Any other makes the sample a failure, whatever it answers there.
      - Empty means any.
    type: list
    elements: str
    default: []
  ca_path:
    description: File with the certificates to trust for an C(https) URL, instead of the system's.
    type: path
  interval:
    description: Seconds from one sample to the next.
    type: float
    default: 0.2
  request_timeout:
    description: Seconds that a sample may take, its look-up included. A longer one is a failure.
    type: float
    default: 2.0
  stable_for:
    description:
      - Seconds for which every sample must be good, from the first good answer on.
      - With V(0) a single good sample will do.
    type: float
    default: 5.0
  timeout:
    description: Seconds after which the task fails if there was no such stretch.
    type: float
    default: 300.0
attributes:
  check_mode:
    description:
      - Only resolves the name, once through every resolver. No request is sent, nothing is waited for, and
        RV(probe.sampled) is false.
  diff_mode:
    support: none
    details: It changes nothing.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Wait until clients are served again
  multiregion.aws_dr.client_probe:
    url: https://api.shop.example/healthz
    expect_string: ok
    stable_for: 10
    timeout: 300

- name: The same, with a real write, from two public resolvers, in the new Region only
  multiregion.aws_dr.client_probe:
    url: https://api.shop.example/orders
    method: POST
    body: '{"id": {id}, "note": "probe"}'
    expect_addresses: [192.0.2.10, 192.0.2.11]
    resolvers: [9.9.9.9, 1.1.1.1]
  register: seen

- name: How long users were cut off, as seen from here
  ansible.builtin.debug:
    msg: "{{ seen.probe.first_success - seen.probe.first_failure }} s"
  when: seen.probe.first_failure is not none
"""

RETURN = r"""
probe:
  description:
    - What was seen. A failure counts from when its request was sent, a success from when its answer was there.
    - Times are seconds since the epoch, and the same as an ISO 8601 string in the key that ends in C(_at).
    - What did not happen is null.
  returned: success
  type: dict
  contains:
    sampled:
      description: Whether requests were sent. False in check mode.
      type: bool
    samples:
      description: How many samples were taken.
      type: int
    failures:
      description: How many of them failed.
      type: int
    first_failure:
      description: The first failed sample.
      type: float
    first_failure_at:
      description: The same in ISO 8601.
      type: str
    last_failure:
      description: The last failed sample.
      type: float
    last_failure_at:
      description: The same in ISO 8601.
      type: str
    first_success:
      description: The first good answer of the stable stretch.
      type: float
    first_success_at:
      description: The same in ISO 8601.
      type: str
    stable_seconds:
      description: How long the stretch lasted.
      type: float
    last_error:
      description: What the last failed sample saw. Empty when none failed.
      type: str
    ttl:
      description: The largest TTL seen, in seconds.
      type: int
    ttl_tail_until:
      description:
        - From when on also the client that cached the old answer longest asks DNS again and gets the new one.
        - Old is an answer that was not given in the stable stretch. Exact to one O(interval).
      type: float
    ttl_tail_until_at:
      description: The same in ISO 8601.
      type: str
    ttl_tail_basis:
      description:
        - V(seen) is when the old answer was last given, plus its TTL.
        - V(assumed) is the first sample plus the largest TTL, since the old answer was gone before, perhaps only just.
        - Null where the URL names an address.
      type: str
    addresses:
      description: The addresses that the name resolved to in the stable stretch.
      type: list
      elements: str
    answers:
      description: Each set of addresses that a resolver gave.
      type: list
      elements: dict
      contains:
        resolver:
          description: Who gave it, V(system) for the system's name servers.
          type: str
        addresses:
          description: The addresses.
          type: list
          elements: str
        ttl:
          description: Its largest TTL in seconds.
          type: int
        first_seen:
          description: When it was first given.
          type: float
        last_seen:
          description: When it was last given.
          type: float
    series:
      description: The samples by slots of time, at most 240 of them, for a chart. Null in check mode.
      type: dict
      contains:
        began:
          description: When the first slot begins.
          type: float
        width:
          description: A slot's seconds. It doubles each time the slots run out.
          type: float
        slots:
          description: Of each slot with a sample its number, how many were good, how many failed, the slowest one's
            seconds.
          type: list
          elements: list
  sample:
    sampled: true
    samples: 31
    failures: 6
    first_failure: 1767225600.12
    first_success: 1767225601.35
    ttl_tail_until: 1767225602.2
    ttl_tail_basis: seen
    addresses: [192.0.2.10]
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    RESOLVERS_SPEC,
    RUN_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.stability import (
    Verdict,
    after,
    is_stable,
    next_start,
    ttl_tail,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.client import Enquiry, sight, take_sample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import SYSTEM, split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import parse_url, shown
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Sample until stable; in check mode, only resolve. Raises ``TimedOut`` with what was seen."""
    _validate(options)
    context = guarded(options.get("run"), context).context  # a long wait keeps the run's lease
    offset = context.clock.wall() - context.clock.monotonic()

    def now() -> float:
        # One reading of the wall clock: a step of it in the middle of a probe bends no duration.
        return offset + context.clock.monotonic()

    verdict = _resolved(options, now, context) if context.check_mode else _stable(options, now, context)
    return Result(changed=False, values={"probe": probe_values(verdict, sampled=not context.check_mode)})


def _validate(options: Mapping[str, Any]) -> None:
    parse_url(options["url"])
    for resolver in options["resolvers"]:
        split_address(resolver)
    for name, least in (("interval", 0.01), ("request_timeout", 0.01), ("stable_for", 0.0)):
        if options[name] < least:
            raise DrError(f"Reading the option {name}", f"it is {options[name]}", f"Give at least {least} seconds.")
    if options["stable_for"] >= options["timeout"]:
        seen = f"{options['stable_for']:g} s of good samples don't fit into timeout={options['timeout']:g}"
        raise DrError(
            "Reading the option stable_for", seen, "Give a timeout that is longer, by the time a switch may take."
        )


def _stable(options: Mapping[str, Any], now: Callable[[], float], context: Context) -> Verdict:
    enquiry = Enquiry(
        url=options["url"],
        method=options["method"],
        body=options["body"],
        headers=options["headers"],
        statuses=tuple(options["expect_status"]),
        string=options["expect_string"],
        addresses=tuple(options["expect_addresses"]),
        ca_path=options["ca_path"],
    )
    verdict = Verdict()
    while True:
        timeout = min(options["request_timeout"], max(0.01, context.deadline.remaining(context.clock)))
        sample = take_sample(enquiry, options["resolvers"], timeout, now, context.clock)
        # One that was cut short by the task's own deadline says nothing, unless it is all there is.
        if sample.good or not verdict.samples or not context.deadline.passed(context.clock):
            verdict = after(verdict, sample)
        if is_stable(verdict, options["stable_for"]):
            return verdict
        if context.deadline.passed(context.clock):
            raise _not_stable(options, verdict)
        context.progress(
            f"{verdict.samples} samples, {verdict.failures} failed, good for {verdict.stable_seconds:.1f} s"
        )
        due = next_start(verdict, sample.started, options["interval"], options["stable_for"])
        context.clock.sleep(min(max(0.0, due - now()), context.deadline.remaining(context.clock)))


def _not_stable(options: Mapping[str, Any], verdict: Verdict) -> TimedOut:
    addresses = sorted({address for each in verdict.seen for address in each.addresses})
    seen = (
        f"{verdict.failures} of {verdict.samples} samples failed; good for {verdict.stable_seconds:.1f} s at the end;"
        f" the name resolved to {', '.join(addresses) or 'nothing'}; last error: {verdict.last_error or 'none'}"
    )
    return TimedOut(
        f"Waiting {options['timeout']:g} s for {shown(options['url'])} to be good for {options['stable_for']:g} s",
        seen,
        "Check what those addresses serve, and whether the traffic was switched; then run the task again.",
        {"probe": probe_values(verdict, sampled=True)},
    )


def _resolved(options: Mapping[str, Any], now: Callable[[], float], context: Context) -> Verdict:
    """A verdict on no sample: what the resolvers answer, or why one doesn't."""
    started, sightings, error = now(), [], ""
    for label in options["resolvers"] or [SYSTEM]:
        try:
            sightings.append(sight(options["url"], label, options["request_timeout"], now, context.clock))
        except DrError as exc:
            error = str(exc)
    seen = after(Verdict(), Sample(started, now(), error, tuple(sightings)))
    return Verdict(seen=seen.seen, last_error=error, stretch_started=started)


def probe_values(verdict: Verdict, sampled: bool) -> dict[str, Any]:
    """The verdict as it is returned."""
    tail = ttl_tail(verdict) if sampled else None
    times = {
        "first_failure": verdict.first_failure,
        "last_failure": verdict.last_failure,
        "first_success": verdict.first_success,
        "ttl_tail_until": tail[0] if tail else None,
    }
    return {
        "sampled": sampled,
        "samples": verdict.samples,
        "failures": verdict.failures,
        **times,
        **{f"{name}_at": _iso(value) for name, value in times.items()},
        "stable_seconds": verdict.stable_seconds,
        "last_error": verdict.last_error,
        "ttl": verdict.ttl,
        "ttl_tail_basis": tail[1].value if tail else None,
        "addresses": sorted({address for each in verdict.current for address in each.addresses}),
        "answers": [
            {
                "resolver": each.resolver,
                "addresses": list(each.addresses),
                "ttl": each.ttl,
                "first_seen": each.first_seen,
                "last_seen": each.last_seen,
            }
            for each in verdict.seen
        ],
        "series": verdict.series.as_dict() if sampled else None,
    }


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def main() -> None:
    run(
        execute,
        argument_spec={
            "url": {"type": "str", "required": True},
            "method": {"type": "str", "choices": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], "default": "GET"},
            "body": {"type": "str"},
            "headers": {"type": "dict", "default": {}, "no_log": True},
            "expect_status": {"type": "list", "elements": "int", "default": [200]},
            "expect_string": {"type": "str", "default": ""},
            "expect_addresses": {"type": "list", "elements": "str", "default": []},
            "ca_path": {"type": "path"},
            "interval": {"type": "float", "default": 0.2},
            "request_timeout": {"type": "float", "default": 2.0},
            "stable_for": {"type": "float", "default": 5.0},
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(300),
            "run": RUN_SPEC,
        },
    )


if __name__ == "__main__":
    main()
