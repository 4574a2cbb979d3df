"""The two steps of a provider's information (manual, section 四.1)."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.forms import BoundUpload, ImageUploadField, PrivateFileField
from institutions.forms.fields import (
    DistrictField,
    IdentityCodeField,
    PhoneField,
    WebsiteField,
    province_warning,
)
from institutions.models import Provider
from workflow.differences import field_label
from workflow.forms import ParagraphWidget, StepForm


class HostForm(StepForm):
    """Step 1, 依托单位信息: the legal person behind the testing body."""

    class Meta:
        model = Provider
        fields = (
            "host_name",
            "host_code",
            "host_type",
            "legal_representative",
            "is_legal_person",
            "certificate",
            "city",
            "district",
            "address",
            "logo",
            "introduction",
        )
        field_classes = {
            "host_code": IdentityCodeField,
            "district": DistrictField,
            "certificate": PrivateFileField,
            "logo": ImageUploadField,
        }
        widgets = {
            "host_name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "legal_representative": forms.TextInput(attrs={"autocomplete": "off"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "introduction": ParagraphWidget(rows=6),
        }
        help_texts = {
            "host_name": gettext_lazy("与证照上的名称完全一致。"),
            "address": gettext_lazy("街道、门牌号和楼名，不必再写城市和区县。"),
            "introduction": gettext_lazy("主要业务、科研条件和服务能力，最多 2000 字；审核通过后公开。"),
        }

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs do not know it
        # Until it is given a name of its own, the testing body goes by the host's.
        if self.instance.name in {"", self.initial["host_name"]}:
            self.instance.name = self.instance.host_name

    def warnings(self) -> Mapping[str, str]:
        return province_warning(self["host_code"])


class TestingBodyForm(StepForm):
    """Step 2, 检测机构信息: the laboratory that serves clients, and the programme's conditions."""

    class Meta:
        model = Provider
        fields = (
            "name",
            "affiliation_proof",
            "contact_name",
            "contact_phone",
            "contact_email",
            "website",
            "body_introduction",
            "declares_registered",
            "declares_network_member",
            "declares_equipment",
            "declares_service_rules",
        )
        field_classes = {
            "affiliation_proof": PrivateFileField,
            "contact_phone": PhoneField,
            "website": WebsiteField,
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
            "website": forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
            "body_introduction": ParagraphWidget(rows=6),
        }
        help_texts = {
            "name": gettext_lazy("可以与依托单位名称一致，也可以不一致。"),
            "contact_phone": gettext_lazy("手机号码，或固定电话如 029-88881234。"),
            "website": gettext_lazy("没有可不填。"),
            "body_introduction": gettext_lazy("检测领域、团队和主要设备，最多 2000 字；审核通过后公开。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declares_equipment"].label = field_label(Provider, "declares_equipment")

    def warnings(self) -> Mapping[str, str]:
        name = (self["name"].value() or "").strip()
        if (
            name
            and name != self.instance.host_name
            and not cast(BoundUpload, self["affiliation_proof"]).current
        ):
            return {
                "affiliation_proof": _(
                    "检测机构与依托单位名称不同，建议上传隶属关系证明（如成立批文、任命文件），审核会更快。"
                )
            }
        return {}
