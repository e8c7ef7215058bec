"""Documents of the stand-in: one page with the rows and the sums, plainly marked as not real."""

from __future__ import annotations

import json
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .pricing import price

if TYPE_CHECKING:
    from .records import Job, NewJob

TEMPLATE = Path(__file__).with_name("pages") / "document.typ"
TITLES = {
    "0": ("Lasku", "Faktura", "Faktura"),
    "300": ("Lasku", "Faktura", "Faktura"),
    "1": ("Maksumuistutus", "Betalningspåminnelse", "Betalingspåminnelse"),
    "2": ("Maksuvaatimus", "Inkassokrav", "Inkassokrav"),
    "301": ("Kirje", "Brev", "Brev"),
}
LABELS = {
    "FI": ("Laskun numero", "Laskun päiväys", "Eräpäivä", "Viite", "Veroton", "ALV", "Yhteensä", "Avoinna"),
    "SE": ("Fakturanummer", "Fakturadatum", "Förfallodag", "Referens", "Netto", "Moms", "Summa", "Återstår"),
    "NO": ("Fakturanummer", "Fakturadato", "Forfallsdato", "KID", "Netto", "MVA", "Sum", "Gjenstår"),
}
_compiling = threading.Lock()


def draft(job: NewJob, country: str) -> bytes:
    """A preview of something that is not registered."""
    return _rendered(_content(job, country, number=job.billnum, note="Preview"))


def original(job: Job, country: str) -> bytes:
    return _rendered(_content(job, country, number=job.billnum, note=f"Job {job.jobid}"))


def current(job: Job, country: str) -> bytes:
    """The document as it stands now, with what is left to pay."""
    content = _content(job, country, number=job.billnum, note=f"Job {job.jobid}")
    content["sums"].append([LABELS[country][7], f"{job.open_amount:.2f} {job.currency}"])
    return _rendered(content)


def _content(job: Job | NewJob, country: str, *, number: str, note: str) -> dict[str, Any]:
    labels, data, priced = LABELS[country], job.dataset, price(job.dataset)
    place = ("FI", "SE", "NO").index(country)
    title = TITLES.get(job.jobtype, TITLES["0"])[place]
    names = ("addressaddline1", "company", "person", "addressaddline2", "address")
    sums = [[labels[4], f"{priced.all.net:.2f}"]]
    sums += [[f"{labels[5]} {rate} %", f"{amounts.vat:.2f}"] for rate, amounts in priced.groups]
    sums.append([labels[6], f"{priced.all.total:.2f} {job.currency}"])
    return {
        "title": title,
        "note": note,
        "address": [str(data[name]) for name in names if data.get(name)]
        + [f"{data.get('postcode')} {data.get('city')}"],
        "facts": [
            [labels[0], number],
            [labels[1], job.billdate],
            [labels[2], job.paydate],
            [labels[3], job.billcode],
        ],
        "rows": _rows(data, [f"{amounts.net:.2f}" for amounts in priced.rows]),
        "sums": sums,
    }


def _rows(data: dict[str, Any], nets: list[str]) -> list[list[str]]:
    names = ("desc", "count", "itemtype", "amount", "taxpr")
    rows = data.get("payrow") or ()
    return [[*(str(row.get(name, "")) for name in names), net] for row, net in zip(rows, nets, strict=True)]


def _rendered(content: dict[str, Any]) -> bytes:
    import typst  # noqa: PLC0415 (80 MB that only documents need)

    with _compiling:
        compiler = typst.Compiler(str(TEMPLATE), font_paths=_fonts(), ignore_system_fonts=True)
        made = compiler.compile(format="pdf", sys_inputs={"d": json.dumps(content)})
    if not isinstance(made, bytes):
        raise TypeError("one document was expected")
    return made


def _fonts() -> list[str]:
    found = find_spec("font_source_sans_pro")
    return [str(Path(place) / "files") for place in (found.submodule_search_locations or ())] if found else []
