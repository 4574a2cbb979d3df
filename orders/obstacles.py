"""All that keeps an account from booking or ordering something, in sentences its people read, all at once."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalogue.models import Instrument
from catalogue.models.instruments import Sharing
from institutions.codes import organisation_part
from institutions.models import Consumer, Provider
from institutions.services import consumer_of
from orders.models import Offer
from programme.selectors import current_parameters
from workflow.statuses import SubmissionStatus

# What a consumer has declared when nothing of it stood against a booking: it stays on record.
DECLARED = gettext_lazy("已声明：不属于强制检测或法定检测，与接券机构没有隶属、共建、产权等关系。")


def obstacles_to_book(actor: User, offer: Offer) -> list[str]:
    """Why the account cannot book it; empty where it can."""
    if not actor.is_consumer:
        return [_("预约和下单须使用用券机构账户。您的账户不是用券机构，请改用用券机构账户登录。")]
    consumer = consumer_of(actor)
    return [
        *_of_consumer(consumer),
        *_of_ban(consumer),
        *_of_offer(offer),
        *_of_both(consumer, offer.provider),
    ]


def obstacles_to_order_directly(actor: User, offer: Offer) -> list[str]:
    """As for a booking, and the programme's switch."""
    closed = [] if current_parameters().direct_orders else [direct_orders_closed()]
    return [*closed, *obstacles_to_book(actor, offer)]


def direct_orders_closed() -> str:
    return _("“立即下单”目前已关闭。请先点击“立即预约”，接券机构接受后再确认并下单。")


def declaration_problems(*, is_compulsory: bool, is_related: bool) -> list[str]:
    """What the consumer declares of this service, where it rules vouchers out (rules.md: always refused)."""
    problems = []
    if is_compulsory:
        problems.append(_("强制检测和法定检测不能使用创新券，请直接委托检测机构办理，不必在本平台预约。"))
    if is_related:
        problems.append(_("与接券机构有隶属、共建、产权等关系的，不能使用创新券。请选择其他接券机构的服务。"))
    return problems


def takes_bookings(offer: Offer) -> bool:
    """Whether it is there for others at all: an instrument may be shared within its institution only, or not."""
    return not (isinstance(offer, Instrument) and offer.sharing in {Sharing.INTERNAL, Sharing.NONE})


def _of_consumer(consumer: Consumer) -> list[str]:
    if consumer.status == SubmissionStatus.APPROVED:
        return []
    if consumer.status == SubmissionStatus.PENDING:
        return [_("贵单位的机构信息正在审核，审核通过后才能预约。")]
    return [_("贵单位的机构信息还没有通过审核。请先在“机构信息”中填写完整并提交，审核通过后再预约。")]


def _of_ban(consumer: Consumer) -> list[str]:
    if consumer.ban is None:
        return []
    return [_("贵单位的用券资格已暂停，暂停期间不能预约和下单。%s") % consumer.ban.facts]


def _of_offer(offer: Offer) -> list[str]:
    problems = []
    provider = offer.provider
    if not provider.is_public:
        reason = provider.hidden_reason or _("它的机构信息目前不是“可接券”状态。")
        problems.append(
            _("“%(provider)s”暂不接受新的预约：%(reason)s") % {"provider": provider, "reason": reason}
        )
    if not (offer.live and offer.status == SubmissionStatus.APPROVED):
        problems.append(_("“%s”已撤回或正在修改，暂不接受预约。请选择其他服务，或联系接券机构。") % offer)
    if not takes_bookings(offer):
        problems.append(_("“%s”不对外共享，不接受预约。请选择其他仪器。") % offer)
    return problems


def _of_both(consumer: Consumer, provider: Provider) -> list[str]:
    if consumer.code and organisation_part(consumer.code) == organisation_part(provider.host_code):
        return [
            _("贵单位与接券机构是同一家单位（统一社会信用代码相同），不能使用创新券。请选择其他接券机构。")
        ]
    return []
