"""导入照片 in the application centre."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from catalogue.exchange.centre import SubjectMixin
from catalogue.exchange.photos import import_photos
from catalogue.forms import MAX_PHOTOS


class PhotosForm(forms.Form):
    file = forms.FileField(
        label=_("照片压缩包"),
        help_text=_(
            "ZIP 压缩包，不超过 200 MB，最多 2,000 个文件；照片为 JPG、PNG 或 WebP，每张不超过 10 MB。"
        ),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        max_length=200,
        error_messages={
            "required": _("请先选择照片压缩包。"),
            "empty": _("这是空文件，没有内容。请重新选择文件。"),
            "max_length": _("文件名太长，请改短后重新上传。"),
        },
    )


class PhotosView(SubjectMixin, FormView):
    """Send the zip; the work begins at once."""

    subject_slug = "instruments"
    template_name = "catalogue/exchange/photos.html"
    form_class = PhotosForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.provider  # noqa: B018 - an account without an institution is told so now, not after the upload
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: PhotosForm) -> HttpResponse:
        try:
            job = import_photos(upload=form.cleaned_data["file"], provider=self.provider, actor=self.actor)
        except ValidationError as error:
            form.add_error("file", error)
            return self.form_invalid(form)
        return redirect("batches:detail", pk=job.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(max_photos=MAX_PHOTOS, **kwargs)
