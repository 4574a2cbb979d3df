"""Upload fields keep what is there, keep what was just sent, and take nobody else's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core import signing
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from files.forms import ImageListField, ImageUploadField, PrivateFileField, UploadFormMixin
from files.models import PrivateFile, SiteImage
from files.uploads import store_image, store_private_file
from institutions.models import Provider
from tests.files.conftest import image_bytes, pdf_bytes, upload


class HostForm(UploadFormMixin, forms.ModelForm):
    class Meta:
        model = Provider
        fields = ["host_name", "logo", "certificate"]
        field_classes = {"logo": ImageUploadField, "certificate": PrivateFileField}


class PhotosForm(UploadFormMixin, forms.Form):
    photos = ImageListField(label="仪器照片", required=False, max_count=3)


@pytest.fixture
def provider(owner: User) -> Provider:
    return Provider.objects.create(account=owner, host_name="测试研究院")


def host_form(provider: Provider, files: dict[str, Any] | None = None, **data: Any) -> HostForm:
    return HostForm(
        {"host_name": "测试研究院", **data},
        MultiValueDict(files or {}),
        instance=provider,
        owner=provider.account,
    )


def token(form: forms.Form, name: str) -> str:
    found = re.search(rf'name="{name}-kept" value="([^"]+)"', str(form[name]))
    assert found
    return found[1]


def test_a_field_takes_its_label_and_help_from_the_model(provider: Provider) -> None:
    field = HostForm(instance=provider, owner=provider.account).fields["certificate"]
    assert field.label == "证照扫描件"
    assert field.help_text.startswith("营业执照")
    assert field.required is False


def test_an_upload_lands_on_the_record(provider: Provider) -> None:
    form = host_form(
        provider,
        {"logo": [upload("logo.png", image_bytes())], "certificate": [upload("证.pdf", pdf_bytes())]},
    )
    assert form.is_valid(), form.errors
    saved = form.save()
    saved.refresh_from_db()
    assert saved.certificate.name == "证.pdf"
    assert saved.certificate.owner == provider.account
    assert saved.logo.uploaded_by_user == provider.account


def test_sending_nothing_keeps_what_there_is(provider: Provider) -> None:
    provider.certificate = store_private_file(upload=upload("证.pdf", pdf_bytes()), owner=provider.account)
    provider.save()
    form = host_form(provider)
    assert form.is_valid()
    assert not form.has_changed()
    assert form.save().certificate.name == "证.pdf"
    assert PrivateFile.objects.count() == 1
    assert form["certificate"].current_url == provider.certificate.get_absolute_url()
    assert form["certificate"].kept_inputs == ""


def test_uploading_again_makes_a_new_file_and_leaves_the_old(provider: Provider) -> None:
    provider.certificate = store_private_file(upload=upload("旧.pdf", pdf_bytes()), owner=provider.account)
    provider.save()
    form = host_form(provider, {"certificate": [upload("新.pdf", pdf_bytes())]})
    assert form.is_valid()
    assert form.save().certificate.name == "新.pdf"
    assert set(PrivateFile.objects.values_list("name", flat=True)) == {"旧.pdf", "新.pdf"}


def test_a_good_upload_survives_an_error_elsewhere(provider: Provider) -> None:
    first = host_form(provider, {"certificate": [upload("证.pdf", pdf_bytes())]}, host_name="")
    assert not first.is_valid()
    assert "certificate" not in first.errors
    assert first["certificate"].current_name == "证.pdf"

    second = host_form(provider, **{"certificate-kept": token(first, "certificate")})
    assert second.is_valid(), second.errors
    assert second.has_changed()
    assert second.save().certificate.name == "证.pdf"
    assert PrivateFile.objects.count() == 1


def test_a_refused_upload_keeps_the_old_file_and_says_why(provider: Provider) -> None:
    provider.certificate = store_private_file(upload=upload("旧.pdf", pdf_bytes()), owner=provider.account)
    provider.save()
    form = host_form(provider, {"certificate": [upload("新.pdf", b"<html>")]})
    assert form.errors["certificate"] == [
        "“新.pdf”的内容是网页（HTML 或 XML）。这里只收 PDF、JPG、PNG，请转换格式后重新上传。"
    ]
    assert form["certificate"].current_name == "旧.pdf"


def test_a_required_file_is_asked_for_by_name(provider: Provider) -> None:
    form = HostForm({"host_name": "甲"}, MultiValueDict(), instance=provider, owner=provider.account)
    form.fields["logo"].required = True
    assert form.errors["logo"] == ["请上传“Logo 或代表性照片”。"]


@pytest.mark.parametrize(
    "forged",
    ["", "12", "x:y:z", signing.dumps([1, 1]), signing.dumps([1, 1], salt="other")],
    # a signature carries the time: as an id it would differ between the workers
    ids=["empty", "number", "three parts", "no salt", "other salt"],
)
def test_an_invented_id_is_refused(forged: str, provider: Provider) -> None:
    store_private_file(upload=upload("证.pdf", pdf_bytes()), owner=provider.account)
    form = host_form(provider, **{"certificate-kept": forged})
    assert form.errors["certificate"] == ["刚才上传的文件已失效，请重新选择文件。"]


def test_the_signed_id_of_somebody_elses_file_is_refused(
    provider: Provider, account: Callable[..., User]
) -> None:
    other = Provider.objects.create(account=account("provider-b"), host_name="另一家")
    theirs = host_form(other, {"certificate": [upload("证.pdf", pdf_bytes())]}, host_name="")
    form = host_form(provider, **{"certificate-kept": token(theirs, "certificate")})
    assert form.errors["certificate"] == ["刚才上传的文件已失效，请重新选择文件。"]
    provider.refresh_from_db()
    assert provider.certificate is None


def test_the_signed_id_of_a_file_does_not_open_an_image_of_that_number(provider: Provider) -> None:
    theirs = host_form(provider, {"certificate": [upload("证.pdf", pdf_bytes())]}, host_name="")
    signed = token(theirs, "certificate")
    pk = PrivateFile.objects.get().pk
    SiteImage.objects.create(pk=pk, title="照片", file=ContentFile(image_bytes(), name="a.png"))
    form = host_form(provider, **{"logo-kept": signed})
    assert form.errors["logo"] == ["刚才上传的文件已失效，请重新选择文件。"]


def photos_form(owner: User, initial: list[SiteImage], uploads: list[Any] = (), **data: Any) -> PhotosForm:
    return PhotosForm(
        MultiValueDict(data),
        MultiValueDict({"photos": list(uploads)}),
        initial={"photos": initial},
        owner=owner,
    )


def test_photos_join_those_there_are_and_one_refused_does_not_cost_the_others(owner: User) -> None:
    first = store_image(upload=upload("1.png", image_bytes()), owner=owner, title="一")
    form = photos_form(owner, [first], [upload("2.png", image_bytes()), upload("3.png", b"<svg/>")])
    assert form.errors["photos"] == [
        "“3.png”的内容是SVG 矢量图。这里只收 JPG、PNG、WEBP，请转换格式后重新上传。"
    ]
    again = photos_form(owner, [first], **{"photos-kept": [token(form, "photos")]})
    assert again.is_valid(), again.errors
    assert [image.title for image in again.cleaned_data["photos"]] == ["一", "2"]


def test_photos_are_taken_away_by_their_box(owner: User) -> None:
    images = [
        store_image(upload=upload(f"{n}.png", image_bytes()), owner=owner, title=str(n)) for n in (1, 2)
    ]
    form = photos_form(
        owner, images, [upload("3.png", image_bytes())], **{"photos-removed": [str(images[0].pk)]}
    )
    assert form.is_valid(), form.errors
    assert [image.title for image in form.cleaned_data["photos"]] == ["2", "3"]


def test_there_are_only_so_many_photos(owner: User) -> None:
    form = photos_form(owner, [], [upload(f"{n}.png", image_bytes()) for n in range(4)])
    assert form.errors["photos"] == ["最多上传 3 张照片，请先移除一些。"]
    assert SiteImage.objects.count() == 3


def test_the_component_shows_the_file_there_is(provider: Provider, rf: Any) -> None:
    provider.certificate = store_private_file(upload=upload("证.pdf", pdf_bytes()), owner=provider.account)
    form = host_form(provider, {"logo": [upload("logo.png", image_bytes())]}, host_name="")
    certificate = render_to_string("components/field.html", {"field": form["certificate"], "form": form})
    assert f'<a href="{provider.certificate.get_absolute_url()}">证.pdf</a>' in certificate
    assert "重新上传" in certificate
    logo = render_to_string("components/field.html", {"field": form["logo"], "form": form})
    assert '<input type="hidden" name="logo-kept"' in logo
    assert ".webp" in logo
