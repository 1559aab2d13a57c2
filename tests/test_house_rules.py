"""The rules of the house that no linter knows; each test's name is the rule."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from flows.deployments import DEPLOYMENTS, POOL, TAG
from tests import house

TOP_LEVEL = {
    "flows",
    "tasks",
    "templates",
    "config",
    "tests",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "Makefile",
    "constraints.txt",
    "prefect.yaml",
    ".gitignore",
    ".ci",
    "docs",
    "benchmarks",
}
FUNCTION_LINES_MAX = 50
MODULE_LINES_MAX = 400
FLOAT_TYPES = {"float", "float64", "Float64", "float32"}
# Spreadsheets keep their numbers as binary fractions; this module is where they become exact.
FOREIGN_NUMBERS = "tasks/domain/cells.py"
CLOCKS = re.compile(r"(^|\.)(now|today|utcnow)$|^time\.(time|time_ns|monotonic|perf_counter|localtime|gmtime)$")
FILES = re.compile(
    r"^open$|\.(read_text|read_bytes|write_text|write_bytes|unlink|mkdir|iterdir|rglob|open)$"
    r"|\.(read_csv|read_excel|read_parquet|read_sql|to_csv|to_excel|to_sql|to_parquet)$"
)
OUTSIDE = {
    "prefect", "sqlalchemy", "alembic", "jinja2", "aiosmtplib", "os", "asyncio", "logging", "time", "subprocess",
    "socket", "random", "secrets", "uuid", "flows",
}  # fmt: skip


def _named(lines: list[str]) -> str:
    return "\n".join(sorted(lines))


def test_only_the_agreed_entries_stand_at_the_top() -> None:
    found = {path.partition("/")[0] for path in house.tracked()}
    assert found <= TOP_LEVEL, f"these do not belong at the top: {sorted(found - TOP_LEVEL)}"


def test_smtplib_is_used_nowhere() -> None:
    everywhere = house.sources(*house.PRODUCT, "tests")
    found = [source.at(node) for source in everywhere for name, node in house.imports(source) if name == "smtplib"]
    assert not found, _named(found)


def test_aiosmtplib_is_known_to_the_mail_adapter_alone() -> None:
    # The yardstick of the benchmark is the bare library.
    doors = {"tasks/adapters/mail.py", "benchmarks/mail.py"}
    everywhere = house.sources(*house.PRODUCT, "tests")
    found = [
        source.at(node)
        for source in everywhere
        for name, node in house.imports(source)
        if name.partition(".")[0] == "aiosmtplib" and source.path not in doors
    ]
    assert not found, _named(found)


def test_pure_modules_read_no_clock() -> None:
    found = [
        f"{source.at(node)}: {name}()"
        for source in house.pure()
        for name, node in house.calls(source)
        if CLOCKS.search(name)
    ]
    assert not found, _named(found)


def test_pure_modules_open_no_file_and_print_nothing() -> None:
    found = [
        f"{source.at(node)}: {name}()"
        for source in house.pure()
        for name, node in house.calls(source)
        if FILES.search(name) or name in {"print", "input"}
    ]
    assert not found, _named(found)


def test_pure_modules_import_nothing_of_the_outside_world() -> None:
    found = [
        f"{source.at(node)}: {name}"
        for source in house.pure()
        for name, node in house.imports(source)
        if name.partition(".")[0] in OUTSIDE
        or name.startswith("tasks.adapters")
        or name.endswith((".tables", ".steps"))
        or (name.partition(".")[0] == "config" and not (name == "config.datasets" and "/intake/" in source.path))
    ]
    assert not found, _named(found)


def test_pure_modules_make_no_binary_fractions() -> None:
    found = []
    for source in house.pure():
        if source.path == FOREIGN_NUMBERS:
            continue
        found += [f"{source.at(node)}: {name}()" for name, node in house.calls(source) if name == "float"]
        found += [
            f"{source.at(node)}: Decimal of a float"
            for name, node in house.calls(source)
            if name.endswith("Decimal") and node.args and _is_float(node.args[0])
        ]
        found += [f"{source.at(node)}: {text}" for text, node in house.texts(source) if text in FLOAT_TYPES]
    assert not found, "money and quantities are exact:\n" + _named(found)


def _is_float(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


@pytest.mark.parametrize("process", house.processes())
def test_a_process_has_its_flow_package_template_and_settings(process: str) -> None:
    settings = tomllib.loads((house.ROOT / "config/daybook.toml").read_text(encoding="utf-8"))
    linted = (house.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    parts = {
        f"its flow: flows/{process}.py": f"flows/{process}.py" in house.tracked(),
        f"its package: tasks/{process}/__init__.py": f"tasks/{process}/__init__.py" in house.tracked(),
        f"its template: templates/{process}.html.j2": f"templates/{process}.html.j2" in house.tracked(),
        f"its settings: [{process}] in config/daybook.toml": process in settings,
        f"its wording: config/catalogues/zh_CN/{process}.po": f"config/catalogues/zh_CN/{process}.po"
        in house.tracked(),
        f"its layer in the import rules: tasks.{process} in pyproject.toml": f"tasks.{process}" in linted,
    }
    forgotten = [part for part, there in parts.items() if not there]
    assert not forgotten, f"the process {process} forgot " + "; ".join(forgotten)


def test_prefect_yaml_names_flows_as_modules_and_has_no_schedule() -> None:
    described = yaml.safe_load((house.ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    deployments = described["deployments"]
    assert deployments
    for deployment in deployments:
        module, _, function = deployment["entrypoint"].partition(":")
        assert re.fullmatch(r"flows\.[a-z_]+", module), f"{deployment['name']}: name the flow as a module"
        assert function.isidentifier(), f"{deployment['name']}: the entry point names no function"
        assert not {"schedule", "schedules"} & set(deployment), f"{deployment['name']}: schedules live in config"


def test_every_flow_has_a_deployment() -> None:
    described = yaml.safe_load((house.ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    deployed = {deployment["entrypoint"].partition(":")[0] for deployment in described["deployments"]}
    flows = {f"flows.{process}" for process in house.processes() if f"flows/{process}.py" in house.tracked()}
    assert flows <= deployed, f"without a deployment: {sorted(flows - deployed)}"


def test_prefect_yaml_and_the_table_of_deployments_say_the_same() -> None:
    described = yaml.safe_load((house.ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    written = [(one["name"], one["entrypoint"], one["tags"], one["work_pool"]["name"]) for one in described]
    table = [(one.name, one.entrypoint, [TAG], POOL) for one in DEPLOYMENTS]
    assert written == table, "flows/deployments.py and prefect.yaml name different deployments"


def test_every_section_of_a_deployment_holds_schedules() -> None:
    settings = tomllib.loads((house.ROOT / "config/daybook.toml").read_text(encoding="utf-8"))
    forgotten = [one.name for one in DEPLOYMENTS if one.section and not settings.get(one.section, {}).get("schedules")]
    assert not forgotten, f"no schedules in config/daybook.toml for {', '.join(forgotten)}"


def test_functions_are_short_and_modules_small() -> None:
    large = []
    for source in house.sources("flows", "tasks", "config"):
        lines = len((house.ROOT / source.path).read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES_MAX:
            large.append(f"{source.path}: {lines} lines, at most {MODULE_LINES_MAX}")
        if "/migrations/" in source.path:
            continue
        for function in house.functions(source):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > FUNCTION_LINES_MAX:
                large.append(f"{source.at(function)}: {function.name} has {length} lines, at most {FUNCTION_LINES_MAX}")
    assert not large, _named(large)


def test_public_functions_and_classes_say_what_the_caller_gets() -> None:
    silent = []
    for source in house.sources("flows", "tasks", "config"):
        if "/migrations/" in source.path:
            continue
        if not ast.get_docstring(source.tree):
            silent.append(f"{source.path}: the module")
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{source.at(node)}: {node.name}")
    assert not silent, _named(silent)


def test_a_silenced_check_says_why() -> None:
    # Spelt in parts, so that this file does not find itself.
    silenced = re.compile("# no" + "qa|# type: " + "ignore")
    reasoned = re.compile("# no" + r"qa: [A-Z0-9, ]+ - \w|# type: " + r"ignore\[[a-z, -]+\]\s+# (?!noqa)\w")
    found = []
    for source in house.sources(*house.PRODUCT, "tests", "benchmarks"):
        lines = (house.ROOT / source.path).read_text(encoding="utf-8").splitlines()
        found += [
            f"{source.path}:{at}"
            for at, line in enumerate(lines, 1)
            if silenced.search(line)
            if not reasoned.search(line)
        ]
    assert not found, _named(found)


def test_no_name_hides_what_a_module_is_about() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common", "base"}
    found = [source.path for source in house.sources() if Path(source.path).stem in vague]
    assert not found, _named(found)


def test_settings_are_loaded_by_flows_alone() -> None:
    found = [
        source.at(node)
        for source in house.sources("tasks", "templates")
        for name, node in house.calls(source)
        if name.endswith("load_settings")
    ]
    assert not found, _named(found)


def test_exceptions_for_work_that_cannot_be_done_are_named_unable() -> None:
    found = [
        f"{source.at(node)}: {node.name}"
        for source in house.sources("flows", "tasks", "config")
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and "Exception" in {house.dotted(base) for base in node.bases}
        if not node.name.startswith(("Unable", "Unknown", "Refused"))
    ]
    assert not found, _named(found)


def test_constraints_hold_versions_and_no_address() -> None:
    lines = (house.ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"#.*|[a-z0-9][a-z0-9.\-]*==[0-9][0-9a-z.+\-]*", line)]
    assert not wrong, _named(wrong)


def test_every_dependency_is_pinned_once() -> None:
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (house.ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = Counter(line.partition("==")[0] for line in lines if not line.startswith("#"))
    missing = [name for name in (re.split(r"[\[<>=!~; ]", line)[0].lower() for line in wanted) if pinned[name] != 1]
    assert not missing, _named(missing)


def test_no_file_names_a_machine_or_a_path_outside_the_repository() -> None:
    # Spelt in parts, so that this file does not find itself.
    forbidden = re.compile(
        "|".join(
            ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", "/Us" + "ers/", "--index" + "-url", "extra" + "-index")
        )
    )
    found = []
    for path in house.tracked():
        if path.endswith((".png", ".xlsx", ".xls", ".zip", ".ods", ".xlsb")):
            continue
        text = (house.ROOT / path).read_text(encoding="utf-8", errors="ignore")
        found += [f"{path}:{number}" for number, line in enumerate(text.splitlines(), 1) if forbidden.search(line)]
    assert not found, _named(found)


def test_data_files_of_the_product_are_packed_with_it() -> None:
    packed = tomllib.loads((house.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    forgotten = []
    for path in house.tracked():
        room, _, rest = path.partition("/")
        data = room in house.PRODUCT and not path.endswith((".py", ".md", ".gitkeep"))
        if data and not any(Path(rest).match(pattern.replace("**/", "")) for pattern in packed.get(room, [])):
            forgotten.append(path)
    assert not forgotten, "no pattern of package-data takes:\n" + _named(forgotten)


def test_every_link_in_the_docs_leads_somewhere() -> None:
    broken = [
        f"{path}: {target}"
        for path in house.tracked()
        if path.endswith(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", (house.ROOT / path).read_text(encoding="utf-8"))
        if "://" not in target and not ((house.ROOT / path).parent / target).exists()
    ]
    assert not broken, _named(broken)
