from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("messages/", views.InboxView.as_view(), name="inbox"),
    path("messages/read-all/", views.ReadAllView.as_view(), name="read_all"),
    path("messages/<int:pk>/", views.MessageView.as_view(), name="message"),
    path("account/", views.AccountView.as_view(), name="account"),
    path("account/contact/", views.ContactView.as_view(), name="contact"),
    path("account/delete/", views.DeleteAccountView.as_view(), name="delete"),
]
