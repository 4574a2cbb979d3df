"""Workbooks people send to be imported, and those made for them: private files like scans."""

import hashlib
from typing import IO

import filetype
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.models import User
from files.models import PrivateFile
from files.spreadsheets import XLSX
from files.uploads import OTHER_LABELS, clean_name

MAX_WORKBOOK_BYTES = 20 * 1024 * 1024
ZIP = b"PK\x03\x04"
# The container of the old formats, and of workbooks with a password.
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PASSWORD_MARK = "EncryptedPackage".encode("utf-16-le")


def store_workbook(*, upload: UploadedFile, owner: User) -> PrivateFile:
    """Store a workbook to import: .xlsx, at most 20 MB.

    What is in it is for the import to check. Raises ValidationError with a sentence naming what is wrong and what to do.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise ValidationError(_("“%(name)s”是空文件，没有内容。请重新选择文件。"), params={"name": name})
    if upload.size > MAX_WORKBOOK_BYTES:
        raise ValidationError(
            _(
                "“%(name)s”有 %(size)s MB，超过 %(limit)d MB 的上限。请删除图片等无关内容，或分成几个文件导入。"
            ),
            params={
                "name": name,
                "size": f"{upload.size / 1024 / 1024:.1f}",
                "limit": MAX_WORKBOOK_BYTES // 1024 // 1024,
            },
        )
    upload.seek(0)
    head = upload.read(8192)
    if not head.startswith(ZIP):
        raise ValidationError(_no_workbook(head, upload), params={"name": name})
    if not name.lower().endswith((".xlsx", ".xlsm")):
        raise ValidationError(
            _(
                "“%(name)s”的扩展名不是 .xlsx。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后重新上传。"
            ),
            params={"name": name},
        )
    return keep_workbook(file=upload, name=name, owner=owner)


def keep_workbook(*, file: IO[bytes] | File, name: str, owner: User) -> PrivateFile:
    """Store a workbook as it is, for its owner to download."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    stored = PrivateFile(
        owner=owner,
        name=clean_name(name),
        content_type=XLSX,
        extension="xlsx",
        size_bytes=file.tell(),
        sha256=digest.hexdigest(),
    )
    file.seek(0)
    stored.file.save(name, File(file), save=False)
    stored.save()
    return stored


def discard(stored: PrivateFile) -> None:
    """Take a file back that nothing refers to."""
    stored.file.delete(save=False)
    stored.delete()


def _no_workbook(head: bytes, upload: UploadedFile) -> str:
    if head.startswith(OLE):
        upload.seek(0)
        if PASSWORD_MARK in upload.read():
            return _("“%(name)s”设有打开密码，无法读取。请在 Excel 里取消密码，保存后重新上传。")
        return _("“%(name)s”是旧的 .xls 格式（或 WPS 的 .et）。请另存为“Excel 工作簿（.xlsx）”后重新上传。")
    if label := OTHER_LABELS.get(filetype.guess_mime(head) or ""):
        return _("“%(name)s”的内容是{really}，不是 Excel 工作簿。请上传填写好的导入模板（.xlsx）。").format(
            really=label
        )
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _("“%(name)s”的内容是网页，不是 Excel 工作簿。请用 Excel 打开，另存为 .xlsx 后重新上传。")
    if b"\0" not in head:
        return _(
            "“%(name)s”其实是文本（如 CSV），改扩展名不会变成 Excel 工作簿。请用 Excel 打开，另存为 .xlsx 后重新上传。"
        )
    return _("“%(name)s”不是 Excel 工作簿。请上传填写好的导入模板（.xlsx）。")
