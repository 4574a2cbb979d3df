"""Text messages of decisions, through a gateway that is plugged in."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import requests
from django.core.cache import cache

from accounts import services, sms
from accounts.services import notify
from institutions.suspension import suspend_provider
from tests.factories import InstrumentFactory, ProviderFactory, UserFactory, reviewer
from tests.redemption_factories import a_claim
from tests.voucher_factories import a_voucher
from workflow.services import approve, return_for_changes

pytestmark = pytest.mark.django_db
CONTACT = "/centre/account/contact/"


class Box:
    """A gateway that keeps what it is given."""

    sent = []

    def send(self, mobile, text):
        self.sent.append((mobile, text))


class Away:
    def send(self, mobile, text):
        raise requests.ConnectionError("no route")


@pytest.fixture
def box(settings, monkeypatch):
    settings.SMS_GATEWAY = f"{__name__}.Box"
    monkeypatch.setattr(Box, "sent", [])
    return Box.sent


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    def tell(account, text="兑付款已拨付：1,000 元"):
        with django_capture_on_commit_callbacks(execute=True):
            notify(recipient=account, subject="已拨付", body="已拨付到账户。", text=text)

    return tell


def test_a_decision_is_told_to_the_telephone(box, told):
    told(UserFactory(mobile="13800001234"))
    assert box == [("13800001234", "兑付款已拨付：1,000 元。详情请登录平台查看站内信。")]


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (lambda record: approve(record=record, actor=reviewer()), "您提交的仪器信息已通过审核"),
        (
            lambda record: return_for_changes(
                record=record, actor=reviewer(), reason="请看 http://evil.example"
            ),
            "您提交的仪器信息被退回，请修改",
        ),
    ],
    ids=["approved", "returned"],
)
def test_a_reviewers_decision_is_texted_without_a_word_of_anybodys(
    box, decide, sentence, django_capture_on_commit_callbacks
):
    instrument = InstrumentFactory(state="pending", name="加群 http://evil.example 领奖")
    with django_capture_on_commit_callbacks(execute=True):
        decide(instrument)
    ((_mobile, text),) = box
    assert sentence in text
    assert "evil" not in text


@pytest.mark.reviewed
def test_decisions_on_claims_and_institutions_are_texted_without_amounts(
    box, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(services, "SMS_QUIET", 0)
    with django_capture_on_commit_callbacks(execute=True):
        claim = a_claim("returned")
        suspend_provider(provider=ProviderFactory(state="approved"), actor=reviewer(), reason="投诉核查")
        a_voucher("200")
    texts = {text.removesuffix("。详情请登录平台查看站内信。") for _mobile, text in box}
    assert {
        f"兑付申请被退回（编号 {claim.number}）",
        "贵机构的服务状态有变化",
        "您的创新券有变化",
    } <= texts
    assert not any("元" in text for text in texts)


def test_one_message_in_ten_minutes_for_each_account(box, told):
    one, other = UserFactory(), UserFactory()
    for account in (one, one, other, one):
        told(account)
    assert [mobile for mobile, _text in box] == [one.mobile, other.mobile]
    cache.delete(f"sms:{one.pk}")
    told(one)
    assert len(box) == 3


@pytest.mark.parametrize("fields", [{"sms_notices": False}, {"mobile": None}])
def test_who_does_not_want_any_or_has_no_number_gets_none(box, told, fields):
    told(UserFactory(**fields))
    assert box == []


def test_what_is_no_decision_is_not_texted(box, told):
    told(UserFactory(), text="")
    assert box == []


def test_nothing_is_sent_of_what_was_rolled_back(box):
    account = UserFactory()
    notify(recipient=account, subject="已拨付", body="", text="已拨付")
    assert box == []
    assert cache.get(f"sms:{account.pk}") is None


def test_without_a_gateway_none_are_sent_and_none_are_offered(told, client, settings):
    account = UserFactory()
    told(account)
    assert cache.get(f"sms:{account.pk}") is None
    client.force_login(account)
    assert "短信" not in client.get(CONTACT).text
    client.post(CONTACT, {"contact_name": "张工", "mobile": "13800001234"})
    account.refresh_from_db()
    assert account.sms_notices


def test_a_gateway_that_is_away_disturbs_nobody(settings, told, caplog):
    settings.SMS_GATEWAY = f"{__name__}.Away"
    account = UserFactory(mobile="13800001234")
    told(account)
    assert account.inbox.count() == 1
    assert "text message not sent" in caplog.text
    assert "13800001234" not in caplog.text


def test_the_owner_switches_them_off(box, client):
    account = UserFactory()
    client.force_login(account)
    assert "用短信通知审核和兑付结果" in client.get(CONTACT).text
    off = client.post(CONTACT, {"contact_name": "张工", "mobile": "13800001234"}, follow=True)
    assert ("短信通知" in off.text, "关闭" in off.text) == (True, True)
    account.refresh_from_db()
    assert not account.sms_notices
    client.post(CONTACT, {"contact_name": "张工", "mobile": "13800001234", "sms_notices": "on"})
    account.refresh_from_db()
    assert account.sms_notices


def test_a_name_that_is_wrong_is_said_at_once(settings):
    settings.SMS_GATEWAY = "accounts.sms.Pigeon"
    with pytest.raises(ImportError, match="Pigeon"):
        sms.gateway()


# the gateway over HTTP


@pytest.fixture
def carrier(settings):
    """An HTTP server of a carrier's; its answer and what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.asked.append((self.headers["Authorization"], json.loads(body)))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *args):
            """Into the test's output it would go."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.status = [], 202
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/sms", "letmein"
    yield server
    server.shutdown()
    server.server_close()


def test_the_gateway_over_http_posts_the_message_with_its_token(carrier):
    sms.HttpGateway().send("13800001234", "您提交的仪器已通过审核")
    assert carrier.asked == [("Bearer letmein", {"mobile": "13800001234", "text": "您提交的仪器已通过审核"})]


@pytest.mark.parametrize("status", [300, 302, 304, 400, 401, 500])
def test_anything_but_success_is_a_failure(carrier, status):
    carrier.status = status
    with pytest.raises(requests.RequestException):
        sms.HttpGateway().send("13800001234", "已通过审核")
    assert len(carrier.asked) == 1
