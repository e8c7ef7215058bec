"""The mended filesystem broker: no reader ever meets half a message."""

import multiprocessing
import time
from pathlib import Path

import pytest
from kombu import Connection

from ropo_portal import bells

MESSAGES = 200


@pytest.fixture
def folders(tmp_path):
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }


def ring(folders: dict[str, str], first: int) -> None:
    with Connection("filesystem://", transport_options=folders) as connection:
        queue = connection.SimpleQueue("bells")
        for number in range(first, first + MESSAGES):
            queue.put({"number": number})
        queue.close()


def test_the_mended_transport_is_the_one_that_is_used(folders):
    assert Connection("filesystem://", transport_options=folders).get_transport_cls() is bells.Transport


def test_nothing_is_lost_or_broken_while_two_write_and_one_reads(folders):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=ring, args=(folders, first)) for first in (0, MESSAGES)]
    for writer in writers:
        writer.start()
    seen, end = set(), time.monotonic() + 60
    with Connection("filesystem://", transport_options=folders) as connection:
        queue = connection.SimpleQueue("bells")
        while len(seen) < 2 * MESSAGES and time.monotonic() < end:
            try:
                message = queue.get(timeout=0.2)
            except queue.Empty:
                continue
            seen.add(message.payload["number"])
            message.ack()
        queue.close()
    for writer in writers:
        writer.join()
    assert seen == set(range(2 * MESSAGES))


def test_a_message_that_is_being_written_is_not_yet_a_message(folders):
    Path(folders["data_folder_in"], "5b0e.new").write_text("")
    with Connection("filesystem://", transport_options=folders) as connection:
        queue = connection.SimpleQueue("bells")
        with pytest.raises(queue.Empty):
            queue.get(block=False)
        queue.close()
