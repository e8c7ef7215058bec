"""Files that mean harm, made on the spot."""

import io
import zipfile
import zlib
from collections.abc import Iterator

import xlsxwriter

from ropo_portal.imports.readers import example_file

HEADER = b"invoice_number;debtor_name\n"


def workbook(cells=(("Laskunumero", "Asiakas"), ("1", "Aino")), **options) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Laskut")
        for place, row in enumerate(cells):
            sheet.write_row(place, 0, row)
    return file.getvalue()


def archive(entries: dict[str, bytes], base: bytes = b"") -> bytes:
    file = io.BytesIO(base)
    with zipfile.ZipFile(file, "a" if base else "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return file.getvalue()


def ods(rows: str, **entries: bytes) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" '
        f'xmlns:text="{office}text:1.0"><office:body><office:spreadsheet><table:table table:name="Laskut">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content.encode(),
        "META-INF/manifest.xml": manifest,
    }
    return archive(parts | {name.replace("__", "/"): each for name, each in entries.items()})


def ods_row(*cells: str) -> str:
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{texts}</table:table-row>"


def bomb() -> bytes:
    """Return a workbook whose sheet unpacks to four hundred megabytes of blanks."""
    return archive({"xl/worksheets/sheet9.xml": b" " * (300 << 20)}, workbook())


def lying_bomb() -> bytes:
    """Return a workbook whose sheet says that it is small and goes on for gigabytes."""
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -15)
    start = b'<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>'
    packed = (
        squeeze.compress(start)
        + b"".join(squeeze.compress(b"a" * (1 << 24)) for _ in range(200))
        + squeeze.flush()
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            if entry.filename == "xl/worksheets/sheet1.xml":
                continue
            new.writestr(entry.filename, old.read(entry))
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        new.writestr(info, packed)
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, 5_000
    return _with_method(file.getvalue(), b"xl/worksheets/sheet1.xml")


def _with_method(content: bytes, name: bytes) -> bytes:
    """Mark a stored entry as deflated in its local header as well."""
    place = content.index(name) - 30
    return content[: place + 8] + b"\x08\x00" + content[place + 10 :]


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE Finvoice [<!ENTITY l0 "ha">{entities}]><Finvoice>&l9;</Finvoice>'.encode()


def overlapping() -> bytes:
    """Return a workbook with a second name for the bytes of a sheet."""
    content = bytearray(archive({"xl/worksheets/sheet7.xml": b"x" * 100}, workbook()))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as made:
        first = made.getinfo("xl/workbook.xml").header_offset
    central = content.rindex(b"xl/worksheets/sheet7.xml") - 46
    content[central + 42 : central + 46] = first.to_bytes(4, "little")
    return bytes(content)


def linked() -> bytes:
    info = zipfile.ZipInfo("xl/link.xml")
    info.external_attr = 0o120777 << 16
    file = io.BytesIO(workbook())
    with zipfile.ZipFile(file, "a") as made:
        made.writestr(info, b"/etc/passwd")
    return file.getvalue()


def locked() -> bytes:
    content = bytearray(workbook())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


FILES: dict[str, tuple[bytes | Iterator[bytes] | object, str]] = {
    "nothing.csv": (b"", "empty"),
    "blanks.csv": (b" \n\n", "empty"),
    "separators.csv": (b";;\n;;\n", "empty"),
    "header.csv": (HEADER, "no_lines"),
    "page.xls": (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
    "declared.xls": (b'<?xml version="1.0"?>\n<!DOCTYPE html><html></html>', "html"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
    "secret.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "paper.csv": (b"%PDF-1.7\n", "pdf"),
    "program.csv": (b"MZ\x90\0", "unknown"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n", "unknown"),
    "packed.csv": (b"\x1f\x8b\x08", "archive"),
    "empty.zip": (b"PK\x05\x06" + b"\0" * 18, "archive"),
    "other.zip": (archive({"invoices.csv": HEADER}), "archive"),
    "nested.zip": (archive({"inner.zip": archive({"invoices.csv": HEADER})}), "archive"),
    "bytes.csv": (HEADER + b"1;\0\n", "nul"),
    "wide.csv": ("x;y\n1;2\n".encode("utf-32"), "nul"),
    "cut.xlsx": (workbook()[:-200], "broken_workbook"),
    "damaged.xlsx": (archive({"xl/workbook.xml": b"<", "[Content_Types].xml": b"<"}), "broken_workbook"),
    "macros.xlsm": (archive({"xl/vbaProject.bin": b"x"}, workbook()), "macros"),
    "binary.xlsb": (archive({"xl/workbook.bin": b"x"}), "binary_excel"),
    "climbing.xlsx": (archive({"../../etc/cron.d/x": b"x"}, workbook()), "archive_names"),
    "absolute.xlsx": (archive({"/etc/cron.d/x": b"x"}, workbook()), "archive_names"),
    "backslash.xlsx": (archive({"xl\\..\\x": b"x"}, workbook()), "archive_names"),
    "crowd.xlsx": (archive({f"xl/{n}.xml": b"" for n in range(2_001)}, workbook()), "archive_names"),
    "linked.xlsx": (linked, "archive_names"),
    "locked.xlsx": (locked, "password"),
    "overlapping.xlsx": (overlapping, "archive_size"),
    "bomb.xlsx": (bomb, "archive_size"),
    "secret.ods": (
        ods(ods_row("Laskunumero"), **{"META-INF__manifest.xml": b"<x><manifest:encryption-data/></x>"}),
        "password",
    ),
    "macros.ods": (ods(ods_row("Laskunumero"), **{"Basic__x.xml": b"<x/>"}), "macros"),
    "wide.xlsx": (workbook([["Laskunumero"] * 501, ["1"] * 501]), "many_columns"),
    "hollow.xlsx": (workbook([]), "empty"),
    "laughs.xml": (laughs, "doctype"),
    "outside.xml": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Finvoice Version="3.0">&x;</Finvoice>',
        "doctype",
    ),
    "parameter.xml": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]><a/>',
        "doctype",
    ),
    "late.xml": (
        b"<?xml version='1.0'?><!--" + b" " * 200_000 + b"--><!DOCTYPE Finvoice><Finvoice/>",
        "doctype",
    ),
    "sixteen.xml": ("<?xml version='1.0'?><Finvoice/>".encode("utf-16"), "xml_encoding"),
    "seven.xml": (b"<?xml version='1.0' encoding='utf-7'?><Finvoice/>", "xml_encoding"),
    "strange.xml": (b"<orders/>", "namespace"),
    "pretended.xml": (b'<Invoice xmlns="urn:example:something"/>', "namespace"),
    "older.xml": (b'<Finvoice Version="1.3"><InvoiceRow/></Finvoice>', "finvoice_version"),
    "torn.xml": (b'<Finvoice Version="3.0"><InvoiceRow>', "xml"),
    "deep.xml": (b"<a>" * 100_000, "xml"),
    "endless.csv": (b"x" * (30 << 20), "long_cell"),
    "columns.csv": (b";" * (10 << 20), "many_columns"),
}

# What a look at the head cannot see, and the reading must.
LATER: dict[str, tuple[object, str]] = {
    "cell.csv": (HEADER + b"1;Aino\n2;" + b"x" * (100 << 20) + b"\n", "long_line"),
    "quoted.csv": (HEADER + b'1;Aino\n2;"' + b"x\n" * (50 << 20), "long_cell"),
    "columns.csv": (HEADER + b"1;Aino\n" + b";" * (10 << 20), "long_line"),
    "several.csv": (HEADER + b"1;Aino\n" + b";" * 600_000, "many_columns"),
    "long.csv": (HEADER + b"1;Aino\n2;" + b"x" * 40_000, "long_cell"),
    "line.csv": (HEADER + b"1;Aino\n" + b'"\n";' * (5 << 20), "many_columns"),
    "open.csv": (HEADER + b'1;Aino\n2;"Eino', "quotes"),
    "mixed.csv": (HEADER + b'1;"Aino" Onni\n', "quotes"),
    "later.csv": (HEADER + b"1;Aino\n" * 100_000 + b"2;\0\n", "nul"),
    "lying.xlsx": (lying_bomb, ""),
    "good.xlsx": (lambda: example_file("xlsx")[:-30], "broken_workbook"),
}
