"""Addresses of export, photos and batch submission, under the namespace of the batches."""

from django.urls import path

from catalogue.exchange import centre_exports, centre_photos, centre_submit

urlpatterns = [
    path("instruments/nrii/", centre_exports.NriiView.as_view(), name="nrii"),
    path("instruments/nrii/download/", centre_exports.NriiDownloadView.as_view(), name="nrii_download"),
    path("instruments/photos/", centre_photos.PhotosView.as_view(), name="photos"),
    path("<slug:subject>/export/", centre_exports.RecordExportView.as_view(), name="export"),
    path("<slug:subject>/completeness/", centre_submit.CompletenessView.as_view(), name="completeness"),
    path("<slug:subject>/submit/", centre_submit.BulkSubmitView.as_view(), name="submit"),
]
