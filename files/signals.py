"""What the app tells those above it."""

from django.dispatch import Signal

# Sent just before the content goes out, with ``file``, ``user``, ``ip_address`` ("" where unknown) and ``is_download``.
private_file_served = Signal()
