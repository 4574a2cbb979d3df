"""仪器管理: photos of an instrument."""

import pytest

from catalogue.models import Instrument, InstrumentPhoto
from tests.catalogue.centre import basics, contact, errors_of, photo, step
from tests.factories import InstrumentFactory, SiteImageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(provider):
    return InstrumentFactory(provider=provider)


def photos_of(instrument):
    return list(
        InstrumentPhoto.objects.filter(instrument=instrument)
        .order_by("sort_order")
        .values_list("image_id", flat=True)
    )


def test_photos_can_be_added_removed_and_put_in_order(client, draft):
    first = photos_of(draft)[0]
    client.post(step(draft, "basics"), basics(photos=[photo("b.png", "red"), photo("c.png", "green")]))
    one, two, three = photos_of(draft)
    assert one == first

    client.post(
        step(draft, "basics"),
        basics(version="2", **{"photos-order": [one, two, three], "photos-cover": three}),
    )
    assert photos_of(draft) == [three, one, two]

    client.post(
        step(draft, "basics"),
        basics(
            version="3", **{"photos-order": [three, two, one], "photos-cover": three, "photos-removed": [two]}
        ),
    )
    assert photos_of(draft) == [three, one]


def test_a_saved_order_keeps_the_photos_rows(client, draft):
    before = InstrumentPhoto.objects.get()
    client.post(step(draft, "basics"), basics(photos=[photo("b.png", "red")]))
    assert InstrumentPhoto.objects.order_by("sort_order").first() == before


def test_without_a_photo_an_instrument_is_not_submitted(client, draft):
    client.post(
        step(draft, "basics"),
        basics(**{"photos-removed": [photos_of(draft)[0]], "photos-order": photos_of(draft)}),
    )
    assert photos_of(draft) == []
    response = client.post(step(draft, "contact"), contact(version="2", action="finish"), follow=True)
    assert [(problem.sentence, problem.url) for problem in response.context["problems"]] == [
        ("请至少上传一张仪器照片。", f"{step(draft, 'basics')}?check=1#id_photos")
    ]


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (photo("photo.png", content=b"<html><script>alert(1)</script></html>"), "网页"),
        (photo("photo.png", content=b"x" * (12 * 1024 * 1024)), "超过 10 MB"),
        (photo("photo.jpg"), "其实是PNG 图片"),
    ],
    ids=["html", "12 MB", "png named jpg"],
)
def test_a_bad_photo_costs_neither_the_good_ones_nor_the_typing(client, draft, upload, sentence):
    response = client.post(
        step(draft, "basics"), basics(photos=[upload, photo("gut.png", "red")], manufacturer="新厂商")
    )
    assert sentence in errors_of(response)["photos"][0]
    assert len(photos_of(draft)) == 1
    assert Instrument.objects.get().manufacturer == draft.manufacturer
    form = response.context["form"]
    assert form["manufacturer"].value() == "新厂商"
    assert len(form["photos"].items) == 2
    token = str(form["photos"].kept_inputs).split('value="')[1].split('"')[0]
    client.post(step(draft, "basics"), basics(**{"photos-kept": token}))
    assert len(photos_of(draft)) == 2


def test_a_removed_photo_stays_removed_when_another_field_is_wrong(client, draft):
    pk = photos_of(draft)[0]
    response = client.post(step(draft, "basics"), basics(purchased_on="去年", **{"photos-removed": [pk]}))
    assert f'<input type="hidden" name="photos-removed" value="{pk}">' in response.content.decode()
    assert photos_of(draft) == [pk]


def test_another_accounts_photo_cannot_be_attached(client, draft):
    foreign = SiteImageFactory(uploaded_by_user=UserFactory())
    own = photos_of(draft)
    client.post(
        step(draft, "basics"),
        basics(**{"photos-order": [foreign.pk], "photos-cover": foreign.pk, "photos-kept": str(foreign.pk)}),
    )
    assert photos_of(draft) == own


def test_photo_changes_count_as_a_conflict_too(client, draft):
    client.post(step(draft, "basics"), basics())
    response = client.post(step(draft, "basics"), basics(photos=[photo("b.png", "red")]))
    assert "这条记录已在别的页面被修改" in response.content.decode()
    assert len(photos_of(draft)) == 1
