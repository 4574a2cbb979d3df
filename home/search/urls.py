from django.urls import path

from home.search.views import SearchView, suggest

app_name = "search"
urlpatterns = [
    path("", SearchView.as_view(), name="results"),
    path("suggest/", suggest, name="suggest"),
]
