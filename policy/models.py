"""Notices and policy documents as Wagtail pages."""
