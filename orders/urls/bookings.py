from django.urls import path

from orders.views import booking, calendar, lists
from orders.views import bookings as views

app_name = "bookings"
urlpatterns = [
    path("", lists.BookingListView.as_view(), name="list"),
    path("export/", lists.BookingExportView.as_view(), name="export"),
    path("new/<slug:kind>/<int:pk>/", booking.NewBookingView.as_view(), name="new"),
    path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("calendar/<int:pk>/", calendar.HoursView.as_view(), name="hours"),
    path("calendar/<int:pk>/close/", calendar.CloseView.as_view(), name="close"),
    path("calendar/closures/<int:pk>/reopen/", calendar.ReopenView.as_view(), name="reopen"),
    path("<int:pk>/", views.BookingView.as_view(), name="detail"),
    path("<int:pk>/order/", views.PlaceOrderView.as_view(), name="order"),
    path("<int:pk>/reply/", booking.ReplyView.as_view(), name="reply"),
    path("<int:pk>/accept/", booking.AcceptView.as_view(), name="accept"),
    path("<int:pk>/refuse/", booking.RefuseView.as_view(), name="refuse"),
    path("<int:pk>/cancel/", booking.CancelView.as_view(), name="cancel"),
]
