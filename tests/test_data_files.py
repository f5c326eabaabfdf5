"""Data files are read as PyYAML's own safe loader reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from models.data_files import read_data

ROOT = Path(__file__).parents[1]
FILES = sorted(
    (package, path.name)
    for package in ("assistant", "knowledge", "models", "eval")
    for path in (ROOT / package / "data").glob("*.yaml")
)


@pytest.mark.parametrize(("package", "name"), FILES)
def test_every_data_file_is_read_as_the_plain_loader_reads_it(package: str, name: str) -> None:
    found = read_data(package, name)
    assert found
    assert found == yaml.safe_load((ROOT / package / "data" / name).read_text("utf-8"))


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        read_data("models", "nothing.yaml")
