"""Forms of bookings and orders."""
