"""Addresses of bookings and of orders, each a namespace of its own."""
