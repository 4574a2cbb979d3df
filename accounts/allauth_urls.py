"""allauth's addresses under its own names; some of them lead to our views."""

from allauth.account import urls
from django.urls import include, path

from accounts import network, views

urlpatterns = [
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("signup/done/", views.SignupDoneView.as_view(), name="account_signup_done"),
    path("email/", views.EmailView.as_view(), name="account_email"),
    path("two-factor/", include("allauth.mfa.urls")),
    path("sessions/", views.SessionsView.as_view(), name="account_sessions"),
    path("oidc/<slug:provider_id>/login/", network.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", network.callback, name="openid_connect_callback"),
    path("network/", views.NetworkView.as_view(), name="socialaccount_connections"),
    path("network/signup/", views.NetworkSignupView.as_view(), name="socialaccount_signup"),
    path("network/cancelled/", views.NetworkCancelledView.as_view(), name="socialaccount_login_cancelled"),
    *urls.urlpatterns,
]
