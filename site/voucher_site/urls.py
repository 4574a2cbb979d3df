"""Addresses of the site; see docs/architecture.md for the table."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views import AdminLoginView, StaffAccountView
from orders.views.calendar import booking_feed
from voucher_site.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("home.machines.urls")),
    path("admin/login/", AdminLoginView.as_view(), name="admin_login"),
    path("admin/account/", require_admin_access(StaffAccountView.as_view())),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("files/", include("files.urls")),
    path("accounts/", include("accounts.allauth_urls")),
    path("catalogue/", include("catalogue.urls")),
    path("search/", include("home.search.urls")),
    path("statistics/", include("figures.urls")),
    path("api/v1/", include("catalogue.api.urls")),
    path("api/v2/", include("policy.api.urls")),
    path("centre/", include("home.urls")),
    path("centre/", include("accounts.urls")),
    path("centre/account/tokens/", include("catalogue.api.centre_urls")),
    path("centre/institution/", include("institutions.urls")),
    path("centre/bookings/", include("orders.urls.bookings")),
    path("centre/orders/", include("orders.urls.orders")),
    path("calendar/<str:key>.ics", booking_feed, name="booking_feed"),
    path("centre/vouchers/", include("vouchers.urls")),
    path("centre/redemptions/", include("redemptions.urls")),
    path("publicity/", include("redemptions.publicity_urls")),
    path("centre/figures/", include("figures.centre_urls")),
    path("centre/batches/", include("catalogue.jobs.urls")),
    path("centre/", include("catalogue.centre.urls")),
    path("preferences/", include("home.preference_urls")),
    path("", include("policy.urls")),
]
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
urlpatterns += [
    # Wagtail's own login page for visitors would be a second door, without the lock-out
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
]
