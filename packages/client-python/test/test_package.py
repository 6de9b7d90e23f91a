"""The package as users get it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from recoveryconnect import __version__
from test.servers import start_sandbox

ROOT = Path(__file__).parents[1]


def build(folder: Path) -> dict[str, Path]:
    """Builds the wheel and the sdist."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: path for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Returns the built files by name."""
    return build(tmp_path_factory.mktemp("built"))


def digests(files: dict[str, Path]) -> dict[str, str]:
    """Returns the hash of each file."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def test_the_build_is_reproducible(built: dict[str, Path], tmp_path: Path) -> None:
    """Whoever builds it again gets the same bytes."""
    assert list(built) == [f"recoveryconnect-{__version__}-py3-none-any.whl", f"recoveryconnect-{__version__}.tar.gz"]
    assert digests(build(tmp_path)) == digests(built)


def test_the_wheel_has_the_modules_and_their_types(built: dict[str, Path]) -> None:
    """Nothing else is installed, and httpx is the only dependency."""
    wheel, _ = built.values()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(f"recoveryconnect-{__version__}.dist-info/METADATA").decode()
    modules = sorted(path.name for path in (ROOT / "src/recoveryconnect").iterdir() if path.is_file())
    assert sorted(name for name in names if "dist-info" not in name) == [f"recoveryconnect/{name}" for name in modules]
    assert "py.typed" in modules
    assert re.findall(r"^Requires-Dist: (.*)", metadata, re.MULTILINE) == ["httpx<1,>=0.28"]
    assert re.findall(r"^Requires-Python: (.*)", metadata, re.MULTILINE) == [">=3.10"]
    assert "License-Expression: MIT" in metadata


def test_the_sdist_has_what_a_build_needs(built: dict[str, Path]) -> None:
    """No tests, and nothing of the workspace."""
    _, sdist = built.values()
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1].split("/")[0] for name in archive.getnames()}
    # hatchling adds the .gitignore of the repository.
    assert names - {".gitignore"} == {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml", "src"}


def test_the_license_is_that_of_the_repository() -> None:
    """It is part of the package."""
    assert (ROOT / "LICENSE").read_text() == (ROOT / "../../LICENSE").read_text()


def test_a_program_runs_with_the_wheel(built: dict[str, Path], tmp_path: Path) -> None:
    """The wheel alone has all the code that the first program of the README needs."""
    with zipfile.ZipFile(next(iter(built.values()))) as archive:
        archive.extractall(tmp_path)
    program = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[0]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program.replace("http://127.0.0.1:4020", start_sandbox())],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "error: not_found" in done.stdout
