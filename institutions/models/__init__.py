"""Institutions: providers 接券机构, their suspension 暂停 by staff, and consumers 用券机构."""

from institutions.models.consumers import Consumer, ConsumerType, IncubatedMember
from institutions.models.providers import HostType, Provider
from institutions.models.suspensions import Suspension

__all__ = ["Consumer", "ConsumerType", "HostType", "IncubatedMember", "Provider", "Suspension"]
