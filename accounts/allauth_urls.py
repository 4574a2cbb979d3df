"""allauth's addresses under its own names; some of them lead to our views."""

from allauth.account import urls
from django.urls import include, path

from accounts import views

urlpatterns = [
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("signup/done/", views.SignupDoneView.as_view(), name="account_signup_done"),
    path("email/", views.EmailView.as_view(), name="account_email"),
    path("two-factor/", include("allauth.mfa.urls")),
    path("sessions/", views.SessionsView.as_view(), name="account_sessions"),
    *urls.urlpatterns,
]
