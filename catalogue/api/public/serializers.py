"""Public records as the API writes them: what the public pages show, and nothing else."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.addresses import numbered
from catalogue.api.attributes import AttributeValueSerializer, attribute_values
from catalogue.api.nodes import CitySerializer, NodeSerializer, city_of
from catalogue.api.reading import ReadSerializer
from catalogue.models import (
    Capability,
    Instrument,
    LabService,
    ProviderRecord,
    Qualification,
    TestingService,
)
from catalogue.templatetags.catalogue import masked_phone, web_address
from institutions.models import Provider


class AddressField(serializers.Field):
    """A full address of this site. ``name`` is an address's name, with the record's number as its argument."""

    def __init__(self, name: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs, source="*", read_only=True)
        self.name = name

    @cached_property
    def site(self) -> str:
        return str(self.context["request"].build_absolute_uri("/")[:-1])

    def to_representation(self, record: Any) -> str:
        path = numbered(self.name, record.pk) if self.name else record.get_absolute_url()
        return f"{self.site}{path}"


@extend_schema_field({"type": "string", "format": "uri"})
class UrlField(AddressField):
    pass


class ProviderLinkSerializer(ReadSerializer):
    name = serializers.CharField(source="__str__", label=_("名称"))
    city = serializers.SerializerMethodField(label=_("所在城市"))
    url = UrlField("api:provider-detail", label=_("接口地址"))

    class Meta:
        model = Provider
        fields = ("id", "name", "host_name", "city", "url")

    @extend_schema_field(CitySerializer(allow_null=True))
    def get_city(self, provider: Provider) -> dict[str, str] | None:
        return city_of(provider.city)


class RecordSerializer(ReadSerializer):
    """What all records of providers have."""

    url = UrlField(label=_("接口地址"))
    page_url = UrlField(label=_("网页地址"))
    provider = ProviderLinkSerializer(label=_("接券机构"))
    attributes = serializers.SerializerMethodField(label=_("专业参数"))
    published_at = serializers.DateTimeField(source="first_published_at", label=_("首次公开时间"))

    HEAD: ClassVar[Sequence[str]] = ("id", "url", "page_url")
    TAIL: ClassVar[Sequence[str]] = ("attributes", "provider", "published_at", "updated_at")

    @extend_schema_field(AttributeValueSerializer(many=True))
    def get_attributes(self, record: ProviderRecord) -> list[dict[str, Any]]:
        return attribute_values(self.context["view"].book.public(record))


class ContactMixin(serializers.Serializer):
    """The person to ask; the number as visitors see it on the pages."""

    contact_phone = serializers.SerializerMethodField(
        label=_("联系电话"), help_text=_("隐去中间几位；完整号码请登录网站查看。")
    )

    def get_contact_phone(self, record: Any) -> str:
        return masked_phone(record.contact_phone)


class PhotoSerializer(serializers.Serializer):
    url = serializers.CharField(label=_("图片地址（WebP，最长边 1600 像素）"))


class InstrumentSerializer(ContactMixin, RecordSerializer):
    url = UrlField("api:instrument-detail", label=_("接口地址"))
    category = NodeSerializer(source="instrument_class", allow_null=True, label=_("仪器分类"))
    city = serializers.SerializerMethodField(label=_("安放城市"))
    photos = serializers.SerializerMethodField(label=_("照片"), help_text=_("第一张是封面。"))

    class Meta:
        model = Instrument
        fields = (
            *RecordSerializer.HEAD,
            "name",
            "name_en",
            "category",
            "model",
            "manufacturer",
            "origin",
            "purchased_on",
            "city",
            "district",
            "location",
            "specifications",
            "functions",
            "sample_requirements",
            "service_content",
            "price_amount",
            "price_unit",
            "price_list",
            "service_hours",
            "user_notice",
            "accepts_vouchers",
            "contact_name",
            "contact_phone",
            "photos",
            *RecordSerializer.TAIL,
        )
        read_only_fields = fields

    @extend_schema_field(CitySerializer(allow_null=True))
    def get_city(self, instrument: Instrument) -> dict[str, str] | None:
        return city_of(instrument.city)

    @extend_schema_field(PhotoSerializer(many=True))
    def get_photos(self, instrument: Instrument) -> list[dict[str, str]]:
        before, between, after = self.around_photo
        return [
            {"url": f"{before}{instrument.pk}{between}{photo.image_id}{after}"}
            for photo in instrument.shown_photos
        ]

    @cached_property
    def around_photo(self) -> list[str]:
        path = reverse("api:instrument-photo", args=[0, 0])
        return str(self.context["request"].build_absolute_uri("/")[:-1] + path).rsplit("0", 2)


class InstrumentLinkSerializer(ReadSerializer):
    url = UrlField("api:instrument-detail", label=_("接口地址"))

    class Meta:
        model = Instrument
        fields = ("id", "name", "model", "url")


class ServiceSerializer(ContactMixin, RecordSerializer):
    category = NodeSerializer(source="field", allow_null=True, label=_("服务领域"))
    price_label = serializers.CharField(label=_("价格"), help_text=_("如“300 元/样品”“价格面议”。"))
    instruments = serializers.SerializerMethodField(label=_("使用的仪器"), help_text=_("其中公开的。"))

    FIELDS: ClassVar[Sequence[str]] = (
        *RecordSerializer.HEAD,
        "name",
        "category",
        "content",
        "deliverables",
        "methods",
        "turnaround_days",
        "price_kind",
        "price_amount",
        "price_max_amount",
        "price_unit",
        "price_label",
        "price_list",
        "sample_requirements",
        "user_notice",
        "accepts_vouchers",
        "contact_name",
        "contact_phone",
        "instruments",
        *RecordSerializer.TAIL,
    )

    @extend_schema_field(InstrumentLinkSerializer(many=True))
    def get_instruments(self, service: Any) -> list[Mapping[str, Any]]:
        used = self.context["view"].used[service.pk]
        return InstrumentLinkSerializer(used, many=True, context=self.context).data


class TestingServiceSerializer(ServiceSerializer):
    url = UrlField("api:testing-service-detail", label=_("接口地址"))

    class Meta:
        model = TestingService
        fields = ServiceSerializer.FIELDS
        read_only_fields = fields


class LabServiceSerializer(ServiceSerializer):
    url = UrlField("api:lab-service-detail", label=_("接口地址"))

    class Meta:
        model = LabService
        fields = ServiceSerializer.FIELDS
        read_only_fields = fields


class QualificationLinkSerializer(ReadSerializer):
    class Meta:
        model = Qualification
        fields = ("id", "kind", "name", "certificate_number", "valid_from", "valid_to")


class QualificationSerializer(ReadSerializer):
    class Meta:
        model = Qualification
        fields = ("id", "kind", "name", "certificate_number", "issuer", "scope", "valid_from", "valid_to")
        read_only_fields = fields


class CapabilitySerializer(RecordSerializer):
    url = UrlField("api:capability-detail", label=_("接口地址"))
    category = NodeSerializer(source="field", allow_null=True, label=_("检测领域"))
    qualification = serializers.SerializerMethodField(
        label=_("依据的资质"), help_text=_("公开的资质；是否有效请看 valid_to。")
    )

    class Meta:
        model = Capability
        fields = (
            *RecordSerializer.HEAD,
            "category",
            "object_name",
            "parameter",
            "standard_number",
            "standard_name",
            "limits",
            "qualification",
            *RecordSerializer.TAIL,
        )
        read_only_fields = fields

    @extend_schema_field(QualificationLinkSerializer(allow_null=True))
    def get_qualification(self, capability: Capability) -> Mapping[str, Any] | None:
        qualification = capability.qualification
        if qualification is None or not qualification.is_public:
            return None
        return QualificationLinkSerializer(qualification).data


class ProviderSerializer(ContactMixin, ReadSerializer):
    name = serializers.CharField(source="__str__", label=_("名称"))
    url = UrlField("api:provider-detail", label=_("接口地址"))
    page_url = UrlField(label=_("网页地址"))
    city = serializers.SerializerMethodField(label=_("所在城市"))
    website = serializers.SerializerMethodField(label=_("网址"))
    qualifications = serializers.SerializerMethodField(
        label=_("检测资质"), help_text=_("公开的资质，含已过期的；是否有效请看 valid_to。")
    )
    published_at = serializers.DateTimeField(source="first_published_at", label=_("首次公开时间"))

    class Meta:
        model = Provider
        fields = (
            "id",
            "url",
            "page_url",
            "name",
            "host_name",
            "host_type",
            "city",
            "district",
            "address",
            "introduction",
            "body_introduction",
            "contact_name",
            "contact_phone",
            "website",
            "qualifications",
            "published_at",
            "updated_at",
        )
        read_only_fields = fields

    @extend_schema_field(CitySerializer(allow_null=True))
    def get_city(self, provider: Provider) -> dict[str, str] | None:
        return city_of(provider.city)

    def get_website(self, provider: Provider) -> str:
        return web_address(provider.website)

    @extend_schema_field(QualificationSerializer(many=True))
    def get_qualifications(self, provider: Provider) -> list[Mapping[str, Any]]:
        return QualificationSerializer(provider.public_qualifications, many=True).data
