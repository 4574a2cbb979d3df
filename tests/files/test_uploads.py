"""Uploads lie about their type, their size and their name; none of it gets through."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.models import User
from files import uploads
from files.models import PrivateFile, SiteImage
from files.uploads import clean_name, store_image, store_private_file
from tests.files.conftest import image_bytes, pdf_bytes, upload


def refusal(store, name: str, content: bytes, owner: User, claimed: str = "image/jpeg") -> str:
    """The sentence a refused upload is answered with; nothing must have been stored."""
    with pytest.raises(ValidationError) as caught:
        store(upload=upload(name, content, claimed), owner=owner)
    assert not PrivateFile.objects.exists()
    assert not SiteImage.objects.exists()
    return caught.value.messages[0]


def as_photo(*, upload, owner):
    return store_image(upload=upload, owner=owner, title="照片")


def flushed(data: bytes) -> bytes:
    """Compressed data that does not end."""
    compressor = zlib.compressobj()
    return compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be ``width`` × ``height``."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_pdf_scan_is_stored_as_it_came(owner: User) -> None:
    content = pdf_bytes()
    stored = store_private_file(upload=upload("法人证书.pdf", content, "text/html"), owner=owner)
    assert (stored.name, stored.content_type, stored.extension) == ("法人证书.pdf", "application/pdf", "pdf")
    assert stored.size_bytes == len(content)
    assert stored.file.name == f"{stored.uuid.hex[:2]}/{stored.uuid.hex}.pdf"
    assert Path(stored.file.path).read_bytes() == content


def test_an_image_scan_is_stored_as_it_came(owner: User) -> None:
    content = image_bytes("JPEG")
    stored = store_private_file(upload=upload("scan.JPEG", content), owner=owner)
    assert (stored.content_type, stored.extension) == ("image/jpeg", "jpg")
    assert stored.file.open("rb").read() == content


def test_a_scan_of_12_mb_is_refused_with_its_size(owner: User) -> None:
    sentence = refusal(store_private_file, "营业执照.pdf", b"%PDF-1.4\n" + b"0" * (12 * 1024 * 1024), owner)
    assert sentence == "“营业执照.pdf”有 12.0 MB，超过 10 MB 的上限。请压缩或降低扫描分辨率后重新上传。"


def test_exactly_10_mb_is_let_through(owner: User) -> None:
    filler = b"%" + b"0" * (10 * 1024 * 1024 - len(pdf_bytes(b"%")))
    content = pdf_bytes(filler)
    assert len(content) == 10 * 1024 * 1024
    assert store_private_file(upload=upload("a.pdf", content), owner=owner).size_bytes == 10 * 1024 * 1024


def test_a_png_named_pdf_is_told_what_it_really_is(owner: User) -> None:
    sentence = refusal(store_private_file, "执照.pdf", image_bytes("PNG"), owner, "application/pdf")
    assert sentence == (
        "“执照.pdf”其实是PNG 图片，与扩展名不符。请把文件名的扩展名改为 .png，或另存为所需格式后重新上传。"
    )


@pytest.mark.parametrize(
    ("content", "really"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "网页（HTML 或 XML）"),
        (b"\xef\xbb\xbf  \n<HTML><body onload=alert(1)>", "网页（HTML 或 XML）"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG 矢量图"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG 矢量图"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;<script>alert(1)</script>", "GIF 图片"),
        (b"PK\x03\x04" + b"\0" * 100, "压缩包（ZIP，或 Word、Excel、OFD 文档）"),
        (b"MZ\x90\x00" + b"\0" * 100, "可执行程序"),
        (b"just some words", "无法识别的格式"),
        (b"  %PDF-1.4 not at the very beginning %%EOF", "无法识别的格式"),
    ],
)
@pytest.mark.parametrize("store", [store_private_file, as_photo])
def test_what_is_no_picture_is_refused_whatever_it_is_called(store, content, really, owner: User) -> None:
    accepted = "PDF、JPG、PNG" if store is store_private_file else "JPG、PNG、WEBP"
    sentence = refusal(store, "照片.jpg", content, owner)
    assert sentence == f"“照片.jpg”的内容是{really}。这里只收 {accepted}，请转换格式后重新上传。"


def test_a_pdf_is_no_photo(owner: User) -> None:
    sentence = refusal(as_photo, "照片.pdf", pdf_bytes(), owner)
    assert sentence == "“照片.pdf”的内容是PDF。这里只收 JPG、PNG、WEBP，请转换格式后重新上传。"


@pytest.mark.parametrize("store", [store_private_file, as_photo])
@pytest.mark.parametrize("side", [8_000, 30_000, 200_000])
def test_a_small_file_of_many_pixels_is_refused_before_it_is_unpacked(store, side, owner: User) -> None:
    sentence = refusal(store, "photo.png", png_header(side, side), owner)
    assert sentence == "“photo.png”的像素太多，超过 5000 万像素。请缩小尺寸后重新上传。"


@pytest.mark.parametrize("store", [store_private_file, as_photo])
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_an_image_that_is_cut_off_is_refused(store, form, owner: User) -> None:
    content = image_bytes(form, (400, 300))
    name = "p.png" if form == "PNG" else "p.jpg"
    sentence = refusal(store, name, content[: len(content) * 2 // 3], owner)
    assert "不是完整的" in sentence
    assert sentence.endswith("可能在传输中损坏。请确认能正常打开后重新上传。")


def test_a_header_without_an_image_is_refused(owner: User) -> None:
    assert "不是完整的JPG 图片文件" in refusal(
        as_photo, "p.jpg", b"\xff\xd8\xff\xe0" + b"<script>" * 50, owner
    )


def test_a_moving_image_is_refused(owner: User) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    assert "是动态图片" in refusal(as_photo, "p.webp", buffer.getvalue(), owner)


@pytest.mark.parametrize("store", [store_private_file, as_photo])
def test_an_empty_file_is_refused(store, owner: User) -> None:
    assert refusal(store, "a.jpg", b"", owner) == "“a.jpg”是空文件，没有内容。请重新选择文件。"


def test_a_pdf_without_its_end_is_refused(owner: User) -> None:
    assert "不是完整的PDF文件" in refusal(store_private_file, "a.pdf", pdf_bytes()[:-30], owner)


@pytest.mark.parametrize(
    "objects",
    [
        b"4 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj",
        b"4 0 obj\n<</S /J#61vaScript /JS 5 0 R>>\nendobj",
        b"4 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj",
        b"4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n"
        + zlib.compress(b"5 0 <</S/JavaScript/JS(app.alert(1))>>")
        + b"\nendstream\nendobj",
        b"4 0 obj\n<</Type/Obj#53tm/N 1/First 4/Filter/FlateDecode>>\nstream\n"
        + zlib.compress(b"5 0 <</S/JavaScript/JS(app.alert(1))>>")
        + b"\nendstream\nendobj",
        b"4 0 obj\n<</Type/ObjStm/N 1/First 4>>\nstream\n5 0 <</S/JavaScript/JS(app.alert(1))>>"
        + b"\nendstream\nendobj",
    ],
)
def test_a_pdf_that_runs_something_is_refused(objects, owner: User) -> None:
    sentence = refusal(store_private_file, "a.pdf", pdf_bytes(objects), owner)
    assert sentence == "“a.pdf”里含有脚本或会自动执行的内容。请用“打印为 PDF”另存一份，再重新上传。"


def test_letters_in_a_picture_inside_a_pdf_are_not_taken_for_a_script(owner: User) -> None:
    stream = b"4 0 obj\n<</Length 20>>\nstream\n\x01\x02/JS (\x03/Launch \nendstream\nendobj"
    assert store_private_file(upload=upload("a.pdf", pdf_bytes(stream)), owner=owner).pk


def test_a_pdf_bomb_of_object_streams_is_let_go_unpacked_only_so_far(owner: User) -> None:
    bomb = zlib.compress(b"\0" * (200 * 1024 * 1024), 9)
    stream = b"4 0 obj\n<</Type/ObjStm>>\nstream\n" + bomb + b"\nendstream\nendobj"
    assert store_private_file(upload=upload("a.pdf", pdf_bytes(stream)), owner=owner).pk


def test_many_damaged_object_streams_share_the_bound_on_unpacking(monkeypatch, owner: User) -> None:
    unpacked = []
    real = uploads._unpacked

    def counted(stream: bytes, limit: int) -> bytes:
        result = real(stream, limit)
        unpacked.append(len(result))
        return result

    monkeypatch.setattr(uploads, "_unpacked", counted)
    damaged = flushed(b"\0" * (20 * 1024 * 1024)) + b"\xff\xff\xff\xff"
    objects = (b"4 0 obj\n<</Type/ObjStm>>\nstream\n" + damaged + b"\nendstream\nendobj\n") * 10
    assert store_private_file(upload=upload("a.pdf", pdf_bytes(objects)), owner=owner).pk
    assert len(unpacked) == 2
    assert sum(unpacked) == uploads.MAX_UNPACKED_BYTES


@pytest.mark.parametrize(("scans", "refused"), [(100, False), (101, True)])
@pytest.mark.parametrize("store", [store_private_file, as_photo])
def test_a_jpeg_of_endless_passes_is_refused_before_it_is_decoded(store, scans, refused, owner: User) -> None:
    buffer = BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "JPEG", progressive=True)
    picture = buffer.getvalue()
    last = picture.rfind(b"\xff\xda")
    more = scans - picture.count(b"\xff\xda")
    content = picture[:-2] + picture[last:-2] * more + picture[-2:]
    if refused:
        assert "不是完整的JPG 图片文件" in refusal(store, "a.jpg", content, owner)
    else:
        assert store(upload=upload("a.jpg", content), owner=owner).pk


def test_a_photo_is_turned_upright_and_loses_where_it_was_taken(owner: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "Phone maker"
    exif.get_ifd(0x8825)[1] = "N"
    content = image_bytes("JPEG", (80, 60), exif=exif, comment=b"secret")
    stored = store_image(upload=upload("IMG_1.jpg", content), owner=owner, title="气相色谱仪")
    assert (stored.width, stored.height) == (60, 80)
    assert stored.title == "气相色谱仪"
    assert stored.uploaded_by_user == owner
    written = stored.file.open("rb").read()
    assert b"Phone maker" not in written
    assert b"secret" not in written
    assert dict(Image.open(BytesIO(written)).getexif()) == {}
    assert stored.file_size == len(written)


def test_what_hides_behind_a_photo_is_gone(owner: User) -> None:
    content = image_bytes("PNG") + b"PK\x03\x04<script>alert(1)</script>"
    stored = store_image(upload=upload("a.png", content), owner=owner, title="")
    assert b"script" not in stored.file.open("rb").read()


def test_a_large_photo_is_brought_down(owner: User) -> None:
    stored = store_image(upload=upload("a.jpg", image_bytes("JPEG", (4000, 3000))), owner=owner, title="")
    assert (stored.width, stored.height) == (2400, 1800)
    assert stored.title == "a"


@pytest.mark.parametrize(
    ("mode", "form", "name", "extension"),
    [
        ("RGBA", "PNG", "logo.png", "png"),
        ("P", "PNG", "logo.png", "jpg"),
        ("L", "JPEG", "grey.jpg", "jpg"),
        ("CMYK", "JPEG", "print.jpg", "jpg"),
        ("I;16", "PNG", "deep.png", "jpg"),
        ("1", "PNG", "fax.png", "jpg"),
        ("RGBA", "WEBP", "a.webp", "png"),
    ],
)
def test_every_kind_of_picture_becomes_one_a_browser_shows(mode, form, name, extension, owner: User) -> None:
    buffer = BytesIO()
    Image.new(mode, (30, 20)).save(buffer, form)
    stored = store_image(upload=upload(name, buffer.getvalue()), owner=owner, title="")
    assert stored.file.name.endswith(f".{extension}")
    assert stored.get_rendition("fill-20x10|format-webp").url.endswith(".webp")


def test_a_photo_is_not_named_by_its_uploader(owner: User) -> None:
    stored = store_image(upload=upload("张三-13812345678.png", image_bytes()), owner=owner, title="")
    assert "138" not in stored.file.name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\用户\\桌面\\执照.pdf", "执照.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("txt\u202efdp.pdf", "txtfdp.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_file_name_is_made_fit_to_show(given: str, kept: str) -> None:
    assert clean_name(given) == kept
