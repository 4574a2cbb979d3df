"""Addresses of the pages' API."""

from django.urls import re_path
from wagtail.api.v2.router import WagtailAPIRouter

from catalogue.api.docs import NowhereView
from policy.api.views import PublicPagesViewSet

app_name = "pages_api"
router = WagtailAPIRouter(app_name)
router.register_endpoint("pages", PublicPagesViewSet)

urlpatterns = [
    *router.get_urlpatterns(),
    re_path("", NowhereView.as_view(), name="nowhere"),
]
