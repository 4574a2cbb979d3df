from django.urls import path

from redemptions import views

app_name = "redemptions"
urlpatterns = [
    path("", views.RedemptionsView.as_view(), name="list"),
    path("orders/<int:pk>/", views.ClaimView.as_view(), name="claim"),
    path("account/", views.ProviderAccountView.as_view(), name="account"),
    path("<int:pk>/", views.RedemptionView.as_view(), name="detail"),
    path("<int:pk>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
]
