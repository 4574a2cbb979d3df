"""A provider's own records, for its own system: the same services and rules as the pages of the centre."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue import services
from catalogue.api.authentication import HasToken
from catalogue.api.filters import MomentFilter, choice_filter
from catalogue.api.own.collections import Collection
from catalogue.api.own.describing import Describer
from catalogue.api.own.serializers import own_serializer
from catalogue.api.own.writing import Origin, RecordWriter, body_errors
from catalogue.api.paging import CursorPagination
from catalogue.api.parsers import NO_OBJECT, UploadParser
from catalogue.api.problems import FieldErrors, Incomplete, Refusal
from catalogue.api.schema import Operation
from catalogue.api.throttling import RequestThrottle, WriteThrottle
from catalogue.completeness import prepare_for_check
from catalogue.exceptions import NumberTakenError
from catalogue.filters import QueryFilter
from catalogue.models import ProviderRecord
from institutions.models import Provider
from workflow import services as workflow
from workflow.exceptions import IncompleteError
from workflow.forms import half_width
from workflow.statuses import SubmissionStatus

LONGEST_NUMBER = 40


def plain_number(number: str) -> str:
    """An internal number as it is stored, whatever form it is written in (``HalfWidthField``)."""
    return "".join(str(half_width(number)).split())


class OwnFilterSet(django_filters.FilterSet):
    status = choice_filter(gettext_lazy("状态。"), SubmissionStatus.choices)
    q = QueryFilter(
        label=gettext_lazy("内部编号中的字。"), field_name="internal_number", lookup_expr="icontains"
    )
    updated_since = MomentFilter(
        label=gettext_lazy("只要这一时间之后有变化的记录，包括审核结果。"),
        field_name="updated_at",
        lookup_expr="gte",
    )


class OwnView(APIView):
    """What the views of one kind of record share. The address says which: ``as_view(collection=…)``."""

    collection: Collection = None  # type: ignore[assignment]
    permission_classes = (HasToken,)
    throttle_classes = (RequestThrottle, WriteThrottle)
    request: Request

    def finalize_response(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().finalize_response(*args, **kwargs)
        add_never_cache_headers(response)
        return cast(HttpResponseBase, response)

    @property
    def origin(self) -> Origin:
        return Origin(self.request.user, _("API：%s") % self.request.auth.name)

    @property
    def withdraws(self) -> bool:
        return self.request.query_params.get("withdraw", "").lower() in {"true", "1"}

    def records(self) -> QuerySet[Any]:
        records: Any = self.collection.model._default_manager
        # no Prefetch() with a queryset of its own: modelcluster, filling in a form, would forget whose photos it has
        prefetched = ["photos__image"] if self.collection.has_photos else []
        if self.collection.has_instruments:
            prefetched.append("instruments")
        return (
            records.visible_to(self.request.user)
            .select_related("provider__account", *self.collection.related)
            .prefetch_related(*prefetched)
        )

    def find(self, number: str) -> ProviderRecord | None:
        number = plain_number(number)
        if not number or len(number) > LONGEST_NUMBER or "\0" in number:
            return None
        return self.records().filter(internal_number=number).first()

    def get_record(self, number: str) -> ProviderRecord:
        """The record of that number, unless the client last saw another version of it."""
        record = self.find(number)
        if record is None:
            raise self.not_found(number)
        self.check_version(record)
        return record

    def not_found(self, number: str) -> Refusal:
        sentence = _("本机构没有内部编号为“%(number)s”的%(type)s。")
        return Refusal(
            404, sentence % {"number": number[:60], "type": self.collection.model._meta.verbose_name}
        )

    def delete_draft(self, number: str) -> Response:
        origin = self.origin
        services.delete_draft(record=self.get_record(number), actor=origin.actor, reason=origin.reason)
        return Response(status=204)

    def check_version(self, record: ProviderRecord | None) -> None:
        """If-Match and If-None-Match of what changes something."""
        wanted, unwanted = (
            parse_etags(self.request.headers.get(name, "")) for name in ("If-Match", "If-None-Match")
        )
        present = quote_etag(str(record.version)) if record else ""
        if wanted and not (present and (present in wanted or wanted == ["*"])):
            raise Refusal(412, _("这条记录已不是您读取时的版本，请重新读取后再修改。"))
        if record and self.request.method != "GET" and (unwanted == ["*"] or present in unwanted):
            raise Refusal(412, _("这个内部编号的记录已经有了。"))

    def answer(self, record: ProviderRecord, status: int = 200) -> Response:
        """The record as it is now."""
        stored = self.records().get(pk=record.pk)
        return Response(
            self.represent([stored])[0], status=status, headers={"ETag": quote_etag(str(stored.version))}
        )

    def represent(self, records: list[ProviderRecord]) -> Any:
        prepare_for_check(records)
        provider = records[0].provider if records else None
        context = {
            "request": self.request,
            "collection": self.collection,
            "provider_is_public": provider is not None
            and Provider.objects.public().filter(pk=provider.pk).exists(),
        }
        return own_serializer(self.collection)(records, many=True, context=context).data


class OwnListView(OwnView, GenericAPIView):
    """All records of the institution, in whatever state, also those without an internal number."""

    action = "list"
    filterset_class = OwnFilterSet
    filter_backends = (DjangoFilterBackend,)
    pagination_class = CursorPagination

    def describe(self, method: str) -> Operation:
        return Describer(self.collection).list()

    def get_queryset(self) -> QuerySet[Any]:
        return self.records()

    def get(self, request: Request) -> Response:
        filterset = DjangoFilterBackend().get_filterset(request, self.records(), self)
        if not filterset.is_valid():
            raise FieldErrors(
                {name: [str(one) for one in errors] for name, errors in filterset.errors.items()}
            )
        records = self.paginator.paginate_queryset(filterset.qs, request)
        return self.paginator.get_paginated_response(self.represent(records))


class OwnRecordView(OwnView):
    """One record by its internal number: read, created or brought up to date, deleted while it is a first draft."""

    def describe(self, method: str) -> Operation:
        operation: Operation = getattr(Describer(self.collection), method.lower())()
        return operation

    def get(self, request: Request, number: str) -> Response:
        return self.answer(self.get_record(number))

    def put(self, request: Request, number: str) -> Response:
        return self.write(number, partial=False)

    def patch(self, request: Request, number: str) -> Response:
        return self.write(number, partial=True)

    def delete(self, request: Request, number: str) -> Response:
        return self.delete_draft(number)

    def write(self, number: str, *, partial: bool) -> Response:
        body = self.request.data
        if not body:  # nothing was sent: that must not empty the record
            raise Refusal(400, str(NO_OBJECT))
        number = plain_number(number)
        if not number:
            raise self.not_found(number)
        if plain_number(str(body.get("internal_number") or number)) != number:
            raise FieldErrors(
                {"internal_number": [_("与地址里的编号不一致。要更换编号，请在网页上修改，或新建一条记录。")]}
            )
        origin = self.origin
        with transaction.atomic():
            self.wait_for_others()
            if partial:
                record: ProviderRecord = self.get_record(number)
            else:
                found = self.find(number)
                self.check_version(found)
                record = found or services.new_record(model=self.collection.model, account=origin.actor)
            is_new = record.pk is None
            writer = RecordWriter(record, origin.actor, partial=partial)
            try:
                writer.take({**body, "internal_number": number})
            except FieldErrors as error:
                if is_new and self.find(number):  # an import or a page was quicker: late, not wrong
                    raise NumberTakenError(type(record), number) from error
                raise
            writer.store(origin, withdraw=self.withdraws)
        return self.answer(record, 201 if is_new else 200)

    def wait_for_others(self) -> None:
        """One write of an institution at a time: two that create the same number end in one record."""
        Provider.objects.visible_to(self.origin.actor).select_for_update(no_key=True).first()


class RecordPartView(OwnView):
    """Something about one record, below its address, with one method of its own.

    A number may end like such an address (A/submit): with any other method it is the record that is meant.
    """

    own_method: ClassVar[str] = "POST"
    part: ClassVar[str]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in {self.own_method, "OPTIONS"}:
            return cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))
        view: Callable[..., HttpResponse] = OwnRecordView.as_view(collection=self.collection)
        return view(request, number=self.whole_number(**kwargs))

    def whole_number(self, number: str, photo: int | None = None) -> str:
        """The number that the record would have."""
        whole = f"{number}/{self.part}"
        return whole if photo is None else f"{whole}/{photo}"


class OwnSubmitView(RecordPartView):
    part = "submit"

    def describe(self, method: str) -> Operation:
        return Describer(self.collection).submit()

    def post(self, request: Request, number: str) -> Response:
        record = self.get_record(number)
        try:
            record = workflow.submit(record=record, actor=self.origin.actor, reason=self.origin.reason)
        except IncompleteError as error:
            raise Incomplete(body_errors(record, error.problems)) from error
        return self.answer(record)


class OwnWithdrawView(RecordPartView):
    part = "withdraw"

    def describe(self, method: str) -> Operation:
        return Describer(self.collection).withdraw()

    def post(self, request: Request, number: str) -> Response:
        record = self.get_record(number)
        record = workflow.withdraw(record=record, actor=self.origin.actor, reason=self.origin.reason)
        return self.answer(record)


class UploadView(RecordPartView):
    parser_classes = (UploadParser,)
    take: ClassVar[str]

    def post(self, request: Request, number: str) -> Response:
        record = self.get_record(number)
        writer = RecordWriter(record, self.origin.actor, partial=True)
        getattr(writer, self.take)(request.FILES.getlist(self.part))
        changed = writer.store(self.origin, withdraw=self.withdraws)
        return self.answer(record, 201 if changed else 200)


class OwnPhotosView(UploadView):
    part, take = "photos", "take_photos"

    def describe(self, method: str) -> Operation:
        return Describer(self.collection).upload(self.part, _("添加照片"), several=True)


class OwnScanView(UploadView):
    part, take = "scan", "take_scan"

    def describe(self, method: str) -> Operation:
        return Describer(self.collection).upload(self.part, _("上传证书扫描件"), several=False)


class OwnPhotoView(RecordPartView):
    own_method = "DELETE"
    part = "photos"

    def describe(self, method: str) -> Operation:
        return Describer(self.collection).delete_photo()

    def delete(self, request: Request, number: str, photo: int) -> Response:
        if self.find(number) is None:
            return self.delete_draft(self.whole_number(number, photo))
        record: Any = self.get_record(number)
        if not any(one.image_id == photo for one in record.photos.all()):
            raise Refusal(404, _("这台仪器没有编号为 %d 的照片。") % photo)
        writer = RecordWriter(record, self.origin.actor, partial=True)
        writer.remove_photo(photo)
        writer.store(self.origin, withdraw=self.withdraws)
        return self.answer(record)
