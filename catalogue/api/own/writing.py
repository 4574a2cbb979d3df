"""Storing what a provider's own system sends: by the forms and services of the pages, field by field the same."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import NOT_PROVIDED
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue import services
from catalogue.api.own.values import BodyReader, posted
from catalogue.api.problems import WHOLE, FieldErrors, Refusal
from catalogue.attributes import clean_value
from catalogue.forms import STEP_FORMS
from catalogue.models import AttributeDefinition, ProviderRecord
from files.forms import UploadField
from workflow import services as workflow
from workflow.differences import changed_values, plain_values
from workflow.forms import StepForm
from workflow.models import Submission

# What the pages call by the name of its column, and the API alike for all kinds.
CATEGORY = "category"
# Read with a record, and let pass when it is sent back as it was read.
READ_ONLY = frozenset(
    [
        "id",
        "url",
        "page_url",
        "status",
        "status_label",
        "version",
        "is_public",
        "return_reason",
        "return_notes",
        "problems",
        "warnings",
        "photos",
        "scan",
        "created_at",
        "updated_at",
        "submitted_at",
        "due_on",
        "decided_at",
    ]
)


@dataclass(frozen=True)
class Origin:
    """Who writes, and through which token: the audit trail tells."""

    actor: User
    reason: str


def body_names(model: type[ProviderRecord]) -> dict[str, str]:
    """The names of a body's fields, each with the form field's."""
    names = [
        name
        for form_class in STEP_FORMS[model]
        for name, field in form_class.base_fields.items()
        if name != "version" and not isinstance(field, UploadField)
    ]
    return {(CATEGORY if name == model.category_field else name): name for name in names}


def body_errors(record: ProviderRecord, errors: Mapping[str, Any]) -> dict[str, Any]:
    """Sentences by field, under the names that a body has for them; those of attributes by the attribute's name."""
    found: dict[str, Any] = {}
    definitions = {one.field_name: one for one in record.attribute_book.by_key.values()}
    for name, sentences in errors.items():
        if name in definitions:
            found.setdefault("attributes", {})[definitions[name].name] = sentences
        elif name == record.category_field:
            found[CATEGORY] = sentences
        else:
            found[WHOLE if name == "__all__" else name] = sentences
    return found


class RecordWriter:
    """Changes one record in memory, then stores it if that made a difference.

    ``partial`` leaves what is not named as it is; otherwise the body is the whole record, and what it does not name
    becomes empty. Photos, scans and values of attributes no longer asked for are kept either way.
    """

    def __init__(self, record: ProviderRecord, actor: User, *, partial: bool) -> None:
        self.record = record
        self.actor = actor
        self.partial = partial
        self.before = plain_values(record) if record.pk else {}
        self.errors: dict[str, Any] = {}

    def take(self, body: Mapping[str, Any]) -> None:
        """Take over a JSON body. Raises FieldErrors with everything that is wrong with it."""
        names = body_names(type(self.record))
        for name in body.keys() - names.keys() - READ_ONLY - {"attributes"}:
            self.errors[name] = [_("没有这个字段，请核对接口文档里的名称。")]
        reader = BodyReader(type(self.record), self.record.provider)
        given: dict[str, list[str]] = {}
        for name in names.keys() & body.keys():
            try:
                given[names[name]] = reader.read(names[name], body[name])
            except ValidationError as error:
                self.errors[name] = error.messages
        wrong = {names[name] for name in self.errors if name in names}
        self._take_forms(given, wrong)
        # with the new category: other attributes may hold there
        self._take_attributes(body.get("attributes"))
        if self.errors:
            raise FieldErrors(self.errors)

    def take_photos(self, uploads: Sequence[UploadedFile]) -> None:
        """Add photos behind those there are; one that is there already is not added again."""
        self._take_uploads("photos", uploads)
        photos: Any = self.record.photos
        there: dict[Any, Any] = {}
        for photo in photos.all():
            there.setdefault(photo.image.file_hash or photo.image_id, photo)
        photos.set(there.values())

    def remove_photo(self, image_id: int) -> None:
        self._take_uploads("photos", (), {"photos-removed": [str(image_id)]})

    def take_scan(self, uploads: Sequence[UploadedFile]) -> None:
        """Put another scan in the place of the one there is, unless it is the same file."""
        record: Any = self.record
        stored = record.scan
        self._take_uploads("scan", uploads)
        if stored is not None and stored.sha256 == record.scan.sha256:
            record.scan = stored

    def _take_uploads(
        self, name: str, uploads: Sequence[UploadedFile], given: Mapping[str, list[str]] | None = None
    ) -> None:
        if not uploads and not given:
            raise FieldErrors({name: [_("请以 multipart/form-data 上传文件，字段名是 %s。") % name]})
        self._take_forms(given or {}, set(), MultiValueDict({name: list(uploads)}))
        if self.errors:
            raise FieldErrors(self.errors)

    def _take_forms(
        self, given: Mapping[str, list[str]], wrong: Collection[str], files: Any = None
    ) -> None:  # fmt: skip
        """Fill in the steps of the pages one after the other, with what was given for each."""
        for form_class in STEP_FORMS[type(self.record)]:
            stored = form_class(instance=self.record, owner=self.actor)
            data = QueryDict(mutable=True)
            data["version"] = str(self.record.version)
            for name, field in stored.fields.items():
                if name == "version" or isinstance(field, UploadField):
                    continue
                if name in given:
                    values = given[name] or posted(self._default(name))
                elif self.partial or name in wrong:
                    values = posted(stored[name].value())
                else:
                    values = posted(self._default(name))
                if values:
                    data.setlist(name, values)
            for name in given.keys() - stored.fields.keys():
                data.setlist(name, given[name])
            before = {name: getattr(self.record, name, None) for name in self._columns(stored)}
            form = form_class(data, files or MultiValueDict(), instance=self.record, owner=self.actor)
            if form.is_valid():
                continue
            for (
                name,
                value,
            ) in before.items():  # the next form checks the record with what is well-formed only
                setattr(self.record, name, value)
            for name, sentences in body_errors(self.record, form.errors).items():
                self.errors.setdefault(name, []).extend(str(one) for one in sentences)

    def _columns(self, form: StepForm) -> list[str]:
        columns = {field.name: field.attname for field in self.record._meta.concrete_fields}
        return [columns[name] for name in form.fields if name in columns and name != "version"]

    def _default(self, name: str) -> Any:
        field: Any = self.record._meta.get_field(name)
        return None if getattr(field, "default", NOT_PROVIDED) is NOT_PROVIDED else field.get_default()

    def _take_attributes(self, given: Any) -> None:
        asked = self.record.attribute_book.in_force(self.record.category_code or "")
        values = dict(self.record.attributes)
        errors: dict[str, list[str]] = {}
        named: dict[str, Any] = {}
        for key, value in self._pairs(given):
            found = self._definitions(asked, key)
            if len(found) == 1:
                named[found[0].key] = value
            elif found:
                errors[key] = [_("叫这个名称的专业参数不止一个，请改用编号。")]
            else:
                errors[key] = [_("这一分类没有这个专业参数，名称和编号见分类的接口。")]
        for definition in asked:
            if definition.key not in named and self.partial:
                continue
            try:
                value = clean_value(definition, named.get(definition.key), stored=values.get(definition.key))
            except ValidationError as error:
                errors[definition.name] = error.messages
                continue
            values.pop(definition.key, None)
            if value is not None:
                values[definition.key] = value
        if errors:
            self.errors["attributes"] = errors
        self.record.attributes = values

    def _pairs(self, given: Any) -> Iterable[tuple[str, Any]]:
        """Name or number, and value: from an object, or from the list that reading gives."""
        if given is None:
            return []
        if isinstance(given, Mapping):
            return given.items()
        if isinstance(given, list) and all(isinstance(one, Mapping) for one in given):
            return [(str(one.get("id") or one.get("name") or ""), one.get("value")) for one in given]
        self.errors["attributes"] = [_("请填写一个对象：键是专业参数的名称或编号。")]
        return []

    def _definitions(self, asked: list[AttributeDefinition], key: str) -> list[AttributeDefinition]:
        return [one for one in asked if key in {one.key, one.name, one.label}]

    @property
    def changes(self) -> dict[str, list[Any]]:
        return changed_values(self.before, plain_values(self.record))

    def store(self, origin: Origin, *, withdraw: bool) -> bool:
        """Store the record; False if there was nothing to store.

        One that waits for review or is approved is withdrawn first where ``withdraw`` says so. Raises a Refusal (409)
        otherwise, and as the services do.
        """
        record = self.record
        if record.pk is not None and not self.changes:
            return False
        version = record.version
        if record.is_withdrawable and not withdraw:
            raise Refusal(
                409,
                _(
                    "这条记录是“%s”状态，修改前要先撤回：POST 到它的 withdraw/，或在地址后加 ?withdraw=true。"
                    "撤回后它不再公开，改好要重新提交审核。"
                )
                % record.status_label,
            )
        with transaction.atomic():  # what cannot be saved after all stays public
            if record.is_withdrawable:
                withdrawn = workflow.withdraw(record=record, actor=origin.actor, reason=origin.reason)
                version = withdrawn.version
                for field in Submission._meta.concrete_fields:  # not public any more
                    setattr(record, field.attname, getattr(withdrawn, field.attname))
            services.save_record(record=record, actor=origin.actor, version=version, reason=origin.reason)
        return True
