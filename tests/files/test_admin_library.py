"""The libraries of the Wagtail admin: what editors may touch, and what they may put there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model

from files.models import SiteImage
from tests.factories import InstrumentFactory, UserFactory, editor, png_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


@pytest.fixture
def photo() -> SiteImage:
    """The photo of an approved instrument, as its provider uploaded it."""
    instrument = InstrumentFactory(approved=True)
    image = instrument.photos.get().image
    image.uploaded_by_user = instrument.owner
    image.save()
    return image


@pytest.mark.parametrize("who", [editor, lambda: UserFactory(admin=True)])
def test_the_photo_of_an_institution_is_not_the_editors_to_replace(who, photo):
    client = Client()
    client.force_login(who())
    address = f"/admin/images/{photo.pk}/"
    form = {
        "title": "换掉",
        "file": SimpleUploadedFile("other.png", png_bytes("red"), "image/png"),
        "collection": photo.collection_id,
    }
    bulk = f"/admin/bulk/files/siteimage/delete/?id={photo.pk}&next=/admin/images/"
    for response in (client.get(address), client.post(address, form), client.post(f"{address}delete/")):
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    client.post(bulk)
    assert address not in client.get("/admin/images/").content.decode()
    kept = SiteImage.objects.get(pk=photo.pk)
    assert (kept.title, kept.file.name) == (photo.title, photo.file.name)


def test_editors_keep_their_own_pictures(photo):
    user = editor()
    own = SiteImage.objects.create(
        title="海报", file=SimpleUploadedFile("poster.png", png_bytes()), uploaded_by_user=user
    )
    client = Client()
    client.force_login(user)
    assert client.get(f"/admin/images/{own.pk}/").status_code == 200
    assert f"/admin/images/{own.pk}/" in client.get("/admin/images/").content.decode()


@pytest.mark.parametrize(
    ("name", "taken"), [("a.html", False), ("a.svg", False), ("a.js", False), ("a.pdf", True)]
)
def test_the_document_library_takes_nothing_a_browser_would_run(name, taken):
    client = Client()
    client.force_login(editor())
    response = client.post(
        "/admin/documents/multiple/add/",
        {"files[]": SimpleUploadedFile(name, b"<script>alert(1)</script>")},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert response.json()["success"] is taken
    assert get_document_model().objects.count() == int(taken)
