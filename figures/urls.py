from django.urls import path

from figures.views import StatisticsExportView, StatisticsView

app_name = "figures"
urlpatterns = [
    path("", StatisticsView.as_view(), name="statistics"),
    path("<int:year>.xlsx", StatisticsExportView.as_view(), name="export"),
]
