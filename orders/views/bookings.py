"""Pages of one booking."""

from django.views.generic import TemplateView

from orders.views.base import OneBooking


class BookingView(OneBooking, TemplateView):
    template_name = "orders/booking.html"
