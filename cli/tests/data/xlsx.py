#!/usr/bin/env python3
"""Writes contacts.xlsx, with Python's standard library: what spreadsheets make of a list of contacts.

python3 cli/tests/data/xlsx.py
"""

import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def text(cell, value):
    return f'<c r="{cell}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def number(cell, value, style=0):
    return f'<c r="{cell}" s="{style}"><v>{value}</v></c>'


def error(cell, value):
    return f'<c r="{cell}" t="e"><f>A1/0</f><v>{value}</v></c>'


def sheet(rows):
    body = "".join(f'<row r="{index}">{"".join(cells)}</row>' for index, cells in rows)
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


CONTACTS = [
    (2, [text("A2", "orderID"), text("B2", "Mobile"), text("C2", "userName"), text("D2", "due"), text("E2", "amount")]),
    # A number that is shown as 8.6138E+12, a date, and a number with a fraction.
    (3, [number("A3", 1), number("B3", 8613800000001), text("C3", "王芳"), number("D3", 45775, 1), number("E3", 120.5)]),
    (4, [number("A4", 2), text("B4", "+44 20 7946 0958"), text("C4", "Ann"), text("D4", "soon"), number("E4", 7)]),
    # Row 5 is empty.
    (6, [number("A6", 2), text("B6", "020 7946 0958"), text("C6", "Bob"), text("D6", "soon"), text("E6", "")]),
]
OTHER = [
    (1, [text("A1", "orderID"), text("B1", "userPhone")]),
    (2, [text("A2", "x"), text("B2", "8613800000001")]),
]
# Formulas that have failed.
FAILED = [
    (1, [text("A1", "orderID"), text("B1", "userPhone"), text("C1", "note"), text("D1", "amount")]),
    (2, [text("A2", "1"), text("B2", "8613800000001"), text("C2", "x"), error("D2", "#N/A")]),
    (3, [text("A3", "2"), text("B3", "8613800000002"), error("C3", "#REF!"), text("D3", "5")]),
    (4, [error("A4", "#DIV/0!"), text("B4", "8613800000003"), text("C4", "x"), text("D4", "5")]),
    (5, [text("A5", "1"), text("B5", "8613800000004"), text("C5", "x"), text("D5", "5")]),
]

FILES = {
    "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>",
    "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="Contacts" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId2"/>'
    '<sheet name="Failed" sheetId="3" r:id="rId4"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/>'
    f'<Relationship Id="rId4" Type="{RELATIONS}/worksheet" Target="worksheets/sheet3.xml"/>'
    f'<Relationship Id="rId3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    "xl/worksheets/sheet1.xml": sheet(CONTACTS),
    "xl/worksheets/sheet2.xml": sheet(OTHER),
    "xl/worksheets/sheet3.xml": sheet(FAILED),
}


def main():
    with zipfile.ZipFile(HERE / "contacts.xlsx", "w", zipfile.ZIP_DEFLATED) as workbook:
        for name, content in FILES.items():
            workbook.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
