from django.urls import path

from vouchers import views

app_name = "vouchers"
urlpatterns = [
    path("", views.VouchersView.as_view(), name="list"),
    path("apply/", views.ApplyView.as_view(), name="apply"),
    path("<int:pk>/", views.VoucherView.as_view(), name="voucher"),
    path("<int:pk>/return/", views.ReturnView.as_view(), name="return"),
    path("applications/<int:pk>/", views.ApplicationView.as_view(), name="application"),
    path("applications/<int:pk>/submit/", views.ApplicationSubmitView.as_view(), name="submit"),
    path("applications/<int:pk>/withdraw/", views.ApplicationWithdrawView.as_view(), name="withdraw"),
    path("applications/<int:pk>/delete/", views.ApplicationDeleteView.as_view(), name="delete"),
    path("applications/<int:pk>/<slug:step>/", views.ApplicationStepView.as_view(), name="step"),
]
