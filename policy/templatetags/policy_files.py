"""How a document from the library is named to the public."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from policy.querysets import offered

register = template.Library()

TEXT, SHEET, IMAGE, PACKAGE = "file-text", "file-spreadsheet", "file-image", "files"
# What people call a format, and its icon. All of WAGTAILDOCS_EXTENSIONS are here.
KINDS = {
    "pdf": ("PDF", TEXT),
    "ofd": (_("OFD 版式文档"), TEXT),
    "doc": (_("Word 文档"), TEXT),
    "docx": (_("Word 文档"), TEXT),
    "wps": (_("WPS 文字"), TEXT),
    "txt": (_("纯文本"), TEXT),
    "xls": (_("Excel 表格"), SHEET),
    "xlsx": (_("Excel 表格"), SHEET),
    "et": (_("WPS 表格"), SHEET),
    "csv": (_("CSV 表格"), SHEET),
    "ppt": (_("PPT 演示文稿"), TEXT),
    "pptx": (_("PPT 演示文稿"), TEXT),
    "dps": (_("WPS 演示"), TEXT),
    "jpg": (_("图片"), IMAGE),
    "jpeg": (_("图片"), IMAGE),
    "png": (_("图片"), IMAGE),
    "zip": (_("压缩包"), PACKAGE),
    "rar": (_("压缩包"), PACKAGE),
    "7z": (_("压缩包"), PACKAGE),
}


@register.filter
def offered_files(attachments: Any) -> list[Any]:
    """The documents of a stream of attachments that anybody may open."""
    return offered(block.value for block in attachments)


@register.filter
def is_offered(document: Any) -> bool:
    return bool(offered([document]))


@register.filter
def file_kind(document: Any) -> str:
    """The format in words: Excel 表格. An unknown one is its extension."""
    extension = document.file_extension.lower()
    return str(KINDS[extension][0]) if extension in KINDS else extension.upper()


@register.filter
def file_icon(document: Any) -> str:
    return KINDS.get(document.file_extension.lower(), ("", "paperclip"))[1]
