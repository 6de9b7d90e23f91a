"""The programs of the README, executed against the sandbox, and its tables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import FunctionType
from typing import get_origin

import pytest

import recoveryconnect
from recoveryconnect import RecoveryConnectError
from test.servers import start_sandbox

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
DOCSTRINGS = re.findall(
    r"^ +Example:\n((?:    .*\n|\n)+?) +\"\"\"$",
    (ROOT / "src/recoveryconnect/_generated.py").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def run(program: str, token: str) -> str:
    """Runs a program with the sandbox as its server. Nothing else is replaced."""
    url = start_sandbox()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "RECOVERYCONNECT_URL": url,
        "RECOVERYCONNECT_USERNAME": token,
        "RECOVERYCONNECT_PASSWORD": "any-password",
    }
    program = program.replace("http://127.0.0.1:4020", url).replace("any-token", token)
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_a_program_runs(number: int) -> None:
    """Each one prints something, and leaves nothing open."""
    assert run(PROGRAMS[number], f"readme-{number}") != ""


def test_the_first_program_prints_what_it_says() -> None:
    """It reads, creates and handles an error."""
    assert re.fullmatch(r"phones: 2\ncreated: \d+\nerror: not_found\n", run(PROGRAMS[0], "readme-first"))


def test_the_programs_are_typed(tmp_path: Path) -> None:
    """A strict type checker accepts them."""
    for number, program in enumerate(PROGRAMS):
        (tmp_path / f"program_{number}.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("number", range(len(DOCSTRINGS)))
def test_the_example_of_an_operation_runs(number: int) -> None:
    """Each method has an example, for threads and for tasks."""
    indent = re.match(" *", DOCSTRINGS[number])
    width = len(indent[0]) if indent else 0
    lines = [line[width:] for line in DOCSTRINGS[number].splitlines()]
    program = "\n".join(lines).replace("**read_environment()", '**read_environment(), app_info="example"')
    start = "import asyncio\nfrom recoveryconnect import AsyncClient, Client, read_environment\n"
    if "await" in program:
        body = "\n".join(f"    {line}" for line in program.splitlines())
        program = f"async def main() -> None:\n{body}\nasyncio.run(main())\n"
    assert run(start + program, f"example-{number}").startswith("{")


def test_each_operation_has_two_examples() -> None:
    """There are eight operations."""
    assert len(DOCSTRINGS) == 16


def test_the_table_of_exceptions_is_complete() -> None:
    """Each exception with its kind."""
    rows = re.findall(r"^\| `(\w+Error)` +\| `(\w+)` +\|", README, re.MULTILINE)
    assert rows == [(cls.__name__, cls.kind) for cls in RecoveryConnectError.__subclasses__()]


def test_the_table_of_options_is_complete() -> None:
    """Each option that a call can have."""
    table = README.split("## Set timeouts")[1].split("Pass options")[0]
    rows = re.findall(r"^\| (`.*?`) +\|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == set(recoveryconnect.CallOptions.__annotations__)


def test_the_client_names_its_resources() -> None:
    """`help` doesn't show attributes of objects."""
    for name in recoveryconnect.Client.__base__.__annotations__:
        assert f"`{name}`" in (recoveryconnect.Client.__doc__ or "")


def test_every_public_name_has_a_docstring() -> None:
    """`help` explains each of them."""
    named = [getattr(recoveryconnect, name) for name in recoveryconnect.__all__]
    # On Python 3.10, an alias such as `Callable[…]` counts as a type, too.
    documented = [value for value in named if isinstance(value, (type, FunctionType)) and not get_origin(value)]
    assert len(documented) > 30
    assert [value for value in documented if not value.__doc__] == []
