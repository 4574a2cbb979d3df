from django.urls import path

from home.preferences import LanguagePreferenceView, SizePreferenceView

urlpatterns = [
    path("size/", SizePreferenceView.as_view(), name="preferences_size"),
    path("language/", LanguagePreferenceView.as_view(), name="preferences_language"),
]
