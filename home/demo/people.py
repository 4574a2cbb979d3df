"""Who signs in to the demonstration, and with which password."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import AccountKind, User
from vouchers.models.applications import CHECKERS, DECIDERS
from workflow.setup import AUDITORS, DATA_MANAGERS, EDITORS, MANAGERS, PAYERS, REVIEWERS

PASSWORD = "Demo-2026"  # noqa: S105 - documented; load_demo runs only where DEBUG or VOUCHER_DEMO is set


@dataclass(frozen=True)
class Login:
    username: str
    role: str
    contact_name: str
    kind: AccountKind
    groups: tuple[str, ...] = ()
    superuser: bool = False


PROVIDER = Login(
    "provider", "接券机构：可接券，有各种状态的仪器、资质、能力和服务", "梁思远", AccountKind.PROVIDER
)
SUSPENDED = Login("suspended", "接券机构：已暂停", "袁天宇", AccountKind.PROVIDER)
NEWCOMER = Login("newprovider", "接券机构：刚注册，未填机构信息", "程佳慧", AccountKind.PROVIDER)
CONSUMER = Login("consumer", "用券机构（企业）：机构信息已通过审核", "苏明哲", AccountKind.CONSUMER)
REVIEWER = Login(
    "reviewer", "审核员：审核机构和资源，创新券初审", "何静怡", AccountKind.STAFF, (REVIEWERS, CHECKERS)
)
SECOND_REVIEWER = Login(
    "reviewer2", "审核员（第二人）：创新券审定", "傅志强", AccountKind.STAFF, (REVIEWERS, DECIDERS)
)
EDITOR = Login("editor", "编辑：通知、政策和首页", "沈雅琴", AccountKind.STAFF, (EDITORS,))
SECOND_EDITOR = Login(
    "editor2", "编辑（第二人）：审核另一位编辑写的内容", "卢秋彤", AccountKind.STAFF, (EDITORS,)
)
AUDITOR = Login("auditor", "监督：只读", "魏国庆", AccountKind.STAFF, (AUDITORS,))
DATA_MANAGER = Login("data", "数据管理：定义专业参数", "许嘉欣", AccountKind.STAFF, (DATA_MANAGERS,))
PAYER = Login("payer", "兑付管理：查看用券机构的对公账户", "段晓峰", AccountKind.STAFF, (PAYERS,))
MANAGER = Login("manager", "项目管理：项目参数和资金池", "孟凡宇", AccountKind.STAFF, (MANAGERS,))
ADMIN = Login("admin", "系统管理员", "管理员", AccountKind.STAFF, superuser=True)

LOGINS = (
    PROVIDER,
    SUSPENDED,
    NEWCOMER,
    CONSUMER,
    REVIEWER,
    SECOND_REVIEWER,
    EDITOR,
    SECOND_EDITOR,
    AUDITOR,
    DATA_MANAGER,
    PAYER,
    MANAGER,
    ADMIN,
)


def hashed_password() -> str:
    """One hash for all demo accounts: making it is slow on purpose, and there are dozens of them."""
    return make_password(PASSWORD)


def create_logins(password: str) -> dict[str, User]:
    """The accounts of LOGINS by login name, made where missing."""
    accounts = {}
    for login in LOGINS:
        account, created = User.objects.get_or_create(
            username=login.username,
            defaults={
                "email": f"{login.username}@example.com",
                "contact_name": login.contact_name,
                "kind": login.kind,
                "is_staff": login.superuser,
                "is_superuser": login.superuser,
                "password": password,
            },
        )
        if created and login.groups:
            account.groups.set(Group.objects.filter(name__in=login.groups))
        accounts[login.username] = account
    return accounts
