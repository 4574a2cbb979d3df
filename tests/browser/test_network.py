"""Signing in with an account of 协作网, as a browser does: away to its server and back, under our own policy."""

import pytest

from tests.accounts.network_server import NetworkServer, use

pytestmark = pytest.mark.browser


@pytest.fixture
def network(settings, live_server):
    server = NetworkServer()
    use(settings, server.url)
    yield server
    server.close()


def test_the_first_sign_in_and_the_next(
    network, live_server, page, phone, complaints, assert_accessible, assert_fits
):
    for screen in (page, phone):
        screen.goto("/accounts/login/")
        assert_accessible(screen)
        assert_fits(screen)
    page.get_by_role("button", name="用协作网账户登录").click()
    page.get_by_role("heading", name="完善账户信息").wait_for()
    assert_accessible(page)
    page.get_by_text("创新券使用机构（企业）").click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_url("**/centre/**")
    page.goto("/accounts/network/")
    assert_accessible(page)
    phone.get_by_role("button", name="用协作网账户登录").click()
    phone.wait_for_url("**/centre/**")
    phone.goto("/accounts/network/")
    assert_fits(phone)


def test_a_server_that_is_away_is_said_so(network, live_server, page, complaints, assert_accessible):
    network.broken = "/token"
    page.goto("/accounts/login/")
    page.get_by_role("button", name="用协作网账户登录").click()
    page.get_by_role("heading", name="登录没有完成").wait_for()
    assert_accessible(page)
    complaints.expected("401: ")
