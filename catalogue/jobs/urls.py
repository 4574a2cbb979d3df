from django.urls import path

from catalogue.exchange import centre_imports
from catalogue.exchange.centre_urls import urlpatterns as exchange_urls
from catalogue.jobs import views

app_name = "batches"
urlpatterns = [
    path("", views.JobListView.as_view(), name="list"),
    path("<int:pk>/", views.JobDetailView.as_view(), name="detail"),
    path("<int:pk>/confirm/", views.JobConfirmView.as_view(), name="confirm"),
    path("<int:pk>/cancel/", views.JobCancelView.as_view(), name="cancel"),
    path("<int:pk>/resume/", views.JobResumeView.as_view(), name="resume"),
    path("<int:pk>/refused/", views.RefusedFileView.as_view(), name="refused"),
    path("<slug:subject>/template/", centre_imports.TemplateDownloadView.as_view(), name="template"),
    path("<slug:subject>/import/", centre_imports.ImportView.as_view(), name="import"),
    *exchange_urls,
]
