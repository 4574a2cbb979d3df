from django.urls import path

from figures.centre_views import YearListView, YearView

app_name = "provider_years"
urlpatterns = [
    path("", YearListView.as_view(), name="list"),
    path("<int:year>/", YearView.as_view(), name="year"),
]
