"""Loading a longer classification: what it takes, and what it refuses whole."""

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import InstrumentClass

pytestmark = pytest.mark.django_db

HEADER = "parent\tcode\tname\n"


@pytest.fixture
def load(tmp_path, capsys):
    def run(text):
        file = tmp_path / "classes.tsv"
        file.write_text(HEADER + text, encoding="utf-8")
        call_command("load_instrument_classes", str(file))
        return capsys.readouterr().out

    return run


def test_third_level_classes_join_those_of_the_migrations(load):
    before = InstrumentClass.objects.count()
    printed = load("010000\t010200\t质谱仪器\n010200\t010201\t有机质谱仪\n010200\t010202\t无机质谱仪\n")
    assert printed == f"3 classes loaded, {before + 2} in all\n"
    node = InstrumentClass.objects.get(pk="010201")
    assert (node.name, node.parent_id, node.prefix) == ("有机质谱仪", "010200", "010201")


def test_loading_again_renames_and_adds_nothing(load):
    load("010200\t010201\t有机质谱仪\n")
    count = InstrumentClass.objects.count()
    load("010200\t010201\t有机质谱仪器\n")
    assert InstrumentClass.objects.count() == count
    assert InstrumentClass.objects.get(pk="010201").name == "有机质谱仪器"


def test_a_class_that_is_its_own_child_stays_what_it_is(load):
    assert load("990000\t990000\t其他\n").startswith("0 classes loaded")
    assert str(InstrumentClass.objects.get(pk="990000")) == "其他仪器"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("010200\t0102O1\t有机质谱仪\n", "line 3: the code '0102O1' is not six digits"),
        ("010200\t010201\t\n", "line 3: the name of 010201 is missing"),
        (f"010200\t010201\t{'长' * 51}\n", "line 3: the name of 010201 is missing, or longer"),
        ("\t010201\t有机质谱仪\n", "line 3: 010201 has no parent"),
        ("019800\t019801\t有机质谱仪\n", "line 3: the parent '019800' of 019801 is not known"),
    ],
)
def test_a_wrong_line_refuses_the_whole_file(load, line, problem):
    count = InstrumentClass.objects.count()
    with pytest.raises(CommandError, match=problem):
        load("010200\t010299\t其他\n" + line)
    assert InstrumentClass.objects.count() == count


def test_a_file_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "classes.tsv"
    file.write_bytes(b"\xd6\xca\xc6\xd7\t\xff")
    with pytest.raises(CommandError, match=r"classes.tsv cannot be read"):
        call_command("load_instrument_classes", str(file))
