"""Institutions: providers 接券机构 and their suspension 暂停 by staff, consumers 用券机构 and their bans 暂停用券资格."""

from institutions.models.bans import ConsumerBan
from institutions.models.consumers import Consumer, ConsumerType, IncubatedMember
from institutions.models.providers import HostType, Provider
from institutions.models.suspensions import Suspension

__all__ = ["Consumer", "ConsumerBan", "ConsumerType", "HostType", "IncubatedMember", "Provider", "Suspension"]
