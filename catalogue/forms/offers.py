"""The two steps of a testing service and of a laboratory service (manual, section 四.4 and 四.5)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from catalogue.forms.fields import InstrumentsField, RecordForm, TestingFieldField
from catalogue.models import Instrument, LabService, PriceKind, ServiceRecord, TestingService
from institutions.forms import PhoneField
from workflow.forms import HalfWidthField, MoneyField, ParagraphWidget, WholeNumberField

# Yuan. Below it a price is more often a typing error, or in units of ten thousand.
LOW_PRICE = Decimal(10)
# Yuan. Above it too: no voucher pays more in a year than a fifth of this.
HIGH_PRICE = Decimal(1_000_000)
# A range this wide tells a customer nothing.
WIDEST_RANGE = 20


class ServiceInfoForm(RecordForm):
    """Step 1, 服务信息: what is done, how, and what the customer gets."""

    class Meta:
        fields = (
            "name",
            "internal_number",
            "field",
            "content",
            "deliverables",
            "methods",
            "instruments",
            "sample_requirements",
        )
        field_classes = {
            "internal_number": HalfWidthField,
            "field": TestingFieldField,
            "instruments": InstrumentsField,
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "content": ParagraphWidget(rows=6),
            "deliverables": ParagraphWidget(rows=2),
            "methods": ParagraphWidget(),
            "sample_requirements": ParagraphWidget(rows=3),
        }
        help_texts = {
            "name": gettext_lazy("客户一看就懂的名称，如“金属材料室温拉伸试验”。"),
            "field": gettext_lazy("选择相关的检测领域，公众按它筛选。"),
            "content": gettext_lazy("能为客户做什么，最多 1000 字；企业会用这里的词来搜索。"),
            "instruments": gettext_lazy(
                "勾选这项服务用到的本单位仪器，可不选。审核通过的仪器会与服务互相链接。"
            ),
            "sample_requirements": gettext_lazy("形态、数量、尺寸、保存和寄送要求，最多 500 字。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(InstrumentsField, self.fields["instruments"])
        field.chosen = frozenset(instrument.pk for instrument in self.initial.get("instruments") or ())
        field.queryset = self.own(
            Instrument.objects.only("name", "model", "internal_number", "status", "provider")
        )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "instruments" in self.cleaned_data:
            # held in memory by modelcluster; saving the service stores them with it
            self.instance.instruments = list(self.cleaned_data["instruments"])


class ServiceTermsForm(RecordForm):
    """Step 2, 周期、价格与联系人: how soon, for how much, and whom to ask."""

    class Meta:
        fields = (
            "turnaround_days",
            "price_kind",
            "price_amount",
            "price_max_amount",
            "price_unit",
            "price_list",
            "user_notice",
            "accepts_vouchers",
            "contact_name",
            "contact_phone",
            "contact_email",
        )
        field_classes = {
            "turnaround_days": WholeNumberField,
            "price_amount": MoneyField,
            "price_max_amount": MoneyField,
            "contact_phone": PhoneField,
        }
        widgets = {
            "price_list": ParagraphWidget(),
            "user_notice": ParagraphWidget(rows=3),
            "contact_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        }
        help_texts = {
            "turnaround_days": gettext_lazy("收到样品到交付成果，一般需要几个工作日。"),
            "price_amount": gettext_lazy("固定价格，或价格区间的最低价。"),
            "price_max_amount": gettext_lazy("只有价格区间才填写。"),
            "price_list": gettext_lazy("各项目的收费、加急和减免，一行一项，最多 500 字。"),
            "user_notice": gettext_lazy("预约、送样和付款时要注意的事，最多 500 字。"),
            "accepts_vouchers": gettext_lazy("勾选后，这项服务在目录中标明“可用创新券”。"),
            "contact_name": gettext_lazy("能解答这项服务的人员，不要填总机。"),
            "contact_phone": gettext_lazy(
                "手机号码，或固定电话如 029-88881234。审核通过后公开，供用户咨询。"
            ),
            "contact_email": gettext_lazy("可不填。"),
        }

    def warnings(self) -> Mapping[str, str]:
        record = cast(ServiceRecord, self.instance)
        lowest, highest = record.price_amount, record.price_max_amount
        found: dict[str, str] = {}
        if lowest is not None and lowest < LOW_PRICE:
            found["price_amount"] = _("价格只有 %s 元，请核对：这里的单位是元，不是万元。") % format_yuan(
                lowest
            )
        elif lowest is not None and lowest >= HIGH_PRICE:
            found["price_amount"] = _("价格高达 %s 元，请核对：这里的单位是元。") % format_yuan(lowest)
        if record.price_kind == PriceKind.RANGE and lowest and highest and highest > lowest * WIDEST_RANGE:
            found["price_max_amount"] = _("最高价格超过最低价格的 %d 倍，请核对，或分成几项服务。") % (
                WIDEST_RANGE
            )
        if record.price_kind == PriceKind.FIXED and highest is not None:
            found["price_max_amount"] = _("计价方式是“固定价格”，最高价格不会公开。")
        if record.price_kind == PriceKind.AGREEMENT and lowest is not None:
            found["price_kind"] = _("计价方式是“面议”，填写的价格不会公开。")
        return found


class TestingInfoForm(ServiceInfoForm):
    __test__ = False

    class Meta(ServiceInfoForm.Meta):
        model = TestingService


class TestingTermsForm(ServiceTermsForm):
    __test__ = False

    class Meta(ServiceTermsForm.Meta):
        model = TestingService


class LabInfoForm(ServiceInfoForm):
    class Meta(ServiceInfoForm.Meta):
        model = LabService
        help_texts = ServiceInfoForm.Meta.help_texts | {
            "name": gettext_lazy("客户一看就懂的名称，如“铝合金热处理工艺开发”。"),
            "field": gettext_lazy("选择相关的领域，公众按它筛选。"),
        }


class LabTermsForm(ServiceTermsForm):
    class Meta(ServiceTermsForm.Meta):
        model = LabService
