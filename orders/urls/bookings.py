from django.urls import path

from orders.views import bookings as views

app_name = "bookings"
urlpatterns = [
    path("<int:pk>/", views.BookingView.as_view(), name="detail"),
]
