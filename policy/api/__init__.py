"""The editors' pages for other systems to read (Wagtail's API v2)."""
