from django.urls import path

from home.views import DashboardView

app_name = "centre"
urlpatterns = [path("", DashboardView.as_view(), name="dashboard")]
