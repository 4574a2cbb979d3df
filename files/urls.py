"""Addresses of private files."""

from django.urls import path

from files.views import PrivateFileView

app_name = "files"
urlpatterns = [path("<uuid:uuid>/", PrivateFileView.as_view(), name="private")]
