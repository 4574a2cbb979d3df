"""Verbs, by what they are done to. Each takes ``actor``, guards, locks, changes, and leaves a trail in one transaction."""
