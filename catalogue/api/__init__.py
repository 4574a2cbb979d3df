"""The REST API: the public catalogue for anybody, and a provider's own records for its own system."""
