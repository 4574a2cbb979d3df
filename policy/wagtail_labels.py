"""Labels of fields that Wagtail leaves to be made from the field's name, which no catalogue can translate."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers
from wagtail.contrib.search_promotions.models import SearchPromotion

LABELS = {
    "url": _("网址"),
    "link_text": _("链接文字"),
    "email_address": _("邮箱地址"),
    "subject": _("主题"),
    "body": _("正文"),
    "phone_number": _("电话号码"),
}
FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
)


def label_fields() -> None:
    """Called once, when the site starts."""
    for form in FORMS:
        for name, field in form.base_fields.items():
            field.label = LABELS[name]
    SearchPromotion._meta.get_field("external_link_text").verbose_name = _("外部链接文字")
