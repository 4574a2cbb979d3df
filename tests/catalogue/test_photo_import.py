"""导入照片: a zip of photos named by internal number."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as PillowImage

from accounts.models import Message
from catalogue.exchange import photos
from catalogue.exchange.photos import NumberBook, import_photos, without_count
from catalogue.jobs import services as jobs
from catalogue.jobs.exceptions import JobError
from catalogue.models import Instrument, Job, JobState
from files.models import PrivateFile, SiteImage
from tests.conftest import signed_in
from tests.factories import InstrumentFactory, ProviderFactory, png_bytes
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


def jpeg(colour: str) -> bytes:
    buffer = io.BytesIO()
    PillowImage.new("RGB", (320, 240), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def zip_of(files: dict[str, bytes]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("照片.zip", buffer.getvalue(), "application/zip")


@pytest.fixture
def provider():
    return ProviderFactory(approved=True)


@pytest.fixture
def instrument(provider) -> Instrument:
    """A draft without photos."""
    record = InstrumentFactory(provider=provider, internal_number="YQ-001")
    record.photos.all().delete()
    return Instrument.objects.get(pk=record.pk)


@pytest.fixture
def imported(provider, django_capture_on_commit_callbacks):
    """Imports a zip of these files and returns the finished job."""

    def run(files: dict[str, bytes]) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            job = import_photos(upload=zip_of(files), provider=provider, actor=provider.account)
        return Job.objects.get(pk=job.pk)

    return run


def counts(job: Job) -> dict[str, int]:
    return {
        "photos": job.created_count,
        "instruments": job.updated_count,
        "same": job.unchanged_count,
        "refused": job.refused_count,
    }


def lines(job: Job) -> list[tuple[str, str]]:
    return [(line["title"], line["sentence"]) for line in job.report.get("lines", [])]


def strongest(image: SiteImage) -> str:
    with image.open_file() as file:
        pixel = PillowImage.open(file).convert("RGB").getpixel((5, 5))
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def test_photos_go_to_the_instruments_they_are_named_for(imported, instrument, provider):
    other = InstrumentFactory(provider=provider, internal_number="质谱/2 号")

    job = imported(
        {
            "照片/YQ-001 (3).png": png_bytes("blue"),
            "照片/yq-001.JPG": jpeg("red"),
            "YQ-001_2.jpg": jpeg("lime"),
            "质谱_2 号.jpg": jpeg("black"),
        }
    )

    assert (job.state, job.position, job.total) == (JobState.DONE, 4, 4)
    assert counts(job) == {"photos": 4, "instruments": 2, "same": 0, "refused": 0}
    assert [strongest(photo.image) for photo in instrument.photos.all()] == ["red", "green", "blue"]
    assert other.photos.count() == 2


def test_an_import_is_a_save_with_its_entry_in_the_trail(imported, instrument):
    job = imported({"YQ-001.jpg": jpeg("red")})

    stored = Instrument.objects.get(pk=instrument.pk)
    entry = AuditEntry.objects.of(instrument).first()
    assert stored.version == instrument.version + 1
    assert (entry.action, entry.reason, entry.actor) == ("save", f"导入照片 #{job.pk}", job.actor)
    before, after = entry.changes["photos"]
    assert (before, len(after)) == ([], 1)


def test_a_folder_named_by_the_number_is_understood(imported, instrument):
    job = imported({"YQ-001/IMG_0002.jpg": jpeg("lime"), "YQ-001/IMG_0001.jpg": jpeg("red")})

    assert counts(job)["photos"] == 2
    assert [strongest(photo.image) for photo in instrument.photos.all()] == ["red", "green"]


def test_names_in_gbk_are_understood(imported, provider):
    InstrumentFactory(provider=provider, internal_number="质谱仪一号")
    raw = "质谱仪一号.jpg".encode("gbk")
    upload = zip_of({"n" * len(raw): jpeg("red")})
    files = upload.read().replace(b"n" * len(raw), raw)

    job = import_photos(
        upload=SimpleUploadedFile("照片.zip", files), provider=provider, actor=provider.account
    )
    photos.PhotoWorker(job).run()

    assert counts(job)["photos"] == 1


def test_the_same_photo_again_changes_nothing(imported, instrument):
    files = {"YQ-001.jpg": jpeg("red"), "YQ-001_2.jpg": jpeg("red"), "YQ-001_3.jpg": jpeg("blue")}
    first = imported(files)
    version = Instrument.objects.get(pk=instrument.pk).version

    second = imported(files)

    assert counts(first) == {"photos": 2, "instruments": 1, "same": 1, "refused": 0}
    assert counts(second) == {"photos": 0, "instruments": 0, "same": 3, "refused": 0}
    assert Instrument.objects.get(pk=instrument.pk).version == version
    assert instrument.photos.count() == 2


def test_no_instrument_has_more_than_eight_photos(imported, instrument):
    colours = ["red", "lime", "blue", "black", "white", "gray", "navy", "teal", "olive", "maroon"]

    job = imported({f"YQ-001_{n}.jpg": jpeg(colour) for n, colour in enumerate(colours, 1)})

    assert counts(job) == {"photos": 8, "instruments": 1, "same": 0, "refused": 2}
    sentence = "“气相色谱质谱联用仪”（YQ-001）的照片已满 8 张，没有再添加。请先删去不用的照片。"
    assert lines(job) == [("YQ-001_9.jpg", sentence), ("YQ-001_10.jpg", sentence)]
    assert SiteImage.objects.filter(title="气相色谱质谱联用仪").count() == 8


def test_what_matches_nothing_is_named(imported, instrument):
    job = imported({"YQ-404_2.jpg": jpeg("red"), "说明.txt": b"x", "YQ-001.jpg": jpeg("red")})

    assert counts(job) == {"photos": 1, "instruments": 1, "same": 0, "refused": 2}
    assert lines(job) == [
        (
            "YQ-404_2.jpg",
            "本单位没有内部编号为“YQ-404”的仪器。照片请以仪器的内部编号命名，如 YQ-001.jpg、YQ-001_2.jpg。",
        ),
        ("说明.txt", "不是照片，已跳过。照片可以是 JPG、PNG 或 WebP。"),
    ]


def test_what_is_no_photo_is_refused_and_the_rest_goes_on(imported, instrument):
    job = imported(
        {
            "YQ-001_1.jpg": b"no photo at all",
            "YQ-001_2.jpg": zip_of({"a.jpg": jpeg("red")}).read(),
            "YQ-001_3.jpg": png_bytes("blue"),
            "YQ-001_4.jpg": b"\x00" * 5_000_000,
            "../YQ-001_5.jpg": jpeg("lime"),
            "YQ-001_6.jpg": jpeg("red"),
        }
    )

    assert counts(job) == {"photos": 1, "instruments": 1, "same": 0, "refused": 5}
    assert [sentence for _title, sentence in lines(job)] == [
        "“YQ-001_1.jpg”的内容是无法识别的格式。这里只收 JPG、PNG、WEBP，请转换格式后重新上传。",
        "“YQ-001_2.jpg”的内容是压缩包（ZIP，或 Word、Excel、OFD 文档）。"
        "这里只收 JPG、PNG、WEBP，请转换格式后重新上传。",
        "“YQ-001_3.jpg”其实是PNG 图片，与扩展名不符。请把文件名的扩展名改为 .png，"
        "或另存为所需格式后重新上传。",
        "“YQ-001_4.jpg”的压缩率异常，不像照片，已跳过。",
        "“../YQ-001_5.jpg”的路径指向压缩包以外，已跳过。请用普通文件名重新打包。",
    ]


@pytest.mark.parametrize(("state", "label"), [("pending", "待审核"), ("approved", "已通过")])
def test_a_submitted_instrument_is_left_as_it_is(imported, provider, state, label):
    instrument = InstrumentFactory(provider=provider, internal_number="YQ-009", state=state)
    images = SiteImage.objects.count()

    job = imported({"YQ-009.jpg": jpeg("red"), "YQ-009_2.jpg": jpeg("blue")})

    assert counts(job) == {"photos": 0, "instruments": 0, "same": 0, "refused": 2}
    assert lines(job) == [
        (
            "气相色谱质谱联用仪（YQ-009）",
            f"状态为“{label}”，不能添加照片。请先在仪器页面点击“撤回并修改信息”，再导入照片。",
        )
    ]
    assert instrument.photos.count() == 1
    assert SiteImage.objects.count() == images


def test_a_returned_instrument_may_be_given_photos(imported, provider):
    instrument = InstrumentFactory(provider=provider, internal_number="YQ-009", returned=True)

    assert counts(imported({"YQ-009.jpg": jpeg("red")}))["photos"] == 1
    assert instrument.photos.count() == 2


def test_instruments_of_others_are_never_touched(imported):
    theirs = InstrumentFactory(internal_number="YQ-777")

    job = imported({"YQ-777.jpg": jpeg("red")})

    assert counts(job)["refused"] == 1
    assert theirs.photos.count() == 1


def test_the_institution_is_told_what_came_of_it(imported, instrument, provider):
    job = imported({"YQ-001.jpg": jpeg("red"), "YQ-404.jpg": jpeg("red")})

    message = Message.objects.get(recipient=provider.account, link=reverse("batches:detail", args=[job.pk]))
    assert message.body == "添加了 1 张照片（1 台仪器），0 张原来就有，1 个文件没有导入。"


def test_it_goes_on_after_a_restart_without_adding_anything_twice(
    provider, instrument, monkeypatch, django_capture_on_commit_callbacks
):
    InstrumentFactory(provider=provider, internal_number="YQ-002")
    files = {"YQ-001.jpg": jpeg("red"), "YQ-002.jpg": jpeg("blue")}
    with django_capture_on_commit_callbacks():
        job = import_photos(upload=zip_of(files), provider=provider, actor=provider.account)
    store = photos.PhotoWorker._store

    def power_cut(self, instrument_id, *args):
        if instrument_id != instrument.pk:
            raise KeyboardInterrupt
        store(self, instrument_id, *args)

    monkeypatch.setattr(photos.PhotoWorker, "_store", power_cut)
    with pytest.raises(KeyboardInterrupt):
        photos.PhotoWorker(job).run()
    monkeypatch.setattr(photos.PhotoWorker, "_store", store)
    half_way = Job.objects.get(pk=job.pk)
    assert (half_way.position, half_way.created_count) == (1, 1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at="2020-01-01T00:00:00Z")

    with django_capture_on_commit_callbacks(execute=True):
        jobs.resume_job(job=half_way, actor=provider.account)

    done = Job.objects.get(pk=job.pk)
    assert done.state == JobState.DONE
    assert counts(done) == {"photos": 2, "instruments": 2, "same": 0, "refused": 0}
    assert instrument.photos.count() == 1


def test_a_job_that_was_cancelled_meanwhile_adds_nothing_more(
    provider, instrument, monkeypatch, django_capture_on_commit_callbacks
):
    prepare = photos.prepare_image

    def cancelling(upload):
        jobs.cancel_job(job=Job.objects.get(), actor=provider.account)
        return prepare(upload)

    monkeypatch.setattr(photos, "prepare_image", cancelling)
    images = SiteImage.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        import_photos(upload=zip_of({"YQ-001.jpg": jpeg("red")}), provider=provider, actor=provider.account)

    assert Job.objects.get().state == JobState.CANCELLED
    assert instrument.photos.count() == 0
    assert SiteImage.objects.count() == images


def test_a_zip_is_not_kept_where_another_job_is_running(provider, instrument):
    import_photos(upload=zip_of({"YQ-001.jpg": jpeg("red")}), provider=provider, actor=provider.account)
    files = PrivateFile.objects.count()

    with pytest.raises(JobError, match="请等它完成"):
        import_photos(upload=zip_of({"a.jpg": b"x"}), provider=provider, actor=provider.account)

    assert PrivateFile.objects.count() == files
    assert Job.objects.count() == 1


# the pages


def test_the_page_takes_a_zip_and_shows_what_came_of_it(
    provider, instrument, django_capture_on_commit_callbacks
):
    client = signed_in(provider.account)
    upload = zip_of({"YQ-001.jpg": jpeg("red"), "<b>.jpg": jpeg("red")})

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("batches:photos"), {"file": upload})
    page = client.get(response["Location"]).content.decode()

    assert response["Location"] == reverse("batches:detail", args=[Job.objects.get().pk])
    assert "已把 1 张照片添加到 1 台仪器。" in page
    assert "&lt;b&gt;.jpg" in page


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "请先选择照片压缩包。"),
        ({"file": SimpleUploadedFile("照片.zip", b"")}, "这是空文件，没有内容。请重新选择文件。"),
        (
            {"file": SimpleUploadedFile("照片.zip", b"nothing")},
            "“照片.zip”不是完整的 ZIP 压缩包，可能在传输中损坏。请确认能正常打开后重新上传。",
        ),
    ],
)
def test_what_is_no_zip_is_said_at_the_field(provider, files, sentence):
    response = signed_in(provider.account).post(reverse("batches:photos"), files)

    assert response.context["form"].errors["file"] == [sentence]
    assert (Job.objects.count(), PrivateFile.objects.filter(extension="zip").count()) == (0, 0)


def test_an_account_without_an_institution_is_told_to_fill_it_in(provider_client):
    response = provider_client.get(reverse("batches:photos"), follow=True)

    assert "请先填写并保存机构信息。" in response.content.decode()


# names


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("YQ-001", ("YQ-001", 0)),
        ("YQ-001_2", ("YQ-001", 2)),
        ("YQ-001 (3)", ("YQ-001", 3)),
        ("YQ-001（12）", ("YQ-001", 12)),
        ("YQ-001-2", ("YQ-001-2", 0)),
        ("YQ_2021_1", ("YQ_2021", 1)),
    ],
)
def test_the_count_in_a_name(stem, expected):
    assert without_count(stem) == expected


def test_a_number_that_ends_like_a_count_goes_before_the_count():
    book = NumberBook([(1, "YQ"), (2, "YQ_2")])

    assert book.find(["YQ_2.jpg"]).instrument_id == 2
    assert book.find(["YQ_3.jpg"]).instrument_id == 1


def test_numbers_that_differ_in_case_only_are_told_apart():
    book = NumberBook([(1, "a1"), (2, "A1")])

    assert [book.find([name]).instrument_id for name in ("a1.jpg", "A1.jpg")] == [1, 2]
    assert book.find(["ａ1.jpg"]) is None


def test_endless_names_take_neither_time_nor_room(imported, instrument):
    """A zip holds names of 65,000 characters; looking for a count at their end took seconds for each."""
    job = imported({f"{number}a{' ' * 60_000}b.jpg": b"x" for number in range(20)})

    assert counts(job)["refused"] == 20
    assert max(len(sentence) for _title, sentence in lines(job)) < 250
