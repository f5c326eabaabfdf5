"""The encoder before any tuning: multilingual-e5-small as it was published, built from the pinned packages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from eval.errors import PackagesMissing
from models.encoder import Encoder
from models.errors import BuildError
from models.extras import install_command

_MISSING = (
    "未调优的 multilingual-e5-small 要用训练用的软件包才能生成（{}）；"
    f"请在小二的文件夹里运行 {install_command('train')} 后再测这一项。"
)


@contextmanager
def plain_encoder() -> Iterator[Encoder]:
    """The untuned encoder in a temporary folder, about 20 seconds; PackagesMissing when its packages are not there."""
    try:
        from models.build_encoder import build
        from models.onnx_encoder import OnnxEncoder
    except ImportError as error:
        raise PackagesMissing(_MISSING.format(f"缺少 {error.name}")) from error
    with TemporaryDirectory(prefix="xiaoer-plain-") as folder:
        try:
            build(Path(folder), Console(file=StringIO()))
        except (BuildError, ImportError) as error:
            raise PackagesMissing(_MISSING.format(error)) from error
        yield OnnxEncoder(Path(folder))
