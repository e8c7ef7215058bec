"""Frame: the filesystem broker, mended: kombu's own lets a worker read a message before it is written, and die of it."""

import fcntl
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Every file appears whole or not at all."""

    def _put(self, queue: str, payload: dict[str, Any], **_options: Any) -> None:  # type: ignore[override]
        name = f"{time.monotonic() * 1000:015.0f}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out, name), payload)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        with Path(file.parent, "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            entry = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
            if entry not in table:
                _write_whole(file, [entry, *table])


class Transport(filesystem.Transport):
    """kombu's transport with the mended channel."""

    Channel = Channel


def _write_whole(file: Path, content: Any) -> None:
    scratch = file.with_name(f"{uuid.uuid4()}.new")
    scratch.write_text(dumps(content), encoding="utf-8")
    scratch.replace(file)


def mend() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"


def options(url: str, folder: Path) -> dict[str, Any]:
    """Return the transport options for a broker's address; the folder is made when bells travel through files."""
    if url.startswith("amqp"):
        return {"confirm_publish": True}
    if not url.startswith("filesystem"):
        return {"visibility_timeout": 3600}
    messages, control = folder / "messages", folder / "control"
    for place in (messages, control):
        place.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.1,
    }
