"""Invented consumers: companies, an incubator and a research institution that apply for vouchers. None of them exists."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress

from accounts.masking import Masked
from accounts.models import AccountKind, User
from home.demo.approvals import Approved, create_approved
from home.demo.clock import at
from home.demo.dice import Dice
from home.demo.making import Maker
from home.demo.story import Story
from institutions.bank import may_be_card
from institutions.models import Consumer, ConsumerType, IncubatedMember
from institutions.regions import cities
from institutions.sme import WAN, Industry
from workflow import services

# state: approved, pending, resubmitted (approved, changed, waiting again), returned, draft
# login | name | type | city | district | street | industry | staff | revenue, assets in 万元 | founded | state | what it does
_LINES = """
consumer|西安渭水智能装备有限公司|sme|6101|高陵区|泾渭中路 58 号|industry|86|4200|3100|2016-05-18|approved|工业机器人末端执行器和检测工装
qinhan|秦汉生物试剂有限公司|sme|6104|渭城区|兰池大道 19 号|industry|23|680|940|2019-09-02|approved|体外诊断试剂原料
qujiang|曲江声学科技有限公司|sme|6101|雁塔区|雁南四路 12 号|software|31|760|520|2020-11-11|approved|语音降噪与声学测量软件
baoji|宝鸡钛谷新材料有限公司|sme|6103|渭滨区|高新大道 195 号|industry|320|9800|12600|2012-03-27|approved|医用和航空钛合金棒丝材
hanjiang|汉江源茶业有限公司|sme|6107|西乡县|茶园路 6 号|agriculture|17|320|450|2015-07-14|approved|有机茶种植与加工
yulin|榆林绿能储运有限公司|sme|6108|榆阳区|能源路 33 号|storage|26|1450|2200|2018-01-30|approved|化工品仓储和安全监测
ankang|安康硒泉食品有限公司|sme|6109|汉滨区|香溪路 81 号|industry|12|210|380|2024-12-05|approved|富硒饮品与功能食品
fuhuaqi|长安谷科技企业孵化器有限公司|incubator|6101|长安区|韦常路 101 号|leasing|28|1100|4600|2014-10-20|approved|新材料与电子信息类初创企业孵化
yanjiuyuan|秦创新型陶瓷研究院|network|6102|耀州区|塔坡路 9 号|other|340|8600|15200|2021-06-16|approved|结构陶瓷中试与成果转化
luohe|洛河中药饮片有限公司|sme|6105|大荔县|洛滨大道 27 号|industry|35|1280|1700|2017-04-08|pending|中药饮片炮制
yanan|延安果业冷链有限公司|sme|6106|宝塔区|南桥路 44 号|storage|58|2600|3900|2013-08-22|resubmitted|苹果气调贮藏与分选
shangluo|商洛云测信息有限公司|sme|6110|商州区|通信巷 5 号|software|9|45|60|2023-03-15|returned|环境监测数据平台
tongchuan|铜川碳纤制品有限公司|sme|6102|印台区|工业路 3 号|industry|41|2050|1980|2018-12-12|draft|碳纤维复合材料制品
"""
INCUBATED = (
    ("西安微纳感知科技有限公司", True, "气体传感器"),
    ("西安芯朗电子有限公司", True, "射频前端模块"),
    ("柔性电池创业团队", False, "终南大学博士生团队，筹备注册"),
)
BANKS = (
    ("中国工商银行", "高新支行"),
    ("中国建设银行", "开发区支行"),
    ("长安银行", "营业部"),
    ("招商银行", "城南支行"),
)
RETURN = (
    "账户信息需要补正，请修改后重新提交。",
    {"bank_branch": "请写到支行，如“商洛商州支行”。", "certificate": "扫描件缺少登记机关印章。"},
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A line of the list; revenue and assets in 万元."""

    login: str
    name: str
    type: ConsumerType
    city: str
    district: str
    street: str
    industry: Industry
    staff: int
    revenue: int
    assets: int
    founded: date
    state: str
    business: str


def _parse(line: str) -> Member:
    login, name, kind, city, district, street, industry, *figures, founded, state, business = line.split("|")
    staff, revenue, assets = map(int, figures)
    return Member(
        login, name, ConsumerType(kind), city, district, street, Industry(industry), staff, revenue, assets,
        date.fromisoformat(founded), state, business,
    )  # fmt: skip


MEMBERS = tuple(_parse(line) for line in _LINES.strip().splitlines())


def load_consumers(maker: Maker, story: Story) -> None:
    """Make the consumers that are not there yet, and bring each to where it stands."""
    known = set(Consumer.objects.values_list("account__username", flat=True))
    cases = []
    for number, member in enumerate(MEMBERS):
        if member.login in known:
            continue
        dice = Dice(f"consumer {member.login}", maker.now)
        days = {"pending": 1, "returned": 4, "draft": 2}.get(
            member.state, 400 if member.login == "consumer" else dice.randint(40, 200)
        )
        created = dice.moment(days + 3)
        consumer = _new_consumer(maker, number, member, dice, created - timedelta(hours=1))
        story.outcome.count([consumer])
        if member.state == "approved" and member.type != ConsumerType.INCUBATOR:
            submitted = created + timedelta(hours=dice.randint(1, 20))
            decided = dice.office_hours(submitted + timedelta(hours=dice.randint(3, 40)))
            cases.append(Approved(consumer, created, submitted, decided, dice.choice(story.reviewers)))
        else:
            with at(created):
                services.create_draft(record=consumer, actor=consumer.account)
            _bring_on(story, consumer, member.state, days, dice)
    create_approved(cases)


def _bring_on(story: Story, consumer: Consumer, state: str, days: int, dice: Dice) -> None:
    if state == "draft":
        return
    consumer = story.submit(consumer, days, dice)
    if state == "returned":
        story.send_back(consumer, days - 2, *RETURN, dice)
    elif state in {"approved", "resubmitted"}:
        with at(dice.moment(days - 2)):
            consumer = services.approve(record=consumer, actor=dice.choice(story.reviewers))
    if state == "resubmitted":
        with at(dice.moment(2)):
            consumer = services.withdraw(record=consumer, actor=consumer.account)
            consumer.bank_name, consumer.bank_branch = "中国农业银行", "延安宝塔支行"
            consumer.bank_account_number = _account_number(dice)
            consumer.staff_count = 66
            services.save_draft(record=consumer, actor=consumer.account, version=consumer.version)
        story.submit(consumer, 1, dice)


def _new_consumer(maker: Maker, number: int, member: Member, dice: Dice, joined: datetime) -> Consumer:
    city = next(city for city in cities() if city.code == member.city)
    region = f"{member.city}{city.districts.index(member.district) + 2:02d}"
    bank, branch = dice.choice(BANKS)
    consumer = Consumer(
        account=_account(maker, number, member, dice, joined),
        name=member.name,
        code=dice.credit_code("12" if member.type == ConsumerType.NETWORK else "91", region),
        consumer_type=member.type,
        registered_on=member.founded,
        legal_representative=dice.person(),
        city=member.city,
        district=member.district,
        address=member.street,
        introduction=f"{member.name}主要从事{member.business}，重视研发，每年委托检测和试验数十批次。",
        industry=member.industry,
        staff_count=member.staff,
        revenue_amount=Decimal(member.revenue) * WAN,
        assets_amount=Decimal(member.assets) * WAN,
        bank_account_name=member.name,
        bank_name=bank,
        bank_branch=f"{city.name.removesuffix('市')}{branch}",
        bank_account_number=_account_number(dice),
    )
    consumer.contact_name = consumer.account.contact_name
    consumer.contact_mobile = consumer.account.mobile or ""
    consumer.contact_phone = dice.phone(member.city)
    consumer.contact_email = consumer.account.email
    consumer.certificate = maker.paper(
        consumer.account,
        "事业单位法人证书" if member.type == ConsumerType.NETWORK else "营业执照",
        [
            ("名称", consumer.name),
            ("统一代码", consumer.code),
            ("法定代表人", consumer.legal_representative),
            ("住所", f"{consumer.place}{consumer.address}"),
            ("成立日期", f"{consumer.registered_on:%Y-%m-%d}"),
        ],
    )
    if member.state == "draft":
        consumer.bank_account_name = consumer.bank_branch = consumer.bank_account_number = ""
        consumer.assets_amount = None
    if member.type == ConsumerType.INCUBATOR:
        consumer.incubated = [  # type: ignore[misc]  # a list, as modelcluster takes it
            IncubatedMember(
                name=name,
                code=dice.credit_code("91", region) if has_code else "",
                note=note,
                sort_order=position,
            )
            for position, (name, has_code, note) in enumerate(INCUBATED)
        ]
    return consumer


def _account(maker: Maker, number: int, member: Member, dice: Dice, joined: datetime) -> User:
    account, _created = User.objects.get_or_create(
        username=member.login,
        defaults={
            "email": f"{member.login}@example.com",
            "contact_name": dice.person(),
            "kind": AccountKind.CONSUMER,
            "password": maker.password,
        },
    )
    account.mobile = account.mobile or f"1990001{number:04d}"
    account.date_joined = joined
    account.save()
    EmailAddress.objects.get_or_create(
        user=account, email=account.email, defaults={"verified": True, "primary": True}
    )
    return account


def _account_number(dice: Dice) -> Masked:
    """Nineteen digits as the larger banks give institutions; never one that might be a card."""
    while True:
        number = "3700" + "".join(dice.choice("0123456789") for _digit in range(15))
        if not may_be_card(number):
            return Masked(number)
