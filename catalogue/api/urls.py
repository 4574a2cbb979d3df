"""Addresses of the API."""

from typing import Any

from django.urls import path, re_path

from catalogue.api import docs
from catalogue.api.own import views as own
from catalogue.api.own.collections import COLLECTIONS, Collection
from catalogue.api.public import trees, views

app_name = "api"


def readable(route: str, name: str, viewset: Any, key: str = "<int:pk>") -> list[Any]:
    """A list, and its records one by one."""
    return [
        path(f"{route}/", viewset.as_view({"get": "list"}), name=f"{name}-list"),
        path(f"{route}/{key}/", viewset.as_view({"get": "retrieve"}), name=f"{name}-detail"),
    ]


def kept(collection: Collection) -> list[Any]:
    """What a provider keeps, by its internal numbers, which may have slashes in them."""

    def address(route: str, view: Any, name: str) -> Any:
        return path(
            f"my/{collection.slug}/{route}",
            view.as_view(collection=collection),
            name=f"{name}-{collection.slug}",
        )

    one = "<path:number>/"
    more = []
    if collection.has_photos:
        more = [
            address(f"{one}photos/", own.OwnPhotosView, "own-photos"),
            address(f"{one}photos/<int:photo>/", own.OwnPhotoView, "own-photo"),
        ]
    if collection.has_scan:
        more = [address(f"{one}scan/", own.OwnScanView, "own-scan")]
    return [
        address("", own.OwnListView, "own-list"),
        address(f"{one}submit/", own.OwnSubmitView, "own-submit"),
        address(f"{one}withdraw/", own.OwnWithdrawView, "own-withdraw"),
        *more,
        address(one, own.OwnRecordView, "own-record"),
    ]


urlpatterns = [
    *readable("instruments", "instrument", views.InstrumentViewSet),
    path(
        "instruments/<int:pk>/photos/<int:image_id>/",
        views.InstrumentViewSet.as_view({"get": "photo"}),
        name="instrument-photo",
    ),
    *readable("testing-services", "testing-service", views.TestingServiceViewSet),
    *readable("lab-services", "lab-service", views.LabServiceViewSet),
    *readable("capabilities", "capability", views.CapabilityViewSet),
    *readable("providers", "provider", views.ProviderViewSet),
    *readable("instrument-classes", "instrument-class", trees.InstrumentClassViewSet, "<slug:code>"),
    *readable("testing-fields", "testing-field", trees.TestingFieldViewSet, "<slug:code>"),
    *readable("regions", "region", trees.RegionViewSet, "<slug:code>"),
    *(one for collection in COLLECTIONS for one in kept(collection)),
    path("schema/", docs.SchemaView.as_view(), name="schema"),
    path("docs/", docs.DocsView.as_view(), name="docs"),
    re_path("", docs.NowhereView.as_view(), name="nowhere"),
]
