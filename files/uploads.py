"""What people upload, believed only as far as its bytes go.

The name of a file and the type a browser sends are claims. Here the content is looked at first, so
that a refusal can say what the file really is and what to do about it.
"""

import hashlib
import re
import unicodedata
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from accounts.models import User
from files.models import PrivateFile, SiteImage

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

MAX_BYTES = 10 * 1024 * 1024
# The longest side of a public photo as stored; its renditions are smaller still.
MAX_SIDE_PIXELS = 2400
NAME_LENGTH = 120
# Object streams of a PDF are unpacked up to here while looking for scripts.
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
UNPACK_STEP = 64 * 1024
# A progressive JPEG comes in some ten passes over the whole picture. A made one of 500 kB had thousands,
# each of them small, and kept the decoder busy for a minute and a half.
MAX_JPEG_SCANS = 100


@dataclass(frozen=True)
class Format:
    """A kind of file that may be uploaded. ``pillow_names`` is empty for what is not an image."""

    label: "StrPromise | str"
    content_type: str
    extensions: tuple[str, ...]
    pillow_names: tuple[str, ...] = ()


PDF = Format("PDF", "application/pdf", ("pdf",))
# Phones write MPO: a JPEG with a second picture behind the first.
JPEG = Format(_("JPG 图片"), "image/jpeg", ("jpg", "jpeg"), ("JPEG", "MPO"))
PNG = Format(_("PNG 图片"), "image/png", ("png",), ("PNG",))
WEBP = Format(_("WebP 图片"), "image/webp", ("webp",), ("WEBP",))

OFD = Format("OFD", "application/ofd", ("ofd",))
# No type of its own: a browser draws what is called XML as a page, and this is only to be saved.
XML = Format("XML", "application/octet-stream", ("xml",))

PRIVATE_FORMATS = (PDF, JPEG, PNG)
# Invoices also come as the originals of the tax administration.
INVOICE_FORMATS = (PDF, JPEG, PNG, OFD, XML)
IMAGE_FORMATS = (JPEG, PNG, WEBP)
ALL_FORMATS = (PDF, JPEG, PNG, WEBP, OFD, XML)

OTHER_LABELS = {
    "image/apng": _("动态图片（APNG）"),
    "image/gif": _("GIF 图片"),
    "image/heic": _("HEIC 图片"),
    "image/avif": _("AVIF 图片"),
    "image/tiff": _("TIFF 图片"),
    "image/bmp": _("BMP 图片"),
    "image/vnd.adobe.photoshop": _("Photoshop 文件"),
    "application/zip": _("压缩包（ZIP，或 Word、Excel、OFD 文档）"),
    "application/vnd.rar": _("压缩包（RAR）"),
    "application/x-rar-compressed": _("压缩包（RAR）"),
    "application/x-7z-compressed": _("压缩包（7z）"),
    "application/msword": _("Word 文档"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _("Word 文档"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _("Excel 文档"),
    "application/x-msdownload": _("可执行程序"),
    "application/x-executable": _("可执行程序"),
}


def store_private_file(
    *, upload: UploadedFile, owner: User, formats: tuple[Format, ...] = PRIVATE_FORMATS
) -> PrivateFile:
    """Store a scan or document only its owner and the reviewers may read.

    PDF, JPG or PNG, at most 10 MB; for an invoice pass INVOICE_FORMATS. The bytes are kept as they came:
    they are evidence. Raises ValidationError with a sentence naming what is wrong and what to do.
    """
    name, found, content = _inspect(upload, formats)
    if found is PDF:
        _check_pdf(name, content)
    elif found in (OFD, XML):
        _check_einvoice(name, found, content)
    else:
        _open_image(name, found, content).close()
    stored = PrivateFile(
        owner=owner,
        name=name,
        content_type=found.content_type,
        extension=found.extensions[0],
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    stored.file.save(name, ContentFile(content), save=False)
    stored.save()
    return stored


@dataclass(frozen=True)
class PreparedImage:
    """A picture as it is stored: checked, upright, brought down in size and written anew."""

    name: str
    data: bytes
    extension: str

    @property
    def file_hash(self) -> str:
        """As ``SiteImage.file_hash`` has it: the same photo sent twice gives the same one."""
        return hashlib.sha1(self.data, usedforsecurity=False).hexdigest()


def prepare_image(upload: UploadedFile) -> PreparedImage:
    """Check a photo or logo and make of it what is stored, without storing it.

    JPG, PNG or WebP, at most 10 MB and 50 million pixels. Turned upright, brought down to 2,400 pixels
    and written anew, which drops whatever else the file carried: place, camera, hidden payloads.
    Raises ValidationError with a sentence naming what is wrong and what to do.
    """
    name, found, content = _inspect(upload, IMAGE_FORMATS)
    with _open_image(name, found, content) as opened:
        try:
            return PreparedImage(name, *_rewritten(opened))
        except _IMAGE_ERRORS as error:
            raise _damaged(name, found) from error


def keep_image(*, prepared: PreparedImage, owner: User, title: str) -> SiteImage:
    """Store a picture that ``prepare_image`` has made."""
    image = SiteImage(
        title=title[:255] or PurePosixPath(prepared.name).stem,
        # the uploader's own name for it may say who and where
        file=ContentFile(prepared.data, name=f"{uuid.uuid4().hex}.{prepared.extension}"),
        uploaded_by_user=owner,
        file_size=len(prepared.data),
        file_hash=prepared.file_hash,
    )
    image.save()
    return image


def store_image(*, upload: UploadedFile, owner: User, title: str) -> SiteImage:
    """Store a photo or logo for the public pages. Raises as ``prepare_image`` does."""
    return keep_image(prepared=prepare_image(upload), owner=owner, title=title)


def clean_name(name: str) -> str:
    """A file name fit to show and to offer for download: no path, no control or direction characters."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 10:
        return name[:NAME_LENGTH] or "file"
    return f"{stem[: NAME_LENGTH - len(extension) - 1]}{dot}{extension}"


def _inspect(upload: UploadedFile, allowed: tuple[Format, ...]) -> tuple[str, Format, bytes]:
    name = clean_name(upload.name or "")
    if not upload.size:
        raise ValidationError(
            _("“%(name)s”是空文件，没有内容。请重新选择文件。"), params={"name": name}, code="empty"
        )
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("“%(name)s”有 %(size)s MB，超过 10 MB 的上限。请压缩或降低扫描分辨率后重新上传。"),
            params={"name": name, "size": f"{upload.size / 1024 / 1024:.1f}"},
            code="too_big",
        )
    upload.seek(0)
    content = upload.read()
    found = _sniff(content, allowed)
    accepted = "、".join(form.extensions[0].upper() for form in allowed)
    if found not in allowed:
        raise ValidationError(
            _("“%(name)s”的内容是%(really)s。这里只收 %(accepted)s，请转换格式后重新上传。"),
            params={
                "name": name,
                "really": found.label if found else _describe(content),
                "accepted": accepted,
            },
            code="type",
        )
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in found.extensions:
        raise ValidationError(
            _(
                "“%(name)s”其实是%(really)s，与扩展名不符。请把文件名的扩展名改为 .%(right)s，"
                "或另存为所需格式后重新上传。"
            ),
            params={"name": name, "really": found.label, "right": found.extensions[0]},
            code="mismatch",
        )
    return name, found, content


def _sniff(content: bytes, allowed: tuple[Format, ...]) -> Format | None:
    guessed = filetype.guess_mime(content[:8192])
    if guessed == "application/zip" and OFD in allowed and _OFD_ROOT.search(content):
        return OFD
    if guessed is None and XML in allowed and _XML_START.match(content):
        return XML
    return next((form for form in ALL_FORMATS if form.content_type == guessed), None)


# The name in a local header or in the list of entries, neither of which is compressed.
_OFD_ROOT = re.compile(rb"PK\x03\x04.{22}\x07\x00..OFD\.xml", re.I | re.S)
# Any XML but what says at once that it is a drawing or a page.
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}<(?!svg|html)[?a-z]|\xff\xfe<\x00|\xfe\xff\x00<", re.I)


def _describe(content: bytes) -> "StrPromise | str":
    """What a file that is none of ours is, in a word its sender understands."""
    guessed = filetype.guess_mime(content[:8192]) or ""
    if guessed in OTHER_LABELS:
        return OTHER_LABELS[guessed]
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return _("SVG 矢量图")
    if head.startswith(b"<"):
        return _("网页（HTML 或 XML）")
    if guessed.startswith("video/"):
        return _("视频")
    if guessed.startswith("audio/"):
        return _("音频")
    return _("无法识别的格式")


def _check_pdf(name: str, content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise _damaged(name, PDF)
    if any(_ACTIVE_PDF.search(part) for part in _pdf_structure(content)):
        raise ValidationError(
            _("“%(name)s”里含有脚本或会自动执行的内容。请用“打印为 PDF”另存一份，再重新上传。"),
            params={"name": name},
            code="active",
        )


def _check_einvoice(name: str, form: Format, content: bytes) -> None:
    from files.einvoices import BrokenMarkup, Ofd, parse_xml  # builds on this module

    try:
        if form is OFD:
            Ofd(content).root  # noqa: B018 - reading it is the check
        else:
            parse_xml(content)
    except BrokenMarkup as error:
        raise _damaged(name, form) from error


def _spelt(name: str) -> bytes:
    """A pattern for a PDF name however it is written: #xx stands for a letter, /J#61vaScript is /JavaScript."""
    return b"".join(b"(?:%c|#%x%s)" % (char, char >> 4, _digit(char & 15)) for char in name.encode())


def _digit(number: int) -> bytes:
    digit = b"%x" % number
    return digit if number < 10 else b"[%s%s]" % (digit, digit.upper())


# Attachments inside a PDF are let through: electronic invoices carry their XML that way.
_ACTIVE_PDF = re.compile(
    b"/(?:%s)(?=[\\s/(<\\[])" % b"|".join(_spelt(name) for name in ("JavaScript", "JS", "Launch"))
)
_OBJECT_STREAM = re.compile(b"/" + _spelt("ObjStm"))
_PDF_STREAM = re.compile(rb">>\s{0,8}stream\r?\n")


def _pdf_structure(content: bytes) -> Iterator[bytes]:
    """The parts of a PDF in which actions are declared: all but the streams, and unpacked object streams.

    Page contents and pictures are left out: in their noise a three-letter name turns up by chance.
    """
    left = MAX_UNPACKED_BYTES
    for chunk in content.split(b"endstream"):
        head, *stream = _PDF_STREAM.split(chunk, maxsplit=1)
        yield head
        if stream and left > 0 and _OBJECT_STREAM.search(head[-2000:]):
            unpacked = _unpacked(stream[0], left)
            left -= len(unpacked)
            yield unpacked or stream[0]


def _unpacked(stream: bytes, limit: int) -> bytes:
    """What the stream unpacks to, at most ``limit`` bytes; of a damaged one, the whole steps before the damage."""
    inflater = zlib.decompressobj()
    parts = []
    while stream and limit > 0:
        try:
            part = inflater.decompress(stream, min(limit, UNPACK_STEP))
        except zlib.error:
            break
        parts.append(part)
        limit -= len(part)
        stream = inflater.unconsumed_tail
    return b"".join(parts)


# What Pillow raises for files that are cut off or made to hurt it.
_IMAGE_ERRORS = (OSError, SyntaxError, ValueError, TypeError, IndexError, EOFError, OverflowError, zlib.error)


# The header of one pass. Never inside picture data, where 0xFF is followed by 0x00.
_JPEG_SCAN = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e][\x01-\x04]")


def _open_image(name: str, form: Format, content: bytes) -> Image.Image:
    """The image, decoded to its last line. The number of pixels is read from the header beforehand."""
    try:
        image = Image.open(BytesIO(content), formats=form.pillow_names)
        pixels = image.width * image.height
    except Image.DecompressionBombError:
        pixels = None
    except _IMAGE_ERRORS as error:
        raise _damaged(name, form) from error
    if pixels is None or pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise ValidationError(
            _("“%(name)s”的像素太多，超过 %(limit)d 万像素。请缩小尺寸后重新上传。"),
            params={"name": name, "limit": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 10_000},
            code="pixels",
        )
    if form is JPEG and sum(1 for _scan in _JPEG_SCAN.finditer(content)) > MAX_JPEG_SCANS:
        raise _damaged(name, form)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise ValidationError(
            _("“%(name)s”是动态图片。请另存为静止的 JPG 或 PNG 图片后重新上传。"),
            params={"name": name},
            code="animated",
        )
    try:
        image.load()
    except _IMAGE_ERRORS as error:
        raise _damaged(name, form) from error
    return image


def _rewritten(image: Image.Image) -> tuple[bytes, str]:
    """The picture alone, upright and at most 2,400 pixels a side: PNG where it is see-through, else JPEG."""
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
    picture = ImageOps.exif_transpose(image)
    if picture.mode.startswith("I"):  # 16 bits a pixel
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS), Image.Resampling.LANCZOS)
    picture.info.clear()
    buffer = BytesIO()
    if picture.mode == "RGBA":
        picture.save(buffer, "PNG", optimize=True, icc_profile=profile)
        return buffer.getvalue(), "png"
    picture.save(buffer, "JPEG", quality=88, optimize=True, progressive=True, icc_profile=profile)
    return buffer.getvalue(), "jpg"


def _damaged(name: str, form: Format) -> ValidationError:
    return ValidationError(
        _("“%(name)s”不是完整的%(label)s文件，可能在传输中损坏。请确认能正常打开后重新上传。"),
        params={"name": name, "label": form.label},
        code="damaged",
    )
