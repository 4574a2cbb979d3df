"""The main job, by the manual's button names: from registration to the public catalogue and back.

Register, sign in, institution, 完成; a reviewer approves; 新增仪器, 完成; approved; an anonymous search finds
it; 撤回并修改信息 takes it off; submitted and approved again it is back.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import PASSWORD, make_credit_code, png_bytes, reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

LOGIN = "秦岭光谱"
INSTRUMENT = "气相色谱质谱联用仪"


@pytest.fixture
def scans(tmp_path: Path) -> dict[str, Path]:
    """A licence, a logo and a photo, as files on the technician's disk."""
    files = {}
    for name, colour in {"licence": "white", "logo": "crimson", "photo": "steelblue"}.items():
        files[name] = tmp_path / f"{name}.png"
        files[name].write_bytes(png_bytes(colour))
    return files


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **values: str) -> None:
    for label, value in values.items():
        page.get_by_label(label, exact=False).first.fill(value)


def register(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="注册").first.click()
    page.get_by_role("radio", name="接券机构").check()
    fill(page, 登录名=LOGIN, 联系人="王小明", 电子邮箱="lab@example.com", 手机号码="13912345678")
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    press(page, "立即注册")
    expect(page.get_by_role("heading", name="注册成功")).to_be_visible()
    page.get_by_role("link", name="确定").click()


def sign_in(page: Page, login: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(login)
    page.locator("#id_password").fill(PASSWORD)
    press(page, "登录")


def fill_institution(page: Page, scans: dict[str, Path]) -> None:
    # the prompt of a first sign-in leads to the form
    expect(page.get_by_role("dialog")).to_contain_text("尚未填写机构信息")
    page.get_by_role("link", name="确定").click()
    fill(page, 依托单位名称="秦岭光谱研究院", 统一社会信用代码=make_credit_code(12345678))
    page.get_by_label("单位类型").select_option(label="科研院所")
    fill(page, 法定代表人="李建国")
    page.get_by_label("依托单位是独立法人单位").check()
    page.locator("#id_certificate").set_input_files(scans["licence"])
    page.get_by_label("所在城市").select_option(label="西安市")
    page.get_by_label("所在区县").select_option(label="雁塔区")
    fill(page, 详细地址="科技路 1 号", 单位简介="从事光谱与质谱研究。")
    page.locator("#id_logo").set_input_files(scans["logo"])
    press(page, "下一步")
    expect(page.get_by_role("heading", name="检测机构信息").first).to_be_visible()
    fill(page, 检测机构名称="秦岭光谱研究院", 联系电话="029-88881234", 检测机构简介="面向社会的测试平台。")
    for declaration in ("注册地址在省内", "加盟单位", "20 万元以上", "对外服务管理制度"):
        page.get_by_label(declaration).check()
    finish(page)
    expect(page.get_by_text("待审核").first).to_be_visible()


def finish(page: Page) -> None:
    press(page, "完成")
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_navigation():  # a click does not wait for the page it leads to
        page.get_by_role("dialog").get_by_role("button", name="确定").click()


def approve_first(page: Page, title: str) -> None:
    page.goto("/admin/review/")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_text(f"已通过：{title}")).to_be_visible()


def add_instrument(page: Page, scans: dict[str, Path]) -> None:
    page.goto("/centre/")
    expect(page.get_by_text("可接券").first).to_be_visible()
    page.get_by_role("link", name="仪器管理").first.click()
    page.get_by_role("link", name="新增仪器").first.click()
    fill(page, 仪器名称=INSTRUMENT, 英文名称="GC-MS", 单位内部编号="YQ-001")
    page.locator("#id_instrument_class").select_option("010200")
    fill(page, 规格型号="7890B-5977A", 生产厂商="安捷伦", 启用日期="2019-05-20")
    page.locator("#id_origin").fill("美国")
    page.locator("#id_original_value_amount").fill("860000")
    page.locator("#id_location").fill("3 号楼 201")
    page.locator("#id_photos").set_input_files(scans["photo"])
    fill(
        page,
        主要技术指标="质量范围 1.6–1050 amu",
        主要功能及应用范围="有机物定性与定量",
        样品要求="液体 2 mL",
    )
    press(page, "下一步")
    fill(page, 服务内容="有机物成分分析", 收费标准="300 元/样", 服务时间="工作日 8:30–17:30")
    page.locator("#id_price_amount").fill("300")
    page.get_by_label("计价单位").select_option(label="样品")
    press(page, "下一步")
    fill(page, 仪器负责人="孙丽", 负责人电话="13800001234")
    finish(page)
    expect(page.get_by_text("待审核").first).to_be_visible()


def public_hits(page: Page, words: str) -> int:
    page.goto("/catalogue/instruments/")
    box = page.get_by_role("main").get_by_role("searchbox").first
    box.fill(words)
    with page.expect_navigation():
        box.press("Enter")
    return page.get_by_role("main").get_by_role("link", name=INSTRUMENT).count()


@pytest.mark.long
def test_the_main_job(live_server, browser: Browser, new_page, scans):
    reviewer(username="审核员甲")
    provider, staff, visitor = new_page(), new_page(), new_page()

    register(provider)
    sign_in(provider, "13912345678")
    fill_institution(provider, scans)

    sign_in(staff, "审核员甲")
    approve_first(staff, "秦岭光谱研究院")

    add_instrument(provider, scans)
    assert public_hits(visitor, "色谱") == 0
    approve_first(staff, INSTRUMENT)
    for words in ("色谱", "gc-ms", "qxsp"):
        assert public_hits(visitor, words) == 1, words

    provider.goto("/centre/instruments/")
    provider.get_by_role("link", name=INSTRUMENT).first.click()
    press(provider, "撤回并修改信息")
    with provider.expect_navigation():
        provider.get_by_role("dialog").get_by_role("button", name="确定").click()
    assert public_hits(visitor, "色谱") == 0

    fill(provider, 规格型号="8890-5977C")
    press(provider, "下一步")
    press(provider, "下一步")
    finish(provider)
    staff.goto("/admin/review/")
    staff.get_by_role("link", name=INSTRUMENT, exact=True).first.click()
    expect(staff.get_by_text("8890-5977C").first).to_be_visible()
    expect(staff.get_by_text("7890B-5977A").first).to_be_visible()
    staff.get_by_role("button", name="通过", exact=True).click()
    expect(staff.get_by_text(f"已通过：{INSTRUMENT}")).to_be_visible()
    assert public_hits(visitor, "8890") == 1
