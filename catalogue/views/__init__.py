"""Public pages of the catalogue. Read only; nothing but what is approved."""
