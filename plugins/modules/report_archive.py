#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: report_archive
version_added: 0.1.0
short_description: Keep a report's files, and say whether one was altered
description:
  - Writes files to a directory of this machine, with a manifest of their SHA-256 hashes, and into buckets with object
    lock, best one in each Region.
  - In a bucket they are below O(prefix) in a folder that is named by the manifest's own hash. So another report never
    overwrites this one, and an altered manifest isn't found there.
  - A bucket that can't be reached gets a warning, as its Region may be what was lost. Run again, it gets what it lacks.
    The task fails where files were to go into buckets and none could be reached.
  - A bucket must have been made with object lock, which also turns versions on. Needs C(s3:PutObject),
    C(s3:PutObjectRetention), C(s3:GetObject), C(s3:GetObjectRetention) and C(s3:ListBucket) on it.
options:
  state:
    description:
      - V(present) writes what is missing or differs on this machine, and what is missing in a bucket.
      - V(verified) writes nothing. It fails if a file isn't what the manifest says, anywhere, and says which.
      - Without a bucket V(verified) can't find it out if file and manifest were altered together.
    type: str
    choices: [present, verified]
    default: present
  path:
    description: The directory on this machine.
    type: path
    required: true
  files:
    description: The files' contents, by their names. Required with O(state=present).
    type: dict
  buckets:
    description: Where else they are kept.
    type: list
    elements: dict
    default: []
    suboptions:
      bucket:
        description: Its name.
        type: str
        required: true
      region:
        description: Its Region.
        type: str
        required: true
  prefix:
    description: What the folder in a bucket begins with.
    type: str
    default: aws-dr
  retention_mode:
    description:
      - With V(governance) a person with C(s3:BypassGovernanceRetention) can delete it before its time. With
        V(compliance) nobody can, the account's root included.
    type: str
    choices: [governance, compliance]
    default: governance
  retention_days:
    description: How many days a bucket keeps it.
    type: int
    default: 365
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 60.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Keep the last run's report
  multiregion.aws_dr.report_archive:
    path: reports/shop/{{ last.report.run.id }}
    files: "{{ last.report | multiregion.aws_dr.report_files }}"
    buckets:
      - bucket: shop-evidence-eu-central-1
        region: eu-central-1
      - bucket: shop-evidence-eu-west-1
        region: eu-west-1

- name: See whether anybody altered it
  multiregion.aws_dr.report_archive:
    state: verified
    path: reports/shop/{{ last.report.run.id }}
    buckets:
      - bucket: shop-evidence-eu-central-1
        region: eu-central-1
      - bucket: shop-evidence-eu-west-1
        region: eu-west-1
"""

RETURN = r"""
archive:
  description: What was kept, or looked at, and where.
  returned: success
  type: dict
  contains:
    manifest_sha256:
      description: The manifest's own hash, which stands for all the files.
      type: str
    intact:
      description: Whether nothing was altered. Null where a bucket couldn't be read, and with O(state=present).
      type: bool
    places:
      description: The directory, then each bucket.
      type: list
      elements: dict
      contains:
        place:
          description: Where.
          type: str
        written:
          description: The files that were written, or would be.
          type: list
          elements: str
        locked_until:
          description: Until when all of them are locked, in seconds since the epoch. Null where one isn't.
          type: float
        error:
          description: Why it couldn't be reached. Empty where it could.
          type: str
calls:
  description: The changing AWS calls that were made, or would be in check mode.
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

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manifest import MANIFEST, folder
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import archive
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.archive import Bucket, Keeping, Place


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Keep the files, or verify them. Raises ``Refused`` with what was altered, and ``DrError``."""
    return _verify(options, context) if options["state"] == "verified" else _keep(options, context)


def _keep(options: Mapping[str, Any], context: Context) -> Result:
    path, files = Path(options["path"]), archive.of_files(_checked(options["files"]))
    names = archive.outdated(path, files)
    before = {name: archive.digest(content) for name, content in files.items() if name not in names}
    digest = archive.digest(files[MANIFEST])
    buckets = _buckets(options, digest)
    keeping = Keeping(options["retention_mode"].upper(), options["retention_days"])
    if not context.check_mode:
        archive.write(path, files, names)
    there = archive.in_buckets(partial(archive.store, files, keeping, context), buckets, context)
    _judge(there, context)
    places = [Place(str(path), names), *there]
    calls = archive.calls(there, buckets)
    after = {name: archive.digest(content) for name, content in files.items()}
    return Result(any(place.written for place in places), _values(digest, places, None), before, after, calls)


def _verify(options: Mapping[str, Any], context: Context) -> Result:
    here, listed = archive.verify_here(Path(options["path"]))
    if listed is None:
        raise Refused(here.findings)
    digest = archive.digest(listed.text().encode())
    look = partial(archive.verify_there, listed, context)
    there = archive.in_buckets(look, _buckets(options, digest), context)
    _judge([here, *there], context)
    intact = None if any(place.error for place in there) else True
    return Result(changed=False, values=_values(digest, [here, *there], intact))


def _judge(places: Sequence[Place], context: Context) -> None:
    """Raises ``Refused`` for what is altered, and ``DrError`` where no bucket could be reached."""
    findings = tuple(finding for place in places for finding in place.findings)
    if findings:
        raise Refused(findings)
    dead = [place for place in places if place.error]
    if dead and all(place.error for place in places if place.name.startswith("s3://")):
        raise DrError("Using the buckets", "; ".join(each.error for each in dead), "Run it again once one is back.")
    for place in dead:
        context.warn(f"Nothing is known of {place.name}: {place.error} Run it again once it is back.")


def _checked(files: Mapping[str, Any]) -> dict[str, str]:
    wrong = [name for name in files if "/" in name or name.startswith(".") or name == MANIFEST]
    if wrong or not files:
        seen = f"{', '.join(wrong)} can't be a file's name here" if wrong else "there are none"
        raise DrError("Reading the option files", seen, "Give plain names with their contents.")
    return {name: str(content) for name, content in files.items()}


def _buckets(options: Mapping[str, Any], digest: str) -> list[Bucket]:
    where = folder(options["prefix"], digest)
    return [Bucket(each["bucket"], each["region"], where) for each in options["buckets"]]


def _values(digest: str, places: Sequence[Place], intact: bool | None) -> dict[str, Any]:
    shown = [
        {"place": each.name, "written": list(each.written), "locked_until": each.locked_until, "error": each.error}
        for each in places
    ]
    return {"archive": {"manifest_sha256": digest, "intact": intact, "places": shown}}


def main() -> None:
    bucket = {"bucket": {"type": "str", "required": True}, "region": {"type": "str", "required": True}}
    run(
        execute,
        argument_spec={
            "state": {"type": "str", "choices": ["present", "verified"], "default": "present"},
            "path": {"type": "path", "required": True},
            "files": {"type": "dict"},
            "buckets": {"type": "list", "elements": "dict", "default": [], "options": bucket},
            "prefix": {"type": "str", "default": "aws-dr"},
            "retention_mode": {"type": "str", "choices": ["governance", "compliance"], "default": "governance"},
            "retention_days": {"type": "int", "default": 365},
            "timeout": timeout_spec(60),
        },
        required_if=[("state", "present", ["files"])],
    )


if __name__ == "__main__":
    main()
