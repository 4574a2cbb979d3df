"""Institutions: providers 接券机构, and their suspension 暂停 by staff."""

from institutions.models.providers import HostType, Provider
from institutions.models.suspensions import Suspension

__all__ = ["HostType", "Provider", "Suspension"]
