"""Pages of accounts that allauth does not bring: the inbox and the gate before the admin."""

from django.shortcuts import redirect
from django.views.generic import View


class AdminLoginView(View):
    def get(self, request):
        return redirect("account_login")
