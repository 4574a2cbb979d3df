"""Loading a longer table of instrument classes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import InstrumentClass
from catalogue.search import CatalogueSearch, SearchQuery
from tests.factories import InstrumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

HEADER = "parent\tcode\tname\n"
KNOWN = HEADER + "\t010000\t分析仪器\n010000\t010200\t质谱仪器\n"


@pytest.fixture
def load(tmp_path):
    """Run the command on a file of this content; what it says."""

    def run(content):
        file = tmp_path / "classes.tsv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = StringIO()
        call_command("load_instrument_classes", str(file), stdout=out)
        return out.getvalue()

    return run


def stored():
    return set(InstrumentClass.objects.values_list("code", "name", "parent_id"))


def test_a_third_level_is_added_and_loading_again_changes_nothing(load):
    before = stored()
    table = KNOWN + "010200\t010201\t有机质谱仪\n010200\t010202\t无机质谱仪\n"
    assert load(table) == "2 classes added, 0 changed, 2 unchanged; 0 lines only repeat others.\n"
    assert stored() - before == {("010201", "有机质谱仪", "010200"), ("010202", "无机质谱仪", "010200")}
    assert load(table) == "0 classes added, 0 changed, 4 unchanged; 0 lines only repeat others.\n"


def test_children_may_stand_before_their_parents_and_windows_may_have_written_the_file(load):
    table = HEADER + "150000\t150100\t机器人\n\t150000\t新仪器\n150100\t150101\t机械臂\n\n"
    assert load(b"\xef\xbb\xbf" + table.replace("\n", "\r\n").encode()).startswith("3 classes added")
    assert InstrumentClass.objects.get(code="150101").parent.parent.name == "新仪器"


def test_a_class_that_is_its_own_parent_is_the_same_class_once(load):
    before = stored()
    table = KNOWN + "010000\t019900\t其他\n019900\t019900\t其他\n\t990000\t其他仪器\n990000\t990000\t其他\n"
    assert load(table) == "0 classes added, 0 changed, 4 unchanged; 2 lines only repeat others.\n"
    assert stored() == before


def test_a_renamed_class_is_searched_by_its_new_name(load):
    instrument = InstrumentFactory(approved=True)
    search = CatalogueSearch()
    assert search.search(SearchQuery(text="质谱类设备")).object_ids == []
    assert "1 changed" in load(KNOWN.replace("质谱仪器", "质谱类设备"))
    assert search.search(SearchQuery(text="质谱类设备")).object_ids == [instrument.pk]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: the columns must be parent, code, name"),
        ("code,name\n", "line 1: the columns must be parent, code, name"),
        (KNOWN + "010200\t010201\n", "line 4: 2 columns instead of 3"),
        (KNOWN + "010200\t010201\t甲\t乙\n", "line 4: 4 columns instead of 3"),
        (KNOWN + "010200\t10201\t甲\n", "line 4: the code '10201' is not six digits"),
        (KNOWN + "010200\t０１０２０１\t甲\n", "is not six digits"),
        (KNOWN + "\t000000\t甲\n", "line 4: the code '000000' is not six digits"),
        (KNOWN + "010200\t010201'; DROP TABLE x--\t甲\n", "is not six digits"),
        (KNOWN + "010200\t010201\t \n", "line 4: the name is empty"),
        (KNOWN + "010200\t010201\t甲\x00乙\n", "line 4: the name is empty or has characters"),
        (KNOWN + "010200\t010201\t甲\u2028乙\n", "line 4: the name is empty or has characters"),
        (KNOWN + f"010200\t010201\t{'甲' * 51}\n", "line 4: the name has 51 characters; 50 fit"),
        (KNOWN + "\t010201\t甲\n", "line 4: the parent of 010201 must be 010200, not ''"),
        (KNOWN + "020000\t010300\t甲\n", "line 4: the parent of 010300 must be 010000, not '020000'"),
        (KNOWN + "990000\t150000\t甲\n", "line 4: the parent of 150000 must be empty, not '990000'"),
        (
            KNOWN + "150000\t150100\t甲\n",
            "line 4: the class above, 150000, is neither in the table nor known",
        ),
        (KNOWN + "010200\t010201\t甲\n010200\t010201\t乙\n", "line 5: 010201 is “甲” already in line 4"),
        (KNOWN + "151515\t151515\t甲\n", "line 4: '151515' is its own parent, but no other line has it"),
        (KNOWN.encode() + "010200\t010201\t甲\n".encode("gb18030"), "is not UTF-8: see line 4"),
        (HEADER.encode() + b"\n" * (5 * 1024 * 1024), "is larger than 5 MB"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not UTF-8: see line 1"),
    ],
)
def test_a_table_with_a_mistake_loads_nothing_and_says_where(load, content, message):
    before = stored()
    with pytest.raises(CommandError) as refused:
        # a good line beside the bad one, which must not be stored either
        load(
            content.replace("010200\t质谱仪器\n", "010200\t质谱仪\n") if isinstance(content, str) else content
        )
    assert message in str(refused.value)
    assert stored() == before


def test_all_mistakes_are_told_at_once_up_to_twenty(load):
    with pytest.raises(CommandError) as refused:
        load(HEADER + "x\n" * 25)
    lines = str(refused.value).splitlines()
    assert lines[:2] == ["Nothing was loaded.", "line 2: 1 columns instead of 3"]
    assert (len(lines), lines[-1]) == (22, "and 5 more")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        call_command("load_instrument_classes", str(tmp_path / "none.tsv"))
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        call_command("load_instrument_classes", str(tmp_path))
