"""Merged catalogues say what they said before."""

import pytest
from django.utils.translation import trans_real

from voucher_site.translations import flatten_catalogues


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_merged_catalogues_say_what_they_said_before(monkeypatch, language):
    before = trans_real.DjangoTranslation(language)
    known, one = [], before
    while one is not None:
        known += one._catalog.keys()
        one = one._fallback
    monkeypatch.setattr(trans_real, "_translations", {})
    flatten_catalogues()
    after = trans_real.translation(language)
    assert after is not before
    singles = [message for message in known if isinstance(message, str)]
    plurals = [message[0] for message in known if isinstance(message, tuple)]
    assert [after.gettext(message) for message in singles] == [before.gettext(message) for message in singles]
    for number in (1, 2):
        said = [after.ngettext(message, "-", number) for message in plurals]
        assert said == [before.ngettext(message, "-", number) for message in plurals]
    assert after.gettext("没有译文的句子") == "没有译文的句子"


def test_chinese_texts_are_looked_up_in_one_place(monkeypatch):
    monkeypatch.setattr(trans_real, "_translations", {})
    assert trans_real.translation("zh-hans")._fallback is not None
    flatten_catalogues()
    chinese = trans_real.translation("zh-hans")
    assert chinese._fallback is None
    assert len(chinese._catalog._catalogs) == 1
