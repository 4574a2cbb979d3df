"""What a reviewer is told of a consumer's claims."""

from django.conf import settings
from django.utils.translation import gettext

from institutions import bank
from institutions.codes import code_kind, is_registered_in_province, organisation_part
from institutions.models import Consumer, ConsumerType, Provider
from workflow.models import Evidence


def consumer_evidence(consumer: Consumer) -> list[Evidence]:
    """The programme's conditions for consumers beside what the data says."""
    in_province = is_registered_in_province(consumer.code, settings.PROVINCE_PREFIX)
    is_enterprise = consumer.consumer_type == ConsumerType.SME
    twins = Consumer.objects.exclude(code="").filter(code=consumer.code).exclude(pk=consumer.pk)[:5]
    same = organisation_part(consumer.code)
    providers = Provider.objects.filter(host_code__contains=same)[:5] if len(same) == 9 else []
    evidence = [
        Evidence(
            gettext("注册地址在省内"),
            gettext("%(kind)s %(code)s，登记地区代码%(finding)s")
            % {
                "kind": code_kind(consumer.code),
                "code": consumer.code,
                "finding": {
                    True: gettext("属于本省"),
                    False: gettext("不属于本省"),
                    None: gettext("无法判断"),
                }[in_province],
            },
            in_province,
        ),
        Evidence(
            gettext("企业规模为中型、小型或微型") if is_enterprise else gettext("企业规模（本类型不限）"),
            consumer.size.sentence,
            consumer.size.is_sme if is_enterprise else True,
        ),
        Evidence(
            gettext("账户名称与机构名称一致"),
            consumer.account_problem
            or gettext("%(account)s，开户银行：%(bank)s %(branch)s")
            % {
                "account": consumer.bank_account_name,
                "bank": consumer.bank_name,
                "branch": consumer.bank_branch,
            },
            not consumer.account_problem,
        ),
        *_person_evidence(consumer),
        Evidence(
            gettext("未重复登记"),
            gettext("同一代码另有机构登记：%s，请核对是否重复") % gettext("、").join(map(str, twins))
            if twins
            else gettext("没有其他机构使用同一代码"),
            None if twins else True,
        ),
        Evidence(
            gettext("不是接券机构"),
            gettext("同一代码已登记为接券机构：%s，不得向本机构或关联机构购买服务")
            % gettext("、").join(map(str, providers))
            if providers
            else gettext("没有接券机构使用同一代码"),
            None if providers else True,
        ),
    ]
    if consumer.declares_no_card:
        evidence.append(
            Evidence(
                gettext("账号不是银行卡号"),
                gettext("账号符合银行卡号的校验规则，机构声明是对公账户，请对照开户证明核对"),
                None,
            )
        )
    if consumer.consumer_type == ConsumerType.INCUBATOR:
        evidence.append(_incubated_evidence(consumer))
    return evidence


def _incubated_evidence(consumer: Consumer) -> Evidence:
    """Whether an enterprise that is applied for also applies by itself."""
    members = consumer.incubated.all()
    codes = {member.code for member in members} - {""}
    also = Consumer.objects.filter(code__in=codes).exclude(pk=consumer.pk)[:5]
    return Evidence(
        gettext("在孵企业未另行登记"),
        gettext("另行登记为用券机构：%s，请核对是否重复申请") % gettext("、").join(map(str, also))
        if also
        else gettext("共 %(count)d 家，其中 %(codes)d 家填写了代码，均未另行登记")
        % {"count": len(members), "codes": len(codes)},
        None if also else True,
    )


def _person_evidence(consumer: Consumer) -> list[Evidence]:
    """An account that bears the institution's name is a person's all the same where the institution's name is one."""
    if not bank.looks_like_person(consumer.name):
        return []
    return [Evidence(gettext("不是个人"), gettext("机构名称像是个人姓名，请对照证照和开户证明核对"), None)]
