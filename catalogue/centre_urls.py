from django.urls import path

from catalogue import centre_views as views

app_name = "instruments"
urlpatterns = [
    path("", views.InstrumentListView.as_view(), name="list"),
    path("new/", views.InstrumentCreateView.as_view(), name="create"),
    path("<int:pk>/", views.InstrumentDetailView.as_view(), name="detail"),
    path("<int:pk>/submit/", views.InstrumentSubmitView.as_view(), name="submit"),
    path("<int:pk>/withdraw/", views.InstrumentWithdrawView.as_view(), name="withdraw"),
    path("<int:pk>/delete/", views.InstrumentDeleteView.as_view(), name="delete"),
    path("<int:pk>/<slug:step>/", views.InstrumentStepView.as_view(), name="step"),
]
