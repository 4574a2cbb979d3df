"""What a consumer types into the steps of an application."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.factories import png_bytes

LIST = reverse("vouchers:list")
APPLY = reverse("vouchers:apply")


def basics(**changes):
    return {
        "version": "1",
        "action": "next",
        "applied_amount": "80000",
        "last_year_revenue_amount": "820",
        "reason": "新产品定型前需要做材料力学和环境可靠性检测，自有条件不足。",
        "problem": "查明批量样件早期断裂的原因，确定热处理工艺窗口。",
        "has_projects": "False",
        **changes,
    }


def statements(version, **changes):
    year = timezone.localdate().year
    return {
        "version": str(version),
        "action": "finish",
        "statement_year": str(year - 1),
        "statement": scan("2025"),
        "earlier_statement_year": str(year - 2),
        "earlier_statement": scan("2024"),
        **changes,
    }


def scan(name, content=None):
    return SimpleUploadedFile(f"{name}.png", content or png_bytes("teal", (300, 100 + int(name[-1]))))


def step(application, slug):
    return reverse("vouchers:step", args=[application.pk, slug])


def errors_of(response):
    return {
        name: [str(one) for one in errors]
        for name, errors in response.context["form"].errors.items()
        if errors
    }


def problems_of(application):
    return [sentence for sentences in application.submission_problems().values() for sentence in sentences]
