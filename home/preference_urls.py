from django.urls import path

from home.views import SizePreferenceView

urlpatterns = [path("size/", SizePreferenceView.as_view(), name="preferences_size")]
