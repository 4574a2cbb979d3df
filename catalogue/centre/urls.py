"""The same addresses for each kind of record, under its own namespace: ``instruments:detail``, ``labs:step`` …"""

from django.urls import URLPattern, include, path

from catalogue.centre import records as views
from catalogue.centre.kinds import KINDS, RecordKind
from catalogue.centre.lists import RecordListView


def record_urls(kind: RecordKind) -> list[URLPattern]:
    return [
        path("", RecordListView.as_view(kind=kind), name="list"),
        path("new/", views.RecordCreateView.as_view(kind=kind), name="create"),
        path("<int:pk>/", views.RecordDetailView.as_view(kind=kind), name="detail"),
        path("<int:pk>/submit/", views.RecordSubmitView.as_view(kind=kind), name="submit"),
        path("<int:pk>/withdraw/", views.RecordWithdrawView.as_view(kind=kind), name="withdraw"),
        path("<int:pk>/duplicate/", views.RecordDuplicateView.as_view(kind=kind), name="duplicate"),
        path("<int:pk>/delete/", views.RecordDeleteView.as_view(kind=kind), name="delete"),
        path("<int:pk>/<slug:step>/", views.RecordStepView.as_view(kind=kind), name="step"),
    ]


urlpatterns = [path(f"{kind.key}/", include((record_urls(kind), kind.key))) for kind in KINDS]
