"""Optional parts of the installation: the extras of pyproject.toml."""


def install_command(extra: str) -> str:
    """The command, in the folder of the clone, that adds an extra to what `make install` made."""
    return f".venv/bin/pip install -c constraints.txt -e '.[{extra}]'"
