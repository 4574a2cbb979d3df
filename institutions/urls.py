from django.urls import path

from institutions import views

app_name = "institutions"
urlpatterns = [
    path(
        "", views.by_kind(views.ProviderOverview.as_view(), views.ConsumerOverview.as_view()), name="overview"
    ),
    path("size/", views.SizeView.as_view(), name="size"),
    path(
        "submit/",
        views.by_kind(views.ProviderSubmitView.as_view(), views.ConsumerSubmitView.as_view()),
        name="submit",
    ),
    path(
        "withdraw/",
        views.by_kind(views.ProviderWithdrawView.as_view(), views.ConsumerWithdrawView.as_view()),
        name="withdraw",
    ),
    path(
        "<slug:step>/",
        views.by_kind(views.ProviderStepView.as_view(), views.ConsumerStepView.as_view()),
        name="step",
    ),
]
