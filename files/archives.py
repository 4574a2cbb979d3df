"""Zip archives from outside, read without believing what they say of themselves.

Nothing is ever unpacked to disk: an entry is read into memory, one at a time, up to a limit.
"""

import hashlib
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any

import filetype
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from files.models import PrivateFile
from files.uploads import OTHER_LABELS, clean_name

MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
MAX_ENTRIES = 2_000
# What all entries together may claim to unpack to. Photos are compressed already.
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
# The list of entries is read at once; that of 2,000 takes some 300 kB.
MAX_READ_BYTES = 2 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
# Beyond this ratio an entry of some size is made to fill memory, not to show anything.
MAX_RATIO, RATIO_FROM_BYTES = 100, 1024 * 1024
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED, UTF8_NAME = 0x1, 0x800
# What operating systems put beside the files: neither wanted nor worth a word.
LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its path in parts, as its sender sees it."""

    info: zipfile.ZipInfo
    parts: tuple[str, ...]
    is_outside: bool

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def shown(self) -> str:
        """The path for a sentence: no control characters, not endless."""
        return "/".join(part if part == ".." else clean_name(part) for part in self.parts)[-120:]


class Archive:
    """A zip archive open for reading. Raises ValidationError where it is none, or one made to do harm."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = clean_name(name)
        try:
            self._zip = zipfile.ZipFile(GuardedFile(file))
        except (*_ZIP_ERRORS, MemoryError) as error:
            raise self._refusal(
                _("“%(name)s”不是完整的 ZIP 压缩包，可能在传输中损坏。请确认能正常打开后重新上传。")
            ) from error
        self._check(self._zip.infolist())

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > MAX_ENTRIES:
            raise self._refusal(
                _("“%(name)s”里有 %(count)d 个文件，最多 %(limit)d 个。请分成几个压缩包上传。"),
                count=len(infos),
                limit=MAX_ENTRIES,
            )
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise self._refusal(_("“%(name)s”设了密码，无法读取。请去掉密码重新打包后上传。"))
        if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
            raise self._refusal(
                _("“%(name)s”解压后超过 %(limit)d MB。请分成几个压缩包上传。"),
                limit=MAX_UNPACKED_BYTES // 1024 // 1024,
            )

    @cached_property
    def entries(self) -> list[Entry]:
        """The files in it, without folders and what operating systems leave."""
        found = (_entry(info) for info in self._zip.infolist() if info.filename and not info.is_dir())
        return [entry for entry in found if entry is not None]

    def read(self, entry: Entry, limit: int) -> bytes:
        """The content of an entry, at most ``limit`` bytes.

        Raises ValidationError where there is more, or it cannot be read: with a sentence that names the file.
        """
        info, shown = entry.info, {"name": entry.shown}
        if entry.is_outside:
            raise ValidationError(
                _("“%(name)s”的路径指向压缩包以外，已跳过。请用普通文件名重新打包。") % shown
            )
        if info.compress_type not in METHODS:
            raise ValidationError(
                _("“%(name)s”的压缩方式读不了。请用系统自带的“压缩为 ZIP”功能重新打包。") % shown
            )
        if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * info.compress_size:
            raise ValidationError(_("“%(name)s”的压缩率异常，不像照片，已跳过。") % shown)
        try:
            content = self._first_bytes(info, limit + 1)
        except _ZIP_ERRORS as error:
            raise ValidationError(_("“%(name)s”已损坏，读不出来。请重新打包后上传。") % shown) from error
        if len(content) > limit or info.file_size > limit:
            raise ValidationError(
                _("“%(name)s”超过 %(limit)d MB 的上限，请压缩后重新打包。")
                % {**shown, "limit": limit // 1024 // 1024}
            )
        return content

    def _first_bytes(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        content = bytearray()
        with self._zip.open(info) as stream:
            while piece := stream.read(min(limit - len(content), PIECE_BYTES)):
                content += piece
        return bytes(content)

    def _refusal(self, sentence: str, **params: Any) -> ValidationError:
        return ValidationError(sentence, params={"name": self.name, **params})


def store_archive(*, upload: UploadedFile, owner: User) -> PrivateFile:
    """Store a zip archive for its owner; it may have 200 MB.

    Raises ValidationError with a sentence naming what is wrong and what to do.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise ValidationError(_("“%(name)s”是空文件，没有内容。请重新选择文件。"), params={"name": name})
    if upload.size > MAX_ARCHIVE_BYTES:
        raise ValidationError(
            _("“%(name)s”有 %(size)d MB，超过 %(limit)d MB 的上限。请分成几个压缩包上传。"),
            params={
                "name": name,
                "size": upload.size // 1024 // 1024,
                "limit": MAX_ARCHIVE_BYTES // 1024 // 1024,
            },
        )
    upload.seek(0)
    guessed = filetype.guess_mime(upload.read(8192)) or ""
    if guessed in OTHER_LABELS and guessed != "application/zip":
        raise ValidationError(
            _("“%(name)s”其实是%(really)s。这里只收 ZIP 压缩包，请用系统自带的“压缩为 ZIP”功能重新打包。"),
            params={"name": name, "really": OTHER_LABELS[guessed]},
        )
    Archive(upload, name)  # refuses what cannot be read
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    stored = PrivateFile(
        owner=owner,
        name=name,
        content_type="application/zip",
        extension="zip",
        size_bytes=upload.size,
        sha256=digest.hexdigest(),
    )
    upload.seek(0)
    stored.file.save(name, File(upload), save=False)
    stored.save()
    return stored


class GuardedFile:
    """A file that is never read in large pieces: zipfile takes the list of entries at one go, as long as it claims."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell
        file.seek(0, 2)
        self._size = file.tell()

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self._size - self.tell()
        if (left if size < 0 else min(size, left)) > MAX_READ_BYTES:
            raise zipfile.BadZipFile("list of entries too long")
        return self._file.read(size)


def _entry(info: zipfile.ZipInfo) -> Entry | None:
    path = _decoded(info).replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if not parts or parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1].lower() in LITTER:
        return None
    is_outside = path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", parts[0]) is not None
    return Entry(info, parts, is_outside)


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name as its sender typed it. Chinese Windows writes GBK and does not say so."""
    if info.flag_bits & UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
