# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as Ansible's own tools want it: in a directory of its name, without links, or built and installed.

python tools/collection.py sanity         ansible-test sanity on a copy, but for what takes minutes
python tools/collection.py slow-sanity    that: each file imported by itself, and pylint
python tools/collection.py installed      build, install elsewhere, and fail the lab's workload over from there
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import ansible_collections.amazon.aws
import ansible_test

from lab.claim import claimed

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
AMAZON_AWS = Path(next(iter(ansible_collections.amazon.aws.__path__)))
PLAYBOOK = "multiregion.aws_dr.failover"

# ansible-test downloads a script of this name to put pip into its environments; the pip of Python itself does as well.
GET_PIP = """
import ensurepip, subprocess, sys
ensurepip.bootstrap(default_pip=True)
words = [word for word in sys.argv[1:] if not word.startswith(("--no-setuptools", "--no-wheel", "pip=="))]
packages = [word for word in words if not word.startswith("-")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *words]) if packages else 0)
"""


def run(*words: object, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run a command, show what it prints, and return it. Raises CalledProcessError when it fails."""
    command = [str(word) for word in words]
    print("$", *command, flush=True)
    with subprocess.Popen(
        command, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        output = "".join(_echoed(line) for line in process.stdout or ())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return output


def _echoed(line: str) -> str:
    print(line, end="", flush=True)
    return line


def copy(tree: Path) -> Path:
    """What git tracks, or would, as ``tree``/ansible_collections/multiregion/aws_dr; amazon.aws beside it."""
    here = tree / "ansible_collections" / "multiregion" / "aws_dr"
    shutil.rmtree(tree, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, here / name)
    shutil.copytree(AMAZON_AWS, tree / "ansible_collections" / "amazon" / "aws")
    return here


def sanity(*which: str) -> None:
    """ansible-test sanity, with a home of its own for what it downloads and keeps."""
    here, home = copy(BUILD / "ct"), BUILD / "cache" / "ansible-test"
    run("git", "init", "--quiet", cwd=here)
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    source = Path(next(iter(ansible_test.__path__))) / "_internal" / "python_requirements.py"
    for version in re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP, encoding="utf-8")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ("ansible-test", "sanity", "--python", python, "--color", "no", *which)
    run(*command, cwd=here, env={**os.environ, "HOME": str(home)})


def installed() -> None:
    """Build the tarball, install it, and use nothing else: documentation, playbook, lab."""
    away = BUILD / "installed"
    shutil.rmtree(away, ignore_errors=True)
    here = copy(away / "source")
    run("ansible-galaxy", "collection", "build", "--force", "--output-path", away, here)
    collections = away / "collections"
    shutil.copytree(AMAZON_AWS, collections / "ansible_collections" / "amazon" / "aws")
    place = collections / "ansible_collections" / "multiregion" / "aws_dr"
    env = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
        "PYTHONPATH": str(place / "extensions"),
    }
    tarball = next(away.glob("multiregion-aws_dr-*.tar.gz"))
    run("ansible-galaxy", "collection", "install", "--offline", "-p", collections, tarball, env=env)
    documented = json.loads(run("ansible-doc", "--list", "--json", "multiregion.aws_dr", cwd=away, env=env))
    modules = {f"multiregion.aws_dr.{path.stem}" for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py")}
    if set(documented) != modules:
        raise SystemExit(f"ansible-doc lists {sorted(documented)} of the installed collection, not {sorted(modules)}")
    inventory = place / "inventories" / "lab"
    used = run("ansible-playbook", "--syntax-check", PLAYBOOK, "-i", inventory, cwd=away, env=env)
    used += run(sys.executable, "-c", "import lab; print(lab.__file__)", cwd=away, env=env)
    if used.count(str(place)) < 2:
        raise SystemExit("playbook and lab aren't those of the installed collection")
    with claimed() as instance:
        lab = (sys.executable, "-m", "lab", "--instance", instance.id)
        try:
            run(*lab, "up", cwd=away, env=env)
            run(*lab, "exec", "--", "ansible-playbook", PLAYBOOK, "-i", inventory, cwd=away, env=env)
        finally:
            run(*lab, "down", cwd=away, env=env)


if __name__ == "__main__":
    {
        "sanity": lambda: sanity("--skip-test", "import", "--skip-test", "pylint"),
        "slow-sanity": lambda: sanity("--test", "import", "--test", "pylint"),
        "installed": installed,
    }[sys.argv[1]]()
