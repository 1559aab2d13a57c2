"""The source of Daybook as the house rules read it: tracked files, syntax trees, catalogues."""

from __future__ import annotations

import ast
import re
import string
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = ("stock_ledger", "stocktake", "damaged_returns", "invoice_check", "survey", "night_audit")
# Packages of tasks/ that are no process: shared nouns, doors to the outside, what several processes read and keep.
SHARED = ("domain", "adapters", "intake", "register", "mail")
PRODUCT = ("flows", "tasks", "config", "templates", "benchmarks")
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
PATTERN = re.compile(r"\\d|\(\?")
LANGUAGES = ("zh_CN", "en")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file of the product: its path from the root, its syntax tree, and every node of the tree."""

    path: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    def at(self, node: ast.AST) -> str:
        """Where `node` stands, as an editor opens it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository by its path from the root; a copy without git lists what lies there."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode == 0:
        return tuple(sorted(path for path in asked.stdout.split("\0") if path and (ROOT / path).is_file()))
    hidden = {".git", ".venv", "__pycache__"}
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in found if not hidden & set(path.parts)))


@cache
def sources(*rooms: str) -> tuple[Source, ...]:
    """The Python files under `rooms` (all of the product without one), sorted by path."""
    wanted = rooms or PRODUCT
    folders = tuple(f"{room}/" for room in wanted)
    paths = [path for path in tracked() if path.endswith(".py") and path.startswith(folders)]
    return tuple(_source(path) for path in paths)


@cache
def _source(path: str) -> Source:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"), path)
    return Source(path, tree, tuple(ast.walk(tree)))


def processes() -> tuple[str, ...]:
    """The processes that have a flow or a package, by name."""
    flows = {Path(source.path).stem for source in sources("flows")} & set(PROCESSES)
    modules = [path.split("/") for path in tracked() if path.startswith("tasks/") and path.endswith(".py")]
    packages = {parts[1] for parts in modules if len(parts) > 2}
    return tuple(sorted(flows | (packages - set(SHARED))))


def pure() -> tuple[Source, ...]:
    """The modules that answer "what is true?": tasks/domain and each process but its tables and steps."""
    doors = {"tables", "hotel_tables", "return_tables", "invoice_tables", "survey_tables", "steps"}
    chosen = [source for source in sources("tasks") if source.path.startswith("tasks/domain/")]
    for name in ("intake", *processes()):
        chosen += [
            source
            for source in sources("tasks")
            if source.path.startswith(f"tasks/{name}/") and not doors & set(Path(source.path).with_suffix("").parts)
        ]
    return tuple(chosen)


def dotted(node: ast.AST) -> str:
    """The dotted name that `node` spells (`dt.date.today`), "" when it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call in `source` with the dotted name it calls."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def imports(source: Source) -> Iterator[tuple[str, ast.AST]]:
    """Every module that `source` imports anywhere, with where."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


def texts(source: Source, *, patterns: bool = True) -> Iterator[tuple[str, ast.Constant]]:
    """Every text of `source` that is no docstring, and unless `patterns` no regular expression either."""
    said: set[int] = set()
    for node in source.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            said.add(id(node.value))
        if not patterns and isinstance(node, ast.Call) and dotted(node.func).startswith("re."):
            said.update(id(inner) for inner in ast.walk(node))
    for node in source.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in said:
            continue
        if patterns or not PATTERN.search(node.value):
            yield node.value, node


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of `source`."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parameters(text: str) -> frozenset[str]:
    """The names of the `{parameters}` in a wording."""
    names = (name for _, name, _, _ in string.Formatter().parse(text) if name)
    return frozenset(re.split(r"[.\[]", name)[0] for name in names)
