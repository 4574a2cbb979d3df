"""The answer of every address to every role, as a table; test_permission_matrix.py asks each."""

from pathlib import Path

ROLES = ["anonymous", "provider", "other", "consumer", "reviewer", "editor", "auditor", "admin"]

# The pattern; the method and address to try it with; what each role gets, in the order of ROLES.
# `provider` owns the records in the addresses; `other` is another approved provider.
TABLE = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
