"""The public catalogue."""

from django.urls import path

from catalogue.views import details, exports, lists

app_name = "catalogue"
urlpatterns = [
    path("instruments/", lists.InstrumentListView.as_view(), name="instrument_list"),
    path("instruments/<int:pk>/", details.InstrumentDetailView.as_view(), name="instrument_detail"),
    path("testing/", lists.TestingListView.as_view(), name="testing_list"),
    path("testing/<int:pk>/", details.TestingDetailView.as_view(), name="testing_detail"),
    path("labs/", lists.LabListView.as_view(), name="lab_list"),
    path("labs/<int:pk>/", details.LabDetailView.as_view(), name="lab_detail"),
    path("capabilities/", lists.CapabilityListView.as_view(), name="capability_list"),
    path("providers/", lists.ProviderListView.as_view(), name="provider_list"),
    path("providers/<int:pk>/", details.ProviderDetailView.as_view(), name="provider_detail"),
    path("<slug:subject>/export/", exports.ExportView.as_view(), name="export"),
]
