"""The application centre's pages for what a provider keeps: one set of views for all kinds of records.

``kinds`` says what differs between them (model, words, steps, filters), ``lists`` and ``records`` are the views, ``urls``
gives each kind its addresses under its own namespace.
"""
