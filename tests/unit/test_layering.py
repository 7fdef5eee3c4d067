# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of CONTRIBUTING.md that no linter knows: imports go down only, pure stays pure, files stay small."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
COLLECTION = "ansible_collections.multiregion.aws_dr."

MODULE_UTILS = frozenset({"_model", "_plan", "_exec", "_aws", "_probe", "_run"})
MAY_IMPORT = {
    "_model": {"_model"},
    "_plan": {"_model", "_plan"},
    "_exec": {"_model", "_exec"},
    "_aws": {"_model", "_exec", "_aws"},
    "_probe": {"_model", "_plan", "_exec", "_aws", "_probe"},
    "_run": MODULE_UTILS,
    "doc_fragments": set[str](),
    "modules": MODULE_UTILS,
    "plugin_utils": MODULE_UTILS | {"plugin_utils", "modules"},
    "filter": {"_model", "_plan", "plugin_utils"},
    "lookup": {"_model", "_plan", "plugin_utils"},
    "action": MODULE_UTILS | {"plugin_utils", "modules"},
}
# What the pure layers may use of others: nothing that reads a clock, a file, the network or chance.
PURE = {"_model", "_plan"}
PURE_IMPORTS = {
    *("__future__", "abc", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "fnmatch"),
    *(
        "fractions",
        "functools",
        "html",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "shlex",
        "statistics",
        "string",
        "types",
        "typing",
    ),
}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "input", "print"}

DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
MODULE_LINES, FILE_LINES, FUNCTION_LINES = 150, 300, 40
CODE = [
    path
    for top in ("plugins", "extensions/eda", "extensions/lab", "tools", "tests")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "output" not in path.relative_to(ROOT).parts
]
PRODUCT = [path for path in CODE if path.is_relative_to(PLUGINS)]
LAB = [path for path in CODE if path.is_relative_to(ROOT / "extensions" / "lab")]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def offences(paths: Iterable[Path], found_in: Callable[[Path, ast.Module], object]) -> dict[str, object]:
    """What a rule finds, by file; a file without a finding is left out."""
    found = {path: found_in(path, parsed(path)) for path in paths}
    return {str(path.relative_to(ROOT)): finding for path, finding in found.items() if finding}


def layer_of(parts: tuple[str, ...]) -> str:
    """The layer of a path or dotted name below plugins: a package of module_utils, else the kind of plugin."""
    return parts[1] if parts[0] == "module_utils" else parts[0]


def layer(path: Path) -> str:
    return layer_of(path.relative_to(PLUGINS).parts)


def imports(tree: ast.Module) -> Iterator[str]:
    """Every name imported anywhere in the file, also inside functions; relative ones begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def calls(tree: ast.Module) -> Iterator[str]:
    """The last word of everything called: ``b`` of ``a.b()``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def documentation(node: ast.AST) -> set[int]:
    """The lines of a docstring or of a module's DOCUMENTATION, EXAMPLES and RETURN; none for any other statement."""
    if isinstance(node, ast.Expr):
        documents = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    elif isinstance(node, ast.Assign):
        documents = any(isinstance(target, ast.Name) and target.id in DOCUMENTATION for target in node.targets)
    else:
        return set()
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1)) if documents else set()


def code_lines(path: Path, tree: ast.Module) -> int:
    """Lines that are neither blank, comment nor documentation."""
    left_out = set().union(*map(documentation, ast.walk(tree)))
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return sum(1 for number, line in lines if number not in left_out and line.strip() and line.strip()[0] != "#")


def function_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its ``def`` to its end, its docstring apart."""
    return (function.end_lineno or function.lineno) - function.lineno + 1 - len(documentation(function.body[0]))


def test_imports_go_down_only() -> None:
    def upward(path: Path, tree: ast.Module) -> list[str]:
        ours = [name for name in imports(tree) if name.startswith((COLLECTION + "plugins.", "."))]
        allowed = MAY_IMPORT[layer(path)]
        return [
            name
            for name in ours
            if layer_of(tuple(name.removeprefix(COLLECTION + "plugins.").split("."))) not in allowed
        ]

    assert offences(PRODUCT, upward) == {}


def test_the_product_knows_neither_the_lab_nor_the_tests() -> None:
    strangers = {"lab", "tests", "moto"}
    assert offences(PRODUCT, lambda _path, tree: strangers & {name.split(".")[0] for name in imports(tree)}) == {}


def test_the_lab_does_not_know_the_product() -> None:
    assert offences(LAB, lambda _path, tree: [name for name in imports(tree) if name.startswith("ansible")]) == {}


def test_a_pure_layer_reads_no_clock_file_or_network() -> None:
    def impure(_path: Path, tree: ast.Module) -> set[str]:
        others = {name for name in imports(tree) if not name.startswith(COLLECTION)}
        return {name for name in others if name.split(".")[0] not in PURE_IMPORTS} | IMPURE_CALLS & set(calls(tree))

    assert offences([path for path in PRODUCT if layer(path) in PURE], impure) == {}


def test_module_utils_import_nothing_dynamically() -> None:
    """AnsiballZ finds what a module needs by reading its imports."""
    dynamic = {"importlib", "import_module", "__import__"}
    utils = [path for path in PRODUCT if "module_utils" in path.parts]
    assert offences(utils, lambda _path, tree: dynamic & {*imports(tree), *calls(tree)}) == {}


def test_no_thread_is_joined_at_exit() -> None:
    """An executor joins its hung threads when the process ends, so that a deadline doesn't hold."""

    def executors(_path: Path, tree: ast.Module) -> set[str]:
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        return {"ThreadPoolExecutor"} & (used | {name.split(".")[-1] for name in imports(tree)})

    assert offences(CODE, executors) == {}


def test_only_the_clock_sleeps() -> None:
    """On a clock that is passed in, ``sleep`` is the clock's; a bare one is time's or asyncio's."""

    def sleeps(_path: Path, tree: ast.Module) -> list[str]:
        values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "sleep"]
        named = [value.id for value in values if isinstance(value, ast.Name) and value.id in ("time", "asyncio")]
        return named + [name for name in imports(tree) if name in ("time.sleep", "asyncio.sleep")]

    assert offences([path for path in PRODUCT if path.name != "clock.py"], sleeps) == {}


def test_files_are_short() -> None:
    def too_long(path: Path, tree: ast.Module) -> int:
        lines = code_lines(path, tree)
        return lines if lines > (MODULE_LINES if path.parent == PLUGINS / "modules" else FILE_LINES) else 0

    assert offences(CODE, too_long) == {}


def test_functions_are_short() -> None:
    def too_long(_path: Path, tree: ast.Module) -> dict[str, int]:
        return {f.name: function_lines(f) for f in functions(tree) if function_lines(f) > FUNCTION_LINES}

    assert offences(CODE, too_long) == {}


def test_files_say_their_licence_and_postpone_annotations() -> None:
    def lacks(path: Path, _tree: ast.Module) -> list[str]:
        text = path.read_text(encoding="utf-8")
        wanted = ["SPDX-License-Identifier: GPL-3.0-or-later", "from __future__ import annotations"]
        return [line for line in wanted[: 1 if path.name == "__init__.py" else 2] if line not in text]

    assert offences(CODE, lacks) == {}
