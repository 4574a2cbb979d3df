from django.urls import path

from catalogue.api import centre

app_name = "api_tokens"
urlpatterns = [
    path("", centre.TokenListView.as_view(), name="list"),
    path("<int:pk>/revoke/", centre.TokenRevokeView.as_view(), name="revoke"),
]
