"""Form fields for uploads: they keep what is there, and never lose what was just uploaded.

A file that is in order is stored as soon as the form is checked, whatever else is wrong with the form.
Its signed id travels in a hidden input, so the second attempt need not send it again.

    class HostForm(UploadFormMixin, forms.ModelForm):
        class Meta:
            model = Provider
            fields = ["logo", "certificate"]
            field_classes = {"logo": ImageUploadField, "certificate": PrivateFileField}

    form = HostForm(request.POST, request.FILES, instance=provider, owner=request.user)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from files.models import PrivateFile, SiteImage
from files.uploads import store_image, store_private_file

# How long a form may stay open between two attempts; orphans are kept longer (delete_orphan_files).
KEPT_SECONDS = 7 * 24 * 3600

M = TypeVar("M", PrivateFile, SiteImage)


@dataclass
class Posted:
    """What a browser sent for one upload field."""

    uploads: list[UploadedFile] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


class UploadWidget(forms.FileInput):
    """The file input with its hidden companions. templates/components/upload.html draws the same by hand."""

    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Posted:
        posted = files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []
        values = data.getlist if hasattr(data, "getlist") else lambda key: [data[key]] if key in data else []
        return Posted(posted, values(f"{name}-kept"), values(f"{name}-removed"))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class MultipleUploadWidget(UploadWidget):
    allow_multiple_selected = True


class BoundUpload(BoundField):
    """What templates need of an upload field: the files there are, and the hidden inputs that keep them."""

    field: "UploadField[Any]"

    @cached_property
    def stored_items(self) -> list[Any]:
        """What the record has; read once, however often the page asks."""
        return self.field.initial_items(self.initial)

    @property
    def items(self) -> list[Any]:
        """The files the field stands at: what this form stored, else what the record has."""
        if self.form.is_bound:
            self.form.errors  # noqa: B018 - checking the form is what stores the uploads
            if self.field.items is not None:
                return self.field.items
        return self.stored_items

    @property
    def current(self) -> Any | None:
        """The one file of the field; nothing where there may be several."""
        if self.field.widget.allow_multiple_selected:
            return None
        return next(iter(self.items), None)

    @property
    def current_url(self) -> str:
        return self.field.url_of(self.current) if self.current else ""

    @property
    def current_name(self) -> str:
        return str(self.current or "")

    @property
    def current_is_image(self) -> bool:
        return bool(self.current) and self.field.shows_image(self.current)

    @property
    def kept_inputs(self) -> SafeString:
        """Hidden inputs naming the files that are stored but not yet on the record."""
        saved = {item.pk for item in self.stored_items}
        return format_html_join(
            "",
            '<input type="hidden" name="{}-kept" value="{}">',
            ((self.html_name, self.field.sign(item)) for item in self.items if item.pk not in saved),
        )

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html("{}{}", super().as_widget(*args, **kwargs), self.kept_inputs)


class UploadField(forms.Field, Generic[M]):
    """Base of the upload fields. ``owner`` is set by UploadFormMixin."""

    model: type[M]
    widget = UploadWidget
    accept = ""
    default_error_messages = {
        "required": _("请上传“%(label)s”。"),
        "expired": _("刚才上传的文件已失效，请重新选择文件。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        for option in ("queryset", "to_field_name", "limit_choices_to", "blank"):
            kwargs.pop(option, None)  # what a foreign key tells its form field; there is no choice here
        super().__init__(**kwargs)
        self.owner: User | None = None
        self.items: list[M] | None = None

    def __deepcopy__(self, memo: Any) -> "UploadField[M]":
        copy = cast("UploadField[M]", super().__deepcopy__(memo))
        copy.items = None
        return copy

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundUpload:
        return BoundUpload(form, self, field_name)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": self.accept}

    def store(self, upload: UploadedFile) -> M:
        raise NotImplementedError

    def url_of(self, item: M) -> str:
        raise NotImplementedError

    def shows_image(self, item: M) -> bool:
        raise NotImplementedError

    def initial_items(self, initial: Any) -> list[M]:
        """The record's file, from its primary key as ModelForm gives it, or the object itself."""
        if initial in self.empty_values:
            return []
        if isinstance(initial, models.Model):
            return [cast(M, initial)]
        return list(self.model._default_manager.filter(pk=initial))

    def sign(self, item: M) -> str:
        """The item's id, good only for this owner and this kind of file."""
        assert self.owner is not None  # noqa: S101 - a form without UploadFormMixin is a programming error
        return signing.dumps([item.pk, self.owner.pk], salt=self._salt, compress=False)

    def unsign(self, token: str) -> M:
        try:
            pk, owner_pk = signing.loads(token, salt=self._salt, max_age=KEPT_SECONDS)
        except (signing.BadSignature, ValueError, TypeError):
            pk, owner_pk = None, None
        item = self.model._default_manager.filter(pk=pk).first()
        if item is None or self.owner is None or owner_pk != self.owner.pk:
            raise ValidationError(self.error_messages["expired"], code="expired")
        return item

    @property
    def _salt(self) -> str:
        return f"files.kept.{self.model._meta.label_lower}"

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial

    def has_changed(self, initial: Any, data: Posted | None) -> bool:
        return not self.disabled and data is not None and bool(data.uploads or data.kept or data.removed)

    def _clean_bound_field(self, bound: BoundField) -> Any:
        return self.clean(None if self.disabled else bound.data, bound.initial)

    def clean(self, value: Posted | None, initial: Any = None) -> M | None:
        """The file to put on the record: the new one, the one kept from the last attempt, or the old."""
        posted = value or Posted()
        self.items = self.initial_items(initial)
        if posted.kept:
            self.items = [self.unsign(posted.kept[-1])]
        if posted.uploads:
            self.items = [self.store(posted.uploads[-1])]
        self._check_present()
        return self.items[0] if self.items else None

    def _check_present(self) -> None:
        if self.required and not self.items:
            raise ValidationError(
                self.error_messages["required"], code="required", params={"label": self.label}
            )


class PrivateFileField(UploadField[PrivateFile]):
    """A scan or document only its owner and the reviewers see; cleans to a PrivateFile."""

    model = PrivateFile
    accept = ".pdf,.jpg,.jpeg,.png"

    def store(self, upload: UploadedFile) -> PrivateFile:
        assert self.owner is not None  # noqa: S101 - UploadFormMixin has set it
        return store_private_file(upload=upload, owner=self.owner)

    def url_of(self, item: PrivateFile) -> str:
        return item.get_absolute_url()

    def shows_image(self, item: PrivateFile) -> bool:
        return item.is_image


class ImageUploadField(UploadField[SiteImage]):
    """A public photo or logo; cleans to a SiteImage."""

    model = SiteImage
    accept = "image/jpeg,image/png,image/webp"

    def store(self, upload: UploadedFile) -> SiteImage:
        assert self.owner is not None  # noqa: S101 - UploadFormMixin has set it
        return store_image(upload=upload, owner=self.owner, title="")

    def url_of(self, item: SiteImage) -> str:
        return str(item.get_rendition("max-1200x1200|format-webp").url)

    def shows_image(self, item: SiteImage) -> bool:
        return True


class SeveralUploads(UploadField[M]):
    """Several files in order; cleans to a list.

    New ones join those there are; ``NAME-removed`` boxes, by primary key, take some away. The initial
    value is a list. A file that is refused does not cost the others.
    """

    widget = MultipleUploadWidget

    def __init__(self, *, max_count: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_count = max_count

    def initial_items(self, initial: Any) -> list[M]:
        return list(initial or [])

    def clean(self, value: Posted | None, initial: Any = None) -> list[M]:  # type: ignore[override]  # several
        posted = value or Posted()
        problems: list[ValidationError] = []
        there = self.initial_items(initial)
        there += self._each(self.unsign, posted.kept, problems)
        self.items = [item for item in dict.fromkeys(there) if str(item.pk) not in posted.removed]
        room = max(0, self.max_count - len(self.items))
        self.items += self._each(self.store, posted.uploads[:room], problems)
        if len(self.items) > self.max_count or len(posted.uploads) > room:
            sentence = self.error_messages["too_many"]
            problems.append(ValidationError(sentence, code="too_many", params={"limit": self.max_count}))
        if problems:
            raise ValidationError(problems)
        self._check_present()
        return self.items

    def _each(
        self, load: Callable[[Any], M], things: list[Any], problems: list[ValidationError]
    ) -> Iterator[M]:
        for thing in things:
            try:
                yield load(thing)
            except ValidationError as error:
                problems.append(error)


class ImageListField(SeveralUploads[SiteImage], ImageUploadField):
    """Several public photos, the first being the cover; cleans to a list of SiteImage."""

    default_error_messages = {"too_many": _("最多上传 %(limit)d 张照片，请先移除一些。")}

    def __init__(self, *, max_count: int = 6, **kwargs: Any) -> None:
        super().__init__(max_count=max_count, **kwargs)


class PrivateFileListField(SeveralUploads[PrivateFile], PrivateFileField):
    """Several scans or documents only those who may read them see; cleans to a list of PrivateFile."""

    default_error_messages = {"too_many": _("最多上传 %(limit)d 个文件，请先移除一些。")}

    def __init__(self, *, max_count: int = 5, **kwargs: Any) -> None:
        super().__init__(max_count=max_count, **kwargs)


class UploadFormMixin:
    """A form with upload fields. ``owner`` is the account in whose name files are stored."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form_field in self.fields.values():
            if isinstance(form_field, UploadField):
                form_field.owner = owner
