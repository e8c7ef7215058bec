import resource
import threading
import time

import pytest

from ropo_portal.imports.readers import (
    CannotRead,
    Layout,
    Limits,
    Survey,
    confinement,
    frames,
    limited,
    lines,
    run_limited,
    survey,
    survey_limited,
)
from tests.imports.readers import documents, hostile
from tests.imports.readers.test_separated import put

COLUMNS = {0: "invoice_number", 1: "debtor_name"}
TEXT = Layout("csv", columns=COLUMNS)


def made(tmp_path, name, files):
    content, code = files[name]
    return put(tmp_path, content() if callable(content) else content, name), code


def refusal(call):
    with pytest.raises(CannotRead) as refused:
        call()
    assert "%(" not in str(refused.value)
    assert str(refused.value).endswith(".")
    return refused.value.code


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_is_refused_with_one_sentence(tmp_path, name):
    path, code = made(tmp_path, name, hostile.FILES)
    assert refusal(lambda: survey_limited(path, name=name)) == code


@pytest.mark.parametrize("name", hostile.LATER)
def test_what_the_head_does_not_show_is_refused_on_the_way(tmp_path, name):
    path, code = made(tmp_path, name, hostile.LATER)
    layout = TEXT if name.endswith("csv") else Layout("xlsx", sheet="Laskut", columns=COLUMNS)
    found = refusal(lambda: list(run_limited(path, layout=layout, limits=Limits(memory_mb=512))))
    assert found == code or (not code and found in {"memory", "broken_workbook", "long_cell", "archive_size"})


def test_the_child_reads_what_the_parent_would(tmp_path):
    path = put(tmp_path, "Laskunumero;Asiakas;Hinta\n1;Väinö\u202e;1,5\n2;Eino\n3;Onni;x\n" * 400)
    seen = survey_limited(path, name="x.csv")
    assert seen == survey(path, name="x.csv")
    assert isinstance(seen, Survey)
    found = list(run_limited(path, layout=seen.layout))
    assert found == list(lines(path, layout=seen.layout))
    assert len(found) == 1599


def test_memory_is_limited(tmp_path):
    few = put(tmp_path, documents.finvoice(documents.finvoice_row() * 3), "few.xml")
    many = put(tmp_path, documents.finvoice(documents.finvoice_row() * 60_000), "many.xml")
    limits = Limits(memory_mb=160)
    assert len(list(run_limited(few, layout=Layout("finvoice"), limits=limits))) == 3
    assert refusal(lambda: list(run_limited(many, layout=Layout("finvoice"), limits=limits))) in {
        "memory",
        "xml",
    }


def test_time_of_the_processor_is_limited(tmp_path):
    path = put(tmp_path, hostile.HEADER + b"".join(b"%d;a%d\n" % (n, n) for n in range(2_000_000)))
    assert refusal(lambda: list(run_limited(path, layout=TEXT, limits=Limits(cpu_seconds=1)))) == "time"


def test_a_silent_child_is_killed(tmp_path):
    import os  # noqa: PLC0415 (a pipe that nobody writes to stands for a file that blocks)

    path = tmp_path / "pipe"
    os.mkfifo(path)
    start = time.monotonic()
    assert refusal(lambda: list(run_limited(path, layout=TEXT, limits=Limits(idle_seconds=1)))) == "time"
    assert time.monotonic() - start < 5


def test_who_stops_listening_ends_the_child(tmp_path):
    path = put(tmp_path, hostile.HEADER + b"1;Aino\n" * 300_000)
    stream = run_limited(path, layout=TEXT)
    assert next(stream).number == 2
    before = threading.active_count()
    stream.close()
    assert threading.active_count() == before


def test_a_hundred_thousand_lines_take_little_memory(tmp_path):
    path = put(tmp_path, hostile.HEADER + b"".join(b"%d;Debtor %d\n" % (n, n) for n in range(100_000)))
    assert sum(1 for _line in run_limited(path, layout=TEXT, limits=Limits(memory_mb=150))) == 100_000
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0


@pytest.mark.parametrize(
    "junk", [b"X", b"L\xff\xff\xff\xff", b"L\0\0\0\x02\xff\xff", b"N\0\0\0\x01{", b"L\0\0\0\x01a"]
)
def test_junk_from_the_child_is_one_sentence(tmp_path, monkeypatch, junk):
    door = put(tmp_path, f"import sys; sys.stdout.buffer.write({junk!r})", "door.py")
    monkeypatch.setattr(limited, "DOOR", door)
    assert refusal(lambda: list(run_limited(tmp_path, layout=TEXT))) == "crash"
    assert refusal(lambda: survey_limited(tmp_path, name="x")) == "crash"


def test_the_child_has_nothing_of_ours(tmp_path, monkeypatch):
    door = put(
        tmp_path,
        "import os, sys, json\n"
        f"sys.path.insert(0, {str(confinement.__file__.rpartition('/')[0])!r})\n"
        "import confinement, socket\n"
        "asked = json.loads(sys.argv[1])\n"
        "confinement.confine(asked['limits'])\n"
        "found = []\n"
        "def attempt(name, act):\n"
        "    try: act(); found.append(name)\n"
        "    except (OSError, RuntimeError): pass\n"
        "attempt('socket', lambda: socket.socket())\n"
        "attempt('program', lambda: os.posix_spawn('/bin/true', ['true'], {}))\n"
        "attempt('fork', os.fork)\n"
        f"attempt('write', lambda: os.write(os.open({str(tmp_path / 'made')!r}, 577), b'x'))\n"
        "secrets = [name for name in os.environ if name not in ('LC_CTYPE', 'PWD')]\n"
        "import struct\n"
        "body = json.dumps([*found, *secrets]).encode()\n"
        "os.write(1, struct.pack('>cI', b'N', len(body)) + body + struct.pack('>cI', b'E', 0))\n",
        "door.py",
    )
    monkeypatch.setenv("SECRET", "x")
    monkeypatch.setattr(limited, "DOOR", door)
    said = [body for kind, body in limited._frames(tmp_path, "lines", TEXT, Limits()) if kind == frames.NAMES]
    assert said == [b"[]"]
    assert (tmp_path / "made").read_bytes() == b""
