"""What is checked of an .xlsx before it is opened: that it is one, and does not swell beyond measure."""

from __future__ import annotations

import io
import zipfile

from knowledge.errors import ImportFailed

MAX_UNPACKED = 150 * 1024 * 1024  # bytes of all parts; 50,000 rows are about half of it
MAX_PARTS = 2_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAVE_AGAIN = "请在 Excel 或 WPS 里另存为 .xlsx 后再导入"


def require_workbook(data: bytes) -> None:
    """Raise ImportFailed unless the bytes are an .xlsx of a sensible size.

    Unpacking stops at the sizes that are declared, so checking these is enough.
    """
    if data.startswith(OLE):
        raise ImportFailed(f"文件是旧版 .xls，或者加了密码；{_SAVE_AGAIN}，不要设密码。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ImportFailed(f"文件不是 .xlsx，或没有传完整；{_SAVE_AGAIN}。") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ImportFailed(f"文件解开后太大（超过 {MAX_UNPACKED // 1024 // 1024} MB）；请分成几个文件导入。")
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise ImportFailed(f"文件是压缩包，不是 .xlsx；{_SAVE_AGAIN}。")
