"""Reads e-invoices (电子发票), so that what is on them is confirmed rather than typed. See docs/adr/0015.

No models, nothing stored: bytes in, an ``InvoiceReading`` out.
"""
