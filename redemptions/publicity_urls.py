"""Public pages of payout batches."""

from django.urls import path, register_converter

from redemptions import publicity


class BatchNumberConverter:
    """2026-003."""

    regex = "[0-9]{4}-[0-9]{3,5}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(BatchNumberConverter, "batch")

app_name = "publicity"
urlpatterns = [
    path("", publicity.PublicityListView.as_view(), name="list"),
    path("<batch:number>/", publicity.PublicityView.as_view(), name="detail"),
    path("<batch:number>/<int:position>/object/", publicity.ObjectView.as_view(), name="object"),
    path("<batch:number>/objected/", publicity.ObjectedView.as_view(), name="objected"),
]
