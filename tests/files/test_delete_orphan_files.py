"""Only uploads that nothing points at, old ones, and only those of external accounts, go."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AccountKind, User
from catalogue.models import Instrument, InstrumentPhoto
from catalogue.services import delete_draft
from files.models import PrivateFile, SiteImage
from files.uploads import store_image, store_private_file
from institutions.models import Provider
from tests.files.conftest import image_bytes, pdf_bytes, upload
from workflow.services import create_draft


@pytest.fixture
def provider(owner: User) -> Provider:
    return Provider.objects.create(account=owner, host_name="测试研究院")


def scan(owner: User, *, days: int = 60) -> PrivateFile:
    stored = store_private_file(upload=upload("a.pdf", pdf_bytes()), owner=owner)
    PrivateFile.objects.filter(pk=stored.pk).update(uploaded_at=timezone.now() - timedelta(days=days))
    return stored


def photo(owner: User, *, days: int = 60) -> SiteImage:
    stored = store_image(upload=upload("a.png", image_bytes()), owner=owner, title="照片")
    SiteImage.objects.filter(pk=stored.pk).update(created_at=timezone.now() - timedelta(days=days))
    return stored


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("delete_orphan_files", *arguments, stdout=out)
    return out.getvalue()


def test_what_was_never_used_goes_with_its_bytes(
    owner: User, django_capture_on_commit_callbacks: Callable
) -> None:
    orphan, image = scan(owner), photo(owner)
    rendition = image.get_rendition("fill-20x20|format-webp")
    with django_capture_on_commit_callbacks(execute=True):
        assert run() == "私有文件: 1 deleted\n图片: 1 deleted\n"
    assert not PrivateFile.objects.exists()
    assert not SiteImage.objects.exists()
    for stored in (orphan, image, rendition):
        assert not stored.file.storage.exists(stored.file.name)


def test_what_is_young_stays(owner: User) -> None:
    scan(owner, days=29)
    assert run().startswith("私有文件: 0 deleted")
    assert run("--older-than-days", "20", "--dry-run").startswith("私有文件: 1 to delete")
    assert PrivateFile.objects.count() == 1


def test_what_a_record_points_at_stays(provider: Provider) -> None:
    provider.certificate, provider.logo = scan(provider.account), photo(provider.account)
    provider.save()
    run()
    assert PrivateFile.objects.count() == 1
    assert SiteImage.objects.count() == 1


def test_what_only_an_older_revision_points_at_stays(provider: Provider) -> None:
    instrument = Instrument.objects.create(provider=provider, name="气相色谱仪")
    instrument.photos.add(InstrumentPhoto(image=photo(provider.account)))
    instrument.save()
    provider.certificate = scan(provider.account)
    provider.save()
    provider.save_revision(clean=False)
    instrument.save_revision(clean=False)
    provider.certificate = None
    provider.save()
    InstrumentPhoto.objects.all().delete()
    assert run() == "私有文件: 0 deleted\n图片: 0 deleted\n"


def test_the_photos_of_a_deleted_draft_go(
    provider: Provider, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # Wagtail's reference index follows on commit
        draft = Instrument(provider=provider, name="测试仪")
        draft.photos.set([InstrumentPhoto(image=photo(provider.account))])
        create_draft(record=draft, actor=provider.account)
    assert run().endswith("图片: 0 deleted\n")
    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(record=draft, actor=provider.account)
    assert run().endswith("图片: 1 deleted\n")
    assert not SiteImage.objects.exists()


def test_pictures_of_editors_stay(account: Callable[..., User]) -> None:
    photo(account("editor", kind=AccountKind.STAFF))
    run()
    assert SiteImage.objects.count() == 1
