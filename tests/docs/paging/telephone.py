"""The telephone of somebody who is called: a real baresip without a sound card."""

from __future__ import annotations

import json
import socket
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.docs.paging.programs import free_ports, free_sip_port, is_open, running
from tests.patience import LAST_RESORT, wait_for

CONFIGURATION = """\
sip_listen 127.0.0.1:{sip}
net_interface 127.0.0.1
audio_source aufile,{folder}/silence.wav
audio_player aubridge,nil
audio_alert aubridge,nil
ausrc_srate 8000
auplay_srate 8000
audio_channels 1
module_path /usr/lib/baresip/modules
module_tmp uuid.so
module_tmp account.so
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
snd_path {folder}
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""
FADE = 25
"""Fiftieths of a second of silence that a call may cut off."""
FRAME = 160
"""Samples of a fiftieth of a second, of two bytes each."""
HEADER = 44
"""Bytes of a recording before its first sample."""


class CalledTelephone(NamedTuple):
    """A telephone that rings and records; somebody answers it and presses keys."""

    address: str
    folder: Path
    connection: socket.socket

    def wait_for(self, kind: str) -> str:
        """Wait until something happens, such as CALL_INCOMING, and return all that was said up to then."""
        received = b""
        while f'"type":"{kind}"'.encode() not in received:
            more = self.connection.recv(65536)
            assert more, received
            received += more
        return received.decode()

    def do(self, command: str, parameter: str = "") -> None:
        """Answer, press a key, or hang up."""
        text = json.dumps({"command": command, "params": parameter}).encode()
        self.connection.sendall(b"%d:%s," % (len(text), text))

    def answer(self) -> str:
        """Wait for a call and take it; return what was said of it."""
        said = self.wait_for("CALL_INCOMING")
        self.do("accept")
        self.wait_for("CALL_ESTABLISHED")
        return said

    def heard(self) -> list[int]:
        """What was heard up to now: the loudness of each fiftieth of a second."""
        return loudness(next(self.folder.glob("dump-*-dec.wav")))

    def wait_until_heard(self, seconds: float) -> None:
        """Wait until that much was heard."""
        wait_for(lambda: any(self.folder.glob("dump-*-dec.wav")), lambda: "no recording")
        recording = next(self.folder.glob("dump-*-dec.wav"))
        end = HEADER + 50 * FRAME * 2 * seconds
        wait_for(lambda: recording.stat().st_size >= end, lambda: f"heard {len(self.heard()) / 50} s")


@contextmanager
def called_telephone(folder: Path, user: str = "called", says: bytes = b"") -> Iterator[CalledTelephone]:
    """A telephone that waits for calls. In a call it is silent, or plays a WAV file of 8,000 samples a second."""
    folder.mkdir()
    sip = free_sip_port()
    control = next(port for port in free_ports(3) if port not in (sip, sip + 1))
    with wave.open(str(folder / "silence.wav"), "wb") as silence:
        silence.setparams((1, 2, 8000, 0, "NONE", ""))
        silence.writeframes(bytes(2 * 8000 * 60))
    if says:
        (folder / "silence.wav").write_bytes(says)
    address = f"sip:{user}@127.0.0.1:{sip}"
    files = {
        "config": CONFIGURATION.format(sip=sip, control=control, folder=folder),
        "accounts": f"<{address};transport=udp>;regint=0\n",
        "contacts": "",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    with (
        running(["baresip", "-f", str(folder)], folder / "log", lambda: is_open(control)),
        socket.create_connection(("127.0.0.1", control), timeout=LAST_RESORT) as connection,
    ):
        yield CalledTelephone(address, folder, connection)


def loudness(file: Path) -> list[int]:
    """Return how loud each fiftieth of a second of a recording is; its header may not say yet how long it is."""
    samples = array("h", _even(file.read_bytes()[HEADER:]))
    return [
        sum(abs(sample) for sample in samples[start : start + FRAME]) // FRAME
        for start in range(0, len(samples), FRAME)
    ]


def likeness(heard: list[int], spoken: list[int]) -> float:
    """Return how alike what was spoken and the most similar part of what was heard are: 1 for the same."""
    delays = max(1, len(heard) - len(spoken) + FADE)
    return max(_correlation(heard[delay : delay + len(spoken)], spoken) for delay in range(delays))


def _correlation(one: list[int], other: list[int]) -> float:
    count = min(len(one), len(other))
    one, other = one[:count], other[:count]
    mean, other_mean = sum(one) / count, sum(other) / count
    product = sum((a - mean) * (b - other_mean) for a, b in zip(one, other, strict=True))
    spread = sum((a - mean) ** 2 for a in one) * sum((b - other_mean) ** 2 for b in other)
    return product / (spread**0.5) if spread else 0.0


def _even(data: bytes) -> bytes:
    return data[: len(data) // 2 * 2]
