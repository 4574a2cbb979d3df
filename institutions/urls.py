from django.urls import path

from institutions import views

app_name = "institutions"
urlpatterns = [
    path("", views.ProviderOverview.as_view(), name="overview"),
    path("submit/", views.ProviderSubmitView.as_view(), name="submit"),
    path("withdraw/", views.ProviderWithdrawView.as_view(), name="withdraw"),
    path("<slug:step>/", views.ProviderStepView.as_view(), name="step"),
]
