#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: client_watch
version_added: 0.1.0
short_description: Watch what a client sees while something is done to the workload
description:
  - Does again and again what a client does that has just started, as P(multiregion.aws_dr.client_probe#module) does,
    until it is told to stop, and says how long the client was cut off at a stretch.
  - It is to be started with C(async) and C(poll=0), and collected with P(ansible.builtin.async_status#module) after the
    file O(until) was made.
  - The module itself changes nothing. A request that writes leaves in the application what it writes there.
options:
  url:
    description: The URL that a client asks, by its public name.
    type: str
    required: true
  method:
    description: The request's method.
    type: str
    choices: [GET, HEAD, POST, PUT, PATCH, DELETE]
    default: GET
  body:
    description: The request's body. C({id}) is replaced by a number that no other sample has.
    type: str
  headers:
    description: Headers of the request.
    type: dict
    default: {}
  expect_status:
    description: Statuses that are good.
    type: list
    elements: int
    default: [200]
  interval:
    description: Seconds from one request to the next. A gap is known to about that.
    type: float
    default: 0.2
  request_timeout:
    description: Seconds after which a request has failed.
    type: float
    default: 2.0
  until:
    description: It stops once there is a file of this name.
    type: path
    required: true
  timeout:
    description: Seconds after which it stops by itself, and says so.
    type: float
    default: 3600.0
attributes:
  check_mode:
    details: Nothing is asked. RV(watch) is null.
  diff_mode:
    support: none
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.resolvers
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Watch
  multiregion.aws_dr.client_watch:
    url: https://api.shop.example/healthz
    until: /tmp/enough
  async: 3600
  poll: 0
  register: watching
"""

RETURN = r"""
watch:
  description: What was seen. Null in check mode.
  returned: success
  type: dict
  contains:
    samples:
      description: How many requests were sent.
      type: int
    failures:
      description: How many of them failed.
      type: int
    longest_gap_seconds:
      description: Seconds from the first failed request of the longest stretch to the first good one after it.
      type: float
    gaps:
      description: Every stretch, with C(started), C(ended) and C(seconds).
      type: list
      elements: dict
    last_error:
      description: Why the last failed request failed.
      type: str
    stopped:
      description: Whether it was told to stop; else its time was over.
      type: bool
calls:
  description: The changing AWS calls. Always empty.
  returned: success
  type: list
  elements: dict
timing:
  description: When the task started and ended.
  returned: success
  type: dict
  contains:
    started:
      description: Seconds since the epoch.
      type: float
    ended:
      description: Seconds since the epoch.
      type: float
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RESOLVERS_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.gap import Watch, after
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.client import Enquiry, take_sample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import split_address
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.http_request import parse_url


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Sample until the file is there, or time is over. Raises ``DrError`` for options that can't be."""
    parse_url(options["url"])
    for resolver in options["resolvers"]:
        split_address(resolver)
    if context.check_mode:
        return Result(changed=False, values={"watch": None})
    enquiry = Enquiry(
        url=options["url"],
        method=options["method"],
        body=options["body"],
        headers=options["headers"],
        statuses=tuple(options["expect_status"]),
        string="",
        addresses=(),
        ca_path=None,
    )
    clock, stop, watch = context.clock, Path(options["until"]), Watch()
    offset = clock.wall() - clock.monotonic()
    while not stop.exists() and not context.deadline.passed(clock):
        began = clock.monotonic()
        sample = take_sample(
            enquiry, options["resolvers"], options["request_timeout"], lambda: offset + clock.monotonic(), clock
        )
        watch = after(watch, sample)
        clock.sleep(max(0.0, began + options["interval"] - clock.monotonic()))
    return Result(changed=False, values={"watch": {**_values(watch), "stopped": stop.exists()}})


def _values(watch: Watch) -> dict[str, Any]:
    gaps = [{"started": each.started, "ended": each.ended, "seconds": round(each.seconds, 3)} for each in watch.gaps]
    return {
        "samples": watch.samples,
        "failures": watch.failures,
        "longest_gap_seconds": round(watch.longest, 3),
        "gaps": gaps,
        "last_error": watch.last_error,
    }


def main() -> None:
    run(
        execute,
        argument_spec={
            "url": {"type": "str", "required": True},
            "method": {"type": "str", "choices": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], "default": "GET"},
            "body": {"type": "str"},
            "headers": {"type": "dict", "default": {}, "no_log": True},
            "expect_status": {"type": "list", "elements": "int", "default": [200]},
            "interval": {"type": "float", "default": 0.2},
            "request_timeout": {"type": "float", "default": 2.0},
            "until": {"type": "path", "required": True},
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(3600),
        },
    )


if __name__ == "__main__":
    main()
