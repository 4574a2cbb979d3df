"""Registration and sign-in forms."""
