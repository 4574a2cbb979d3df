from django.urls import path

from orders.views import orders as views

app_name = "orders"
urlpatterns = [
    path("<int:pk>/", views.OrderView.as_view(), name="detail"),
]
