"""The three steps of an instrument (manual, section 四.2)."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.money import format_yuan
from catalogue.forms.fields import DisciplinesField, HoursField, InstrumentClassField, RecordForm
from catalogue.models import Instrument, InstrumentPhoto
from files.forms import ImageListField
from institutions.forms import DistrictField, PhoneField
from workflow.forms import DayField, HalfWidthField, MoneyField, ParagraphWidget, StepForm
from workflow.statuses import SubmissionStatus

MAX_PHOTOS = 8
# No shared instrument is older; a typing error in the year usually is.
EARLIEST_PURCHASE = datetime.date(1950, 1, 1)
# Yuan. Nothing worth sharing costs less; an amount typed in units of ten thousand does.
LOW_ORIGINAL_VALUE = Decimal(1000)
ORIGINS = (
    "中国",
    "美国",
    "德国",
    "日本",
    "英国",
    "瑞士",
    "法国",
    "荷兰",
    "瑞典",
    "奥地利",
    "澳大利亚",
    "韩国",
)


# What only the national platform asks for.
REPORTED = (
    "equipment_kind",
    "condition",
    "sharing",
    "run_hours",
    "served_hours",
    "disciplines",
    "funding_source",
)


class InstrumentBasicsForm(RecordForm):
    """Step 1, 基本信息: what the instrument is, where it stands, what it looks like."""

    origins: ClassVar[Sequence[str]] = ORIGINS

    photos = ImageListField(
        label=gettext_lazy("仪器照片"),
        max_count=MAX_PHOTOS,
        help_text=format_lazy(
            gettext_lazy(
                "至少 1 张，最多 {count} 张；JPG、PNG 或 WebP，每张不超过 10 MB。第一张是封面，请选能看清整机的。"
            ),
            count=MAX_PHOTOS,
        ),
    )

    class Meta:
        model = Instrument
        fields = (
            "name",
            "name_en",
            "internal_number",
            "instrument_class",
            "model",
            "manufacturer",
            "origin",
            "source",
            "original_value_amount",
            "purchased_on",
            "city",
            "district",
            "location",
            "specifications",
            "functions",
            "sample_requirements",
            *REPORTED,
        )
        field_classes = {
            "internal_number": HalfWidthField,
            "instrument_class": InstrumentClassField,
            "original_value_amount": MoneyField,
            "purchased_on": DayField,
            "district": DistrictField,
            "run_hours": HoursField,
            "served_hours": HoursField,
            "disciplines": DisciplinesField,
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "name_en": forms.TextInput(attrs={"autocomplete": "off", "lang": "en"}),
            "origin": forms.TextInput(attrs={"autocomplete": "off", "list": "origins"}),
            "disciplines": forms.TextInput(attrs={"autocomplete": "off"}),
            "funding_source": forms.TextInput(attrs={"autocomplete": "off"}),
            "specifications": ParagraphWidget(),
            "functions": ParagraphWidget(),
            "sample_requirements": ParagraphWidget(rows=3),
        }
        help_texts = {
            "name": gettext_lazy("用规范的中文名称，如“气相色谱质谱联用仪”，不写型号。"),
            "instrument_class": gettext_lazy("按大型科研仪器国家网络管理平台的分类选择。"),
            "model": gettext_lazy("照铭牌填写，如 7890B-5977A。"),
            "original_value_amount": gettext_lazy("单台（套）购置时的价格，单位是元，不是万元。"),
            "specifications": gettext_lazy("最多 500 字，如测量范围、精度、分辨率。"),
            "functions": gettext_lazy("最多 500 字；企业会用这里的词来搜索。"),
            "sample_requirements": gettext_lazy("形态、用量、前处理等，最多 500 字。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.photos.select_related("image") if self.instance.pk else ()
        self.stored_photos: dict[int, InstrumentPhoto] = {photo.image_id: photo for photo in stored}
        self.initial["photos"] = [photo.image for photo in self.stored_photos.values()]

    def clean_purchased_on(self) -> datetime.date | None:
        day = self.cleaned_data["purchased_on"]
        if day is not None and day < EARLIEST_PURCHASE:
            raise forms.ValidationError(_("启用日期早于 1950 年，请核对年份。"))
        return day

    def clean_photos(self) -> list[Any]:
        """In the order of the page, the chosen cover first; photos just uploaded come last."""
        posted = cast(QueryDict, self.data)
        order, cover = posted.getlist("photos-order"), posted.get("photos-cover")

        def place(photo: Any) -> tuple[bool, int]:
            key = str(photo.pk)
            return key != cover, order.index(key) if key in order else len(order)

        photos = sorted(self.cleaned_data["photos"], key=place)
        cast(ImageListField, self.fields["photos"]).items = photos
        return photos

    def warnings(self) -> Mapping[str, str]:
        amount = self.instance.original_value_amount
        if amount is not None and amount < LOW_ORIGINAL_VALUE:
            return {
                "original_value_amount": _("原值只有 %s 元，请核对：这里的单位是元，不是万元。")
                % format_yuan(amount)
            }
        return {}

    @property
    def shows_reported(self) -> bool:
        """Whether the part for the national platform is open: filled in, in error or sent back."""
        record = self.instance
        notes = record.return_notes if record.status == SubmissionStatus.RETURNED else {}
        return any(self[name].value() or self[name].errors or name in notes for name in REPORTED)

    def removed_photos(self) -> list[str]:
        """Stored photos that were taken away in a form which has to be shown again."""
        return cast(QueryDict, self.data).getlist("photos-removed") if self.is_bound else []

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "photos" in self.cleaned_data:
            # held in memory by modelcluster; saving the instrument stores them with it
            self.instance.photos.set(
                self._placed(photo, position) for position, photo in enumerate(self.cleaned_data["photos"])
            )

    def _placed(self, image: Any, position: int) -> InstrumentPhoto:
        photo = self.stored_photos.get(image.pk) or InstrumentPhoto(image=image)
        photo.sort_order = position
        return photo


class InstrumentServiceForm(StepForm):
    """Step 2, 服务信息: what is offered to others, at what price."""

    class Meta:
        model = Instrument
        fields = (
            "service_content",
            "price_amount",
            "price_unit",
            "price_list",
            "service_hours",
            "user_notice",
            "accepts_vouchers",
        )
        field_classes = {"price_amount": MoneyField}
        widgets = {
            "service_content": ParagraphWidget(),
            "price_list": ParagraphWidget(),
            "service_hours": forms.TextInput(attrs={"autocomplete": "off"}),
            "user_notice": ParagraphWidget(rows=3),
        }
        help_texts = {
            "service_content": gettext_lazy("能为用户做什么，最多 500 字。"),
            "price_list": gettext_lazy("各项目的收费，一行一项，如“定性分析 300 元/样”。"),
            "user_notice": gettext_lazy("预约、送样和使用时要注意的事，最多 500 字。"),
            "accepts_vouchers": gettext_lazy("勾选后，这台仪器在目录中标明“可用创新券”。"),
        }


class InstrumentContactForm(StepForm):
    """Step 3, 负责人信息: who really knows the instrument."""

    class Meta:
        model = Instrument
        fields = ("contact_name", "contact_phone", "contact_email")
        field_classes = {"contact_phone": PhoneField}
        widgets = {
            "contact_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        }
        help_texts = {
            "contact_phone": gettext_lazy(
                "手机号码，或固定电话如 029-88881234。审核通过后公开，供用户咨询。"
            ),
            "contact_email": gettext_lazy("可不填。"),
        }
