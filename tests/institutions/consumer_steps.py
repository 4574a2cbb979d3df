"""What a consumer types into the three steps."""

from django.urls import reverse
from stdnum import luhn

from tests.consumer_factories import ACCOUNT_NUMBER
from tests.factories import make_credit_code

OVERVIEW = reverse("institutions:overview")
BASICS, FINANCE, CONTACTS = (
    reverse("institutions:step", args=[step]) for step in ("basics", "finance", "contacts")
)
SIZE = reverse("institutions:size")
SUBMIT = reverse("institutions:submit")
WITHDRAW = reverse("institutions:withdraw")
NAME = "渭河软件科技有限公司"
NASTY = "'; DROP TABLE institutions_consumer; -- <script>alert(1)</script>"
# passes the check of bank cards, as one in ten of such accounts do
LIKE_A_CARD = "370002180920000432" + luhn.calc_check_digit("370002180920000432")


def basics(**changes):
    return {
        "version": "1",
        "action": "save",
        "name": NAME,
        "code": make_credit_code(12345678),
        "consumer_type": "sme",
        "registered_on": "2019-03-12",
        "legal_representative": "周晓明",
        "city": "6101",
        "district": "雁塔区",
        "address": "科技二路 72 号",
        "introduction": "从事工业软件研发。",
        **changes,
    }


def finance(**changes):
    return {
        "version": "1",
        "action": "save",
        "industry": "software",
        "staff_count": "46",
        "revenue_amount": "820",
        "assets_amount": "560",
        "bank_account_name": NAME,
        "bank_name": "中国工商银行",
        "bank_branch": "西安高新支行",
        "bank_account_number": ACCOUNT_NUMBER,
        **changes,
    }


def contacts(**changes):
    return {
        "version": "1",
        "action": "save",
        "contact_name": "林雨",
        "contact_mobile": "13800005678",
        "contact_phone": "029-88885678",
        "contact_email": "consumer@example.com",
        **changes,
    }


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def number_of(consumer):
    return consumer.bank_account_number.reveal() if consumer.bank_account_number else ""


def rows(*members, **changes):
    columns = zip(*members, strict=True)
    return basics(
        consumer_type="incubator",
        **{
            f"incubated-{name}": list(column)
            for name, column in zip(("name", "code", "note"), columns, strict=True)
        },
        **changes,
    )


CODE = make_credit_code(31_000_001)
