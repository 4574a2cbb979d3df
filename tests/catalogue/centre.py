"""The instrument form as a technician fills it in."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import png_bytes

LIST = reverse("instruments:list")
CREATE = reverse("instruments:create")
NASTY = "'; DROP TABLE catalogue_instrument; -- <script>alert(1)</script>"


def address(name, instrument, **kwargs):
    return reverse(f"instruments:{name}", kwargs={"pk": instrument.pk, **kwargs})


def step(instrument, slug):
    return address("step", instrument, step=slug)


def photo(name="photo.png", colour="navy", content=None):
    return SimpleUploadedFile(name, content or png_bytes(colour, (80, 60)), "image/png")


def basics(**changes):
    return {
        "version": "1",
        "action": "save",
        "name": "场发射扫描电子显微镜",
        "name_en": "FE-SEM",
        "internal_number": "YQ-2021-007",
        "instrument_class": "010100",
        "model": "JSM-7900F",
        "manufacturer": "日本电子",
        "origin": "日本",
        "source": "purchased",
        "original_value_amount": "2680000",
        "purchased_on": "2021-06-30",
        "city": "6101",
        "district": "雁塔区",
        "location": "科技路 1 号",
        "specifications": "分辨率 0.6 nm",
        "functions": "形貌与成分分析",
        "sample_requirements": "导电固体",
        **changes,
    }


def service(**changes):
    return {
        "version": "1",
        "action": "save",
        "service_content": "形貌观察",
        "price_amount": "300",
        "price_unit": "hour",
        "price_list": "形貌 300 元/小时",
        "service_hours": "工作日",
        "user_notice": "提前预约",
        "accepts_vouchers": "on",
        **changes,
    }


def contact(**changes):
    return {
        "version": "1",
        "action": "save",
        "contact_name": "孙丽",
        "contact_phone": "13800001234",
        "contact_email": "sun@example.com",
        **changes,
    }


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}
