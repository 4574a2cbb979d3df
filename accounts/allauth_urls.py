from allauth.account import urls

urlpatterns = urls.urlpatterns
