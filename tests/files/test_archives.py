"""Zip archives from outside: bombs, lies, passwords, paths, and names in GBK."""

import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from files import archives
from files.archives import Archive, store_archive
from files.models import PrivateFile
from tests.factories import UserFactory, png_bytes

MEGABYTE = 1024 * 1024


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(content: bytes) -> Archive:
    return Archive(io.BytesIO(content), "照片.zip")


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        opened(content)
    return refused.value.messages[0]


def reading_refusal(content: bytes, limit: int = MEGABYTE) -> str:
    archive = opened(content)
    with pytest.raises(ValidationError) as refused:
        archive.read(archive.entries[0], limit)
    return refused.value.messages[0]


def patched(content: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """The archive with bytes of each header of one kind replaced."""
    changed, start = bytearray(content), 0
    while (start := changed.find(signature, start)) >= 0:
        changed[start + offset : start + offset + len(value)] = value
        start += 4
    return bytes(changed)


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def test_entries_are_the_files_without_folders_and_litter():
    content = zip_of(
        {
            "照片/": b"",
            "照片/YQ-001.jpg": b"a",
            "__MACOSX/照片/._YQ-001.jpg": b"x",
            "照片/Thumbs.db": b"x",
            "照片/.DS_Store": b"x",
            "照片/._YQ-002.jpg": b"x",
        }
    )

    archive = opened(content)

    assert [entry.shown for entry in archive.entries] == ["照片/YQ-001.jpg"]
    assert archive.read(archive.entries[0], 10) == b"a"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_name_without_the_utf8_flag_is_read_as_its_sender_typed_it(encoding):
    raw = "质谱仪一号.jpg".encode(encoding)
    content = zip_of({"n" * len(raw): b"a"})
    for signature, offset in ((LOCAL, 30), (CENTRAL, 46)):
        content = patched(content, signature, offset, raw)

    assert opened(content).entries[0].name == "质谱仪一号.jpg"


def test_a_backslash_parts_folders_as_on_windows():
    content = zip_of({"照片\\质谱\\YQ-001.jpg": b"a"})

    assert opened(content).entries[0].parts == ("照片", "质谱", "YQ-001.jpg")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../YQ-001.jpg", "a/../../b.jpg", "C:\\YQ-001.jpg", "..\\b.jpg"]
)
def test_a_path_that_leads_outside_is_not_read(path):
    sentence = reading_refusal(zip_of({path: b"a"}))

    assert "的路径指向压缩包以外，已跳过" in sentence


def test_an_archive_with_a_password_is_refused():
    content = zip_of({"YQ-001.jpg": b"a"})
    for signature, offset in ((LOCAL, 6), (CENTRAL, 8)):
        content = patched(content, signature, offset, b"\x01\x00")

    assert refusal(content) == "“照片.zip”设了密码，无法读取。请去掉密码重新打包后上传。"


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)

    sentence = refusal(zip_of({f"{number}.jpg": b"" for number in range(4)}))

    assert sentence == "“照片.zip”里有 4 个文件，最多 3 个。请分成几个压缩包上传。"


def test_a_list_of_entries_without_end_is_never_read():
    # the archive claims that 100 MB of its content are the list
    content = b"\x00" * (100 * MEGABYTE)
    content += struct.pack("<4s4H2LH", END, 0, 0, 1, 1, 100 * MEGABYTE, 0, 0)

    assert refusal(content).startswith("“照片.zip”不是完整的 ZIP 压缩包")


def test_what_unpacks_to_too_much_is_refused():
    content = zip_of({f"{number}.png": b"\x00" for number in range(4)})
    content = patched(content, CENTRAL, 24, struct.pack("<L", 200 * MEGABYTE))

    assert refusal(content) == "“照片.zip”解压后超过 600 MB。请分成几个压缩包上传。"


def test_an_entry_that_is_nearly_nothing_packed_is_a_bomb():
    sentence = reading_refusal(zip_of({"YQ-001.png": b"\x00" * (5 * MEGABYTE)}), limit=10 * MEGABYTE)

    assert sentence == "“YQ-001.png”的压缩率异常，不像照片，已跳过。"


def test_an_entry_larger_than_the_limit_is_refused():
    content = zip_of({"YQ-001.png": b"\x00" * (2 * MEGABYTE)}, zipfile.ZIP_STORED)

    assert reading_refusal(content) == "“YQ-001.png”超过 1 MB 的上限，请压缩后重新打包。"


def test_an_entry_that_lies_about_its_size_is_read_no_further_than_it_claims():
    content = zip_of({"YQ-001.png": b"\x00" * (2 * MEGABYTE)})
    content = patched(content, CENTRAL, 24, struct.pack("<L", 100))

    # it ends after 100 bytes, where its checksum is wrong
    assert reading_refusal(content) == "“YQ-001.png”已损坏，读不出来。请重新打包后上传。"


def test_other_ways_to_pack_are_refused():
    content = zip_of({"YQ-001.png": b"a"}, zipfile.ZIP_LZMA)

    assert reading_refusal(content).startswith("“YQ-001.png”的压缩方式读不了")


def test_a_damaged_entry_is_refused():
    content = zip_of({"YQ-001.png": b"abcdefgh" * 9}, zipfile.ZIP_STORED).replace(b"abcdefgh", b"abcdefgx", 1)

    assert reading_refusal(content) == "“YQ-001.png”已损坏，读不出来。请重新打包后上传。"


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", b"PK\x03\x04" + b"\x00" * 50, zip_of({"a": b"b" * 500})[:-30]],
    ids=["empty", "text", "header only", "cut short"],  # the bytes hold the time: two workers would disagree
)
def test_what_is_no_archive_is_refused(content):
    assert refusal(content) == (
        "“照片.zip”不是完整的 ZIP 压缩包，可能在传输中损坏。请确认能正常打开后重新上传。"
    )


@pytest.mark.django_db
def test_an_archive_is_stored_for_its_owner_only():
    owner, content = UserFactory(), zip_of({"YQ-001.png": png_bytes()})

    stored = store_archive(upload=SimpleUploadedFile("照片.zip", content), owner=owner)

    assert (stored.name, stored.content_type, stored.extension) == ("照片.zip", "application/zip", "zip")
    assert stored.size_bytes == len(content)
    assert stored.file.read() == content
    assert PrivateFile.objects.visible_to(UserFactory()).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“照片.zip”是空文件，没有内容。请重新选择文件。"),
        (
            b"Rar!\x1a\x07\x01\x00" + b"\x00" * 50,
            "“照片.zip”其实是压缩包（RAR）。这里只收 ZIP 压缩包，请用系统自带的“压缩为 ZIP”功能重新打包。",
        ),
        (b"hello", "“照片.zip”不是完整的 ZIP 压缩包，可能在传输中损坏。请确认能正常打开后重新上传。"),
    ],
)
def test_what_is_no_archive_is_not_stored(content, sentence):
    with pytest.raises(ValidationError) as refused:
        store_archive(upload=SimpleUploadedFile("照片.zip", content), owner=UserFactory())

    assert refused.value.messages == [sentence]
    assert PrivateFile.objects.count() == 0


@pytest.mark.django_db
def test_an_archive_over_the_limit_is_not_stored(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", MEGABYTE)
    upload = SimpleUploadedFile("照片.zip", b"PK\x03\x04" + b"\x00" * (3 * MEGABYTE))

    with pytest.raises(ValidationError) as refused:
        store_archive(upload=upload, owner=UserFactory())

    assert refused.value.messages == ["“照片.zip”有 3 MB，超过 1 MB 的上限。请分成几个压缩包上传。"]
    assert PrivateFile.objects.count() == 0


def test_an_entry_without_a_name_is_passed_over():
    content = zip_of({"照片.jpg": b"photo"})
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("x", b"nameless")
        archive.filelist[-1].filename = ""  # in the list at the end, which is what is read

    assert [entry.shown for entry in opened(buffer.getvalue()).entries] == ["照片.jpg"]
