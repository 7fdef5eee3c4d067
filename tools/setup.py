# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the virtual environment that everything in this repository runs in: once, and again when what it holds changes.

    python3 tools/setup.py           .venv: the best supported Python found on this machine
    python3 tools/setup.py --lane    .venv-2.19: the oldest supported ansible-core, on Python 3.11

Needs a Python and a package index (as pip is configured), nothing else: the collections come from the PyPI wheel of
``ansible``, as Galaxy can be out of reach.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The best first. 3.14 has all the packages too, but the tests aren't run on it.
PYTHONS = ("3.13", "3.12", "3.14", "3.11")
LANE_PYTHON = "3.11"
UV = "uv==0.13.9"
# Holds amazon.aws 11.4.0, and the two that notifications may use.
ANSIBLE_WHEEL = "ansible==14.5.0 --hash=sha256:245623ccc2d31d0f6f4bdb63168d550cad305fb032cc43d96e8f61ce8ab0ba84"
COLLECTIONS = ("amazon/aws", "community/aws", "community/general")
# Printed by an interpreter that can make environments: its version and where it really is.
PROBE = "import ensurepip, ssl, sys, venv; print('%d.%d' % sys.version_info[:2], sys._base_executable)"


def say(line: str) -> None:
    print("setup: " + line, flush=True)


def run(*command: object) -> bool:
    """Run a command; what it printed is shown only when it failed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        say(f"failed: {' '.join(words)}\n{done.stdout.decode(errors='replace').rstrip()}")
    return done.returncode == 0


def must(*command: object) -> None:
    if not run(*command):
        raise SystemExit(1)


def interpreters() -> dict[str, str]:
    """The supported Pythons of this machine, by version. Each is run: a pyenv shim may name one that isn't there."""
    names = [f"python{version}" for version in PYTHONS] + ["python3"]
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    pyenvs = {Path.home() / ".pyenv", *(folder.parent for folder in folders if folder.name == "shims")}
    places = [str(folder / name) for folder in folders for name in names]
    places += [place for root in sorted(pyenvs) for place in sorted(glob.glob(f"{root}/versions/*/bin/python3"))]
    found: dict[str, str] = {}
    for place in dict.fromkeys([sys.executable, *filter(os.path.exists, places)]):
        answer = subprocess.run(
            [place, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        ).stdout.decode()
        version, _space, path = answer.strip().partition(" ")
        if version in PYTHONS and not path.startswith(str(ROOT)):
            found.setdefault(version, path)
    return found


def requirements(version: str) -> Path:
    """Python 3.11 gets ansible-core 2.19 at most: it has a lock file of its own."""
    return ROOT / "requirements" / ("lane-2.19.txt" if version == LANE_PYTHON else "dev.txt")


def stamp(version: str) -> str:
    """What an environment was made of: when this changes, it is made again."""
    content = [requirements(version).read_bytes(), Path(__file__).read_bytes(), str(ROOT).encode()]
    return version + " " + hashlib.sha256(b"\0".join(content)).hexdigest()


def ready(venv: Path) -> bool:
    try:
        made_of = (venv / "stamp").read_text()
    except OSError:
        return False
    version = made_of.partition(" ")[0]
    return version in PYTHONS and made_of == stamp(version) and (venv / "bin" / "python").exists()


def install_packages(venv: Path, lock: Path) -> None:
    """The pinned packages, by uv, ten times as fast as pip; by pip where uv can't (an index only pip knows)."""
    os.environ.update(UV_SYSTEM_CERTS="1", UV_PYTHON_DOWNLOADS="never", PIP_DISABLE_PIP_VERSION_CHECK="1")
    pip = (venv / "bin" / "python", "-m", "pip")
    with_uv = run(*pip, "install", UV) and run(
        venv / "bin" / "uv", "pip", "install", "--python", venv / "bin" / "python", "-r", lock
    )
    if not with_uv:
        say("uv can't, so pip does: this takes a minute")
        must(*pip, "install", "-r", lock)


def install_collections(venv: Path) -> None:
    """Others' collections, and this repository as multiregion.aws_dr beside them."""
    site = next((venv / "lib").glob("python3*")) / "site-packages"
    with tempfile.TemporaryDirectory() as scratch:
        pin = Path(scratch) / "pin.txt"
        pin.write_text(ANSIBLE_WHEEL + "\n")
        options = ("--no-deps", "--ignore-requires-python", "--require-hashes", "--only-binary", ":all:", "-d", scratch)
        must(venv / "bin" / "python", "-m", "pip", "download", *options, "-r", pin)
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            wanted = tuple(f"ansible_collections/{name}/" for name in COLLECTIONS)
            wheel.extractall(site, [name for name in wheel.namelist() if name.startswith(wanted)])
    here = site / "ansible_collections" / "multiregion" / "aws_dr"
    here.parent.mkdir(parents=True, exist_ok=True)
    here.symlink_to(ROOT)
    (site / "aws_dr_lab.pth").write_text(f"{ROOT / 'extensions'}\n")
    lab = venv / "bin" / "lab"
    lab.write_text(f'#!/bin/sh\nPATH="{venv}/bin:$PATH" exec "{venv}/bin/python" -m lab "$@"\n')
    lab.chmod(0o755)


def make(venv: Path, version: str, python: str) -> None:
    started = time.monotonic()
    lock = requirements(version)
    say(f"making {venv.name} with Python {version} ({python}), once; some 600 MB")
    shutil.rmtree(venv, ignore_errors=True)
    must(python, "-m", "venv", venv)
    say(f"  the packages pinned in {lock.relative_to(ROOT)} ...")
    install_packages(venv, lock)
    say("  amazon.aws and two more out of the PyPI wheel of ansible ...")
    install_collections(venv)
    (venv / "stamp").write_text(stamp(version))
    say(f"{venv.name} is ready ({time.monotonic() - started:.0f} s)")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lane", action="store_true", help="the second lane: ansible-core 2.19 on Python 3.11")
    lane = parser.parse_args().lane
    venv, wanted = (ROOT / ".venv-2.19", (LANE_PYTHON,)) if lane else (ROOT / ".venv", PYTHONS)
    if ready(venv):
        return 0
    found = interpreters()
    version = next((version for version in wanted if version in found), None)
    if version is None:
        seen = ", ".join(sorted(found)) or "none"
        say(f"needs Python {' or '.join(sorted(wanted))} with venv and pip (Debian: python3-venv); found here: {seen}")
        return 3
    make(venv, version, found[version])
    return 0


if __name__ == "__main__":
    sys.exit(main())
