"""Records in and out as workbooks: templates, import, export.

``subjects`` says which records there are, ``columns`` what a workbook of each has in its columns: one description for
template, import and export, so that an export can be edited and imported again.
"""
