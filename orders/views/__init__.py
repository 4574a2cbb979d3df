"""Pages of bookings and orders in the application centre, one module for each thing that is done there."""
