"""Bookings and orders of the invented province in every state, all through the services, at times that have passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalogue.models import Instrument
from home.demo import people
from home.demo.clock import at
from home.demo.dice import Dice
from home.demo.making import Maker
from institutions.models import Consumer
from orders.calendar import Span
from orders.differences import accepted_item
from orders.models import (
    OFFER_MODELS,
    Booking,
    DocumentKind,
    Evaluation,
    Invoice,
    Offer,
    OpeningHours,
    Order,
    OrderItem,
    line_amount,
)
from orders.obstacles import obstacles_to_book
from orders.services import bookings, calendar, documents, evaluations, orders
from orders.statuses import ServiceKind

HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))


@dataclass(frozen=True)
class Case:
    """What a consumer asked for and how far it has come: a state of a booking, or of an order, or ``documented``.

    ``number`` is which of the provider's offers of that kind; ``main`` the login ``provider``, else any other's.
    """

    login: str
    kind: ServiceKind
    number: int
    days_ago: int
    state: str
    sample: str
    requirements: str
    quantity: int = 1
    main: bool = True
    question: str = ""
    answer: str = ""
    reason: str = ""
    stars: tuple[int, int, int] = (5, 5, 5)
    verdict: str = ""
    thanks: str = ""


INSTRUMENT, TESTING, LAB = ServiceKind
CASES = (
    Case("consumer", INSTRUMENT, 0, 118, "documented", "45 号钢拉伸试样 6 根，已加工到位，无危险性", "测断口形貌和夹杂物，标注裂纹源，出具图文报告", 6,
         question="断口需要我们先做超声清洗吗？", answer="不用，寄来前用无水乙醇冲一下、密封防锈即可。",
         stars=(5, 4, 5), verdict="断口照片清楚，工程师还帮我们分析了裂纹源。", thanks="谢谢信任，后续批次欢迎继续送样。"),
    Case("consumer", TESTING, 0, 74, "documented", "铝合金压铸件 3 件，单件 1.2 kg", "按标准检测化学成分，判断牌号", 3, stars=(5, 5, 5),
         verdict="三天就出报告，数据和第三方复测一致。"),
    Case("baoji", INSTRUMENT, 0, 66, "documented", "TC4 棒材横截面样 4 件", "观察 α、β 相分布，测晶粒度", 4, stars=(4, 3, 5),
         verdict="结果可靠，排队时间稍长。"),
    Case("yanjiuyuan", INSTRUMENT, 1, 41, "documented", "氮化硅陶瓷断口 2 件，尺寸 3×4×36 mm", "断口形貌和能谱面扫", 2, stars=(5, 5, 4)),
    Case("consumer", INSTRUMENT, 1, 28, "documented", "渗碳齿轮试样 5 件", "测渗层深度和显微硬度梯度", 5, stars=(5, 5, 5)),
    Case("baoji", TESTING, 0, 27, "documented", "钛合金锻件 4 件", "室温拉伸和断后伸长率", 4, stars=(5, 4, 5), main=False),
    Case("yulin", INSTRUMENT, 0, 24, "documented", "储罐内壁垢样 3 份", "物相和元素组成", 3, stars=(4, 4, 4)),
    Case("consumer", LAB, 1, 22, "documented", "末端执行器 1 台", "盐雾与湿热循环试验", 1, stars=(5, 5, 4), main=False),
    Case("baoji", INSTRUMENT, 2, 19, "documented", "植入物表面涂层样 6 件", "涂层厚度和结合界面观察", 6),
    Case("qinhan", LAB, 0, 37, "completed", "冻干单抗原料 5 支，2–8 ℃ 冷链", "加速稳定性取样检测，给出降解曲线", 5, main=False,
         stars=(4, 4, 5), verdict="报告格式规范，可直接用于注册申报。"),
    Case("consumer", INSTRUMENT, 0, 20, "delivered", "齿轮轴失效件 1 件，表面有油污", "分析断裂原因，给出改进建议", 1),
    Case("yulin", TESTING, 0, 17, "disputed", "储罐区采样袋 8 个，现场已采样", "挥发性有机物组分", 8, main=False,
         reason="报告缺少两个点位的数据，且没有注明检出限。"),
    Case("consumer", TESTING, 1, 12, "active", "导轨滑块 2 套", "盐雾试验 96 小时，拍照记录", 2),
    Case("ankang", TESTING, 0, 9, "placed", "富硒茶饮 12 瓶，常温", "营养成分和重金属，加做微生物", 12, main=False),
    Case("consumer", LAB, 0, 8, "accepted", "末端执行器样机 1 台，约 9 kg", "振动与冲击试验方案设计及实施", 1,
         answer="可以做，样机请带安装工装。"),
    Case("qujiang", INSTRUMENT, 2, 6, "accepted", "扬声器单元 4 只", "结构共振频率测试", 4),
    Case("baoji", TESTING, 1, 5, "replied", "钛合金丝材 3 卷", "氧、氮、氢含量", 3,
         question="加急的话最快几天能出报告？", answer="加急 3 个工作日，另收三成加急费。"),
    Case("consumer", INSTRUMENT, 3, 4, "waiting", "激光焊接接头 5 件", "熔深和气孔观察", 5,
         question="试样高度 40 mm，样品台放得下吗？"),
    Case("fuhuaqi", TESTING, 0, 3, "waiting", "气体传感器样品 10 只", "温湿度循环后的灵敏度漂移", 10),
    Case("hanjiang", TESTING, 0, 2, "waiting", "绿茶样品 6 份，每份 200 g", "农药残留筛查", 6, main=False),
    Case("yanjiuyuan", TESTING, 0, 29, "refused", "放射性示踪粉末 1 份", "粒度分布", 1, reason="样品含放射性物质，超出我单位资质范围。"),
    Case("qujiang", TESTING, 1, 33, "cancelled_order", "隔音棉 2 卷", "吸声系数", 2, reason="样品批次有误，重新备样后再约。"),
    Case("consumer", TESTING, 2, 52, "cancelled", "塑料卡扣 20 件", "低温冲击", 20, reason="项目调整，暂不检测。"),
    Case("consumer", TESTING, 1, 45, "direct_completed", "夹爪 4 件", "补录：表面硬度和涂层厚度检测", 4, stars=(5, 5, 5)),
    Case("consumer", INSTRUMENT, 4, 2, "direct_placed", "轴承滚子 8 件", "补录：微区成分分析", 8),
)  # fmt: skip


def load_orders(maker: Maker, accounts: dict[str, User]) -> int:
    """Make them, unless there are bookings already. Returns how many bookings and orders there are of it."""
    if Booking.objects.exists():
        return 0
    story = OrderStory(maker, accounts[people.PROVIDER.username])
    story.open_instruments()
    for case in sorted(CASES, key=lambda case: -case.days_ago):
        story.tell(case)
    story.fill_the_coming_days()
    return Booking.objects.count() + Order.objects.count()


class OrderStory:
    def __init__(self, maker: Maker, provider: User) -> None:
        self.maker, self.provider = maker, provider
        self.today = timezone.localdate(maker.now)

    def offers(self, kind: ServiceKind, *, main: bool) -> Sequence[Offer]:
        public: Any = OFFER_MODELS[kind]._default_manager.all().public()
        own = {"provider__account": self.provider}
        found = public.filter(**own) if main else public.exclude(**own)
        # one that several consumers ask for is the one of that place in the list
        return list(found.select_related("provider__account").order_by("pk")[:30])

    def bookable(self, case: Case, consumer: Consumer) -> Offer:
        open_ones = [
            offer
            for offer in self.offers(case.kind, main=case.main)
            if not obstacles_to_book(consumer.account, offer)
        ]
        return open_ones[case.number % len(open_ones)]

    def tell(self, case: Case) -> None:
        dice = Dice(f"order {case.login} {case.days_ago}", self.maker.now)
        consumer = Consumer.objects.select_related("account").get(account__username=case.login)
        offer = self.bookable(case, consumer)
        if case.state.startswith("direct"):
            self._direct(case, consumer, offer, dice)
            return
        with at(dice.moment(case.days_ago)):
            booking = bookings.book(
                booking=self._booking(case, offer),
                actor=consumer.account,
                is_compulsory=False,
                is_related=False,
            )
            if case.question:
                bookings.reply(booking=booking, actor=consumer.account, text=case.question)
        if case.state == "waiting":
            return
        with at(dice.moment(max(case.days_ago - 1, 0))):
            owner = offer.provider.account
            if case.answer:
                bookings.reply(booking=booking, actor=owner, text=case.answer)
            if case.state == "replied":
                return
            if case.state == "refused":
                bookings.refuse_booking(booking=booking, actor=owner, reason=case.reason)
                return
            booking = bookings.accept_booking(
                booking=booking,
                actor=owner,
                quantity=booking.quantity,
                price_amount=offer.price_amount or Decimal(1200),
                delivery_on=booking.wished_on,
                note="按约定要求服务，报告一式两份。",
            )
        if case.state == "accepted":
            return
        with at(dice.moment(max(case.days_ago - 2, 0))):
            if case.state == "cancelled":
                bookings.cancel_booking(booking=booking, actor=consumer.account, reason=case.reason)
                return
            order = self._place(booking, changed=case.state == "placed")
        self._go_on(case, order, dice)

    def _go_on(self, case: Case, order: Order, dice: Dice) -> None:
        """From an order that is 进行中, if it comes that far."""
        buyer, seller = order.consumer.account, order.provider.account
        if case.state == "cancelled_order":
            with at(dice.moment(case.days_ago - 4)):
                order = orders.propose_cancel(order=order, actor=buyer, reason=case.reason)
                orders.agree_to_cancel(order=order, actor=seller)
        if case.state in {"placed", "active", "cancelled_order", "direct_placed"}:
            return
        with at(dice.moment(max(case.days_ago - 8, 1))):
            order = orders.deliver(order=order, actor=seller)
            report = self.maker.paper(
                seller,
                "检测报告",
                [("编号", order.number), ("委托方", order.consumer.name), ("项目", order.offer_name)],
            )
            documents.upload_document(order=order, kind=DocumentKind.REPORT, file=report, actor=seller)
        if case.state == "delivered":
            return
        with at(dice.moment(max(case.days_ago - 9, 1))):
            if case.state == "disputed":
                orders.dispute(order=order, actor=buyer, reason=case.reason)
                return
            order = orders.confirm(order=order, actor=buyer)
            quality, speed, service = case.stars
            evaluation = evaluations.evaluate(
                order=order,
                actor=buyer,
                evaluation=Evaluation(quality=quality, speed=speed, service=service, text=case.verdict),
            )
            if case.thanks:
                evaluations.answer_evaluation(evaluation=evaluation, actor=seller, text=case.thanks)
            if case.state == "documented":
                self._document(order, buyer, dice)

    def _booking(self, case: Case, offer: Offer) -> Booking:
        booking = Booking(
            sample=case.sample,
            requirements=case.requirements,
            quantity=Decimal(case.quantity),
            unit=offer.price_unit or "sample",
            wished_on=self.today + timedelta(days=14 - case.days_ago),
        )
        booking.offer = offer
        return booking

    def _place(self, booking: Booking, *, changed: bool) -> Order:
        item = accepted_item(booking)
        items = [item]
        if changed:
            items.append(
                OrderItem(
                    name="加急服务",
                    quantity=Decimal(1),
                    unit="item",
                    price_amount=Decimal(300),
                )
            )
        total = sum((line_amount(one.quantity, one.price_amount) for one in items), Decimal(0))
        order = Order(
            requirements=booking.requirements,
            delivery_on=booking.accepted_delivery_on or self.today,
            terms=booking.accepted_note,
        )
        return orders.place_order(
            booking=booking,
            order=order,
            items=items,
            total_amount=total,
            actor=booking.consumer.account,
            agrees=changed,
        )

    def _direct(self, case: Case, consumer: Consumer, offer: Offer, dice: Dice) -> None:
        with at(dice.moment(case.days_ago)):
            order = Order(
                requirements=f"{case.sample}。{case.requirements}",
                delivery_on=self.today - timedelta(days=case.days_ago + 6),
            )
            order.offer = offer
            price = offer.price_amount or Decimal(400)
            item = OrderItem(
                name=order.offer_name,
                quantity=Decimal(case.quantity),
                unit=offer.price_unit or "sample",
                price_amount=price,
            )
            order = orders.place_direct_order(
                order=order,
                items=[item],
                total_amount=line_amount(item.quantity, price),
                actor=consumer.account,
                is_compulsory=False,
                is_related=False,
            )
        if case.state == "direct_completed":
            with at(dice.moment(case.days_ago - 1)):
                order = orders.accept_order(order=order, actor=offer.provider.account)
            self._go_on(case, order, dice)

    def _document(self, order: Order, buyer: User, dice: Dice) -> None:
        number = f"2461{dice.randint(10**15, 10**16 - 1)}"
        rows = [
            ("发票号码", number),
            ("销售方", order.provider.host_name),
            ("购买方", order.consumer.name),
            ("价税合计", f"{order.total_amount} 元"),
        ]
        invoice = Invoice(
            number=number,
            issued_on=timezone.localdate(),
            seller_name=order.provider.host_name,
            seller_code=order.provider.host_code,
            buyer_name=order.consumer.name,
            buyer_code=order.consumer.code,
            amount=order.total_amount,
            file=self.maker.paper(buyer, "电子发票", rows),
        )
        documents.upload_invoice(order=order, invoice=invoice, actor=buyer)
        contract = self.maker.paper(
            buyer,
            "技术服务合同",
            [("编号", order.number), ("甲方", order.consumer.name), ("乙方", order.provider.host_name)],
        )
        documents.upload_document(order=order, kind=DocumentKind.CONTRACT, file=contract, actor=buyer)

    def open_instruments(self) -> None:
        """Three instruments of the login ``provider`` are booked by the hour, on working days."""
        for offer in self.offers(ServiceKind.INSTRUMENT, main=True)[:3]:
            hours = [
                OpeningHours(weekday=day, opens=opens, closes=closes)
                for day in range(5)
                for opens, closes in HOURS
            ]
            calendar.set_opening_hours(instrument=offer, hours=hours, actor=self.provider)

    def fill_the_coming_days(self) -> None:
        """Accepted time on the first of them, and a day of maintenance."""
        instrument = self.offers(ServiceKind.INSTRUMENT, main=True)[0]
        assert isinstance(instrument, Instrument)  # noqa: S101 - as asked for
        days = [day for ahead in range(1, 12) if (day := self.today + timedelta(days=ahead)).weekday() < 5]
        for login, day, (opens, closes) in zip(("baoji", "consumer"), days, HOURS, strict=False):
            consumer = Consumer.objects.select_related("account").get(account__username=login)
            case = Case(login, INSTRUMENT, 0, 1, "accepted", "板材试样 3 件", "上机观察断口", 3)
            booking = self._booking(case, instrument)
            booking.starts_at, booking.ends_at = _moment(day, opens), _moment(day, closes)
            with at(Dice(f"slot {login}", self.maker.now).moment(1)):
                booking = bookings.book(
                    booking=booking, actor=consumer.account, is_compulsory=False, is_related=False
                )
                bookings.accept_booking(
                    booking=booking,
                    actor=self.provider,
                    quantity=booking.quantity,
                    price_amount=instrument.price_amount or Decimal(300),
                    delivery_on=booking.wished_on,
                )
        service = days[3]
        calendar.close_instrument(
            instrument=instrument,
            span=Span(_moment(service, time(8, 30)), _moment(service, time(17, 30))),
            reason="季度维护保养",
            actor=self.provider,
        )


def _moment(day: Any, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
