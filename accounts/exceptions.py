"""The root of every domain error: its message is what the user reads."""


class DomainError(Exception):
    """An action was refused. ``str(error)`` is a full sentence in Chinese for the person who tried.

    Each app derives its own base from this one; the site turns it into a message and a redirect in
    one place (``voucher_site.middleware.DomainErrorMiddleware``).
    """


class AccountError(DomainError):
    """Refusals of the accounts app."""


def require(condition: bool, error: DomainError) -> None:
    """Raise ``error`` unless ``condition`` holds. Guards of services read as one line each."""
    if not condition:
        raise error
