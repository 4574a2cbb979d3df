"""What is supervised in the demonstration: warnings in each state, a consumer that may not use vouchers, looks at files."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from files.models import PrivateFile
from home.demo import people
from home.demo.clock import at, given_timestamps
from home.demo.dice import Dice
from institutions.bans import ban_consumer
from institutions.models import Consumer
from supervision.checks import MANY_ACCOUNTS, MANY_FILES
from supervision.models import Alert, FileAccess
from supervision.services import follow_up, warn
from supervision.statuses import Severity
from workflow.statuses import SubmissionStatus

BAN_REASON = "以虚构的检测业务申请使用创新券，经核查属实。请配合完成核查并提交说明，核验通过后恢复。"
LOOKS = 40


def load_supervision(accounts: dict[str, User]) -> None:
    """Once: a second load finds what the first has left."""
    if FileAccess.objects.exists():
        return
    dice = Dice("supervision", timezone.now())
    _ban(accounts, dice)
    _warn(accounts, dice)
    _look(accounts, dice)


def _ban(accounts: dict[str, User], dice: Dice) -> None:
    """Whoever has the fewest orders, so that little of the demonstration's other stories breaks off."""
    approved = Consumer.objects.filter(status=SubmissionStatus.APPROVED)
    others = approved.exclude(account__username=people.CONSUMER.username)
    consumer = others.annotate(deals=Count("orders")).order_by("deals", "-pk").first()
    if consumer is not None:
        with at(dice.moment(4)):
            ban_consumer(
                consumer=consumer,
                actor=accounts[people.REVIEWER.username],
                reason=BAN_REASON,
                until=timezone.localdate() + timedelta(days=180),
            )


def _warn(accounts: dict[str, User], dice: Dice) -> None:
    reviewer, second = (accounts[login.username] for login in (people.REVIEWER, people.SECOND_REVIEWER))
    payer, manager = (accounts[login.username] for login in (people.PAYER, people.MANAGER))
    found = [
        _found(dice, days, code, severity, about, times)
        for days, code, severity, about, times in (
            (1, MANY_ACCOUNTS.code, Severity.SERIOUS, payer, 64),
            (3, MANY_FILES.code, Severity.NORMAL, reviewer, 231),
            (9, MANY_FILES.code, Severity.NORMAL, second, 208),
            (20, MANY_ACCOUNTS.code, Severity.SERIOUS, payer, 52),
        )
    ]
    said = (
        (
            found[1],
            2,
            {"text": "已请本人说明当天的工作安排。", "status": "following", "assigned_to": manager},
        ),
        (found[2], 8, {"text": "当天集中审核仪器申报，数量相符。", "status": "closed"}),
        (found[3], 19, {"text": "当天办理第一批拨付，逐户核对账号。", "status": "dismissed"}),
    )
    for alert, days, values in said:
        with at(dice.moment(days)):
            follow_up(alert=alert, actor=manager, **values)


def _found(dice: Dice, days: int, code: str, severity: Severity, about: User, times: int) -> Alert:
    moment = dice.moment(days)
    day = timezone.localdate(moment)
    what = "完整银行账号" if code == MANY_ACCOUNTS.code else "他人的文件"
    unit = "次" if code == MANY_ACCOUNTS.code else "份"
    with at(moment):
        return warn(
            code=code,
            severity=severity,
            record=about,
            title=f"“{about.get_full_name()}”在 {day} 查看了 {times} {unit}{what}",
            detail=f"账户：{about.username}。",
            key=f"{about.pk}:{day}",
        )


def _look(accounts: dict[str, User], dice: Dice) -> None:
    """What reviewers opened of what waits for them."""
    reviewers = [
        accounts[login.username] for login in (people.REVIEWER, people.SECOND_REVIEWER, people.AUDITOR)
    ]
    files = PrivateFile.objects.select_related("owner").order_by("pk")[:LOOKS]
    moments = sorted(dice.moment(dice.randint(0, 30)) for _file in files)
    with given_timestamps(FileAccess):
        FileAccess.objects.bulk_create(
            FileAccess(
                at=moment,
                actor=(actor := dice.choice(reviewers)),
                actor_name=actor.get_full_name(),
                file_uuid=file.uuid,
                file_name=file.name,
                owner=file.owner,
                owner_name=file.owner.username,
                is_download=dice.random() < 0.2,
                ip_address=f"10.61.0.{dice.randint(2, 40)}",
            )
            for file, moment in zip(files, moments, strict=True)
        )
