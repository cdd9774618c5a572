"""A PDF that could be made to exhaust the machine is opened in a process of its own, with limits.

PDFium opens a page whole: what the page says to draw a million times, it draws a million times, and no call can be
taken back. A few kilobytes can ask for that, with drawings inside drawings or with text that inflates a thousandfold.
Reports do neither, so they are opened here and now; what might is slower by a process start, and refused if it fails.
"""

import json
import re
import subprocess
import sys
import zlib
from base64 import a85decode
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from pipeline.readers import recognition
from pipeline.readers.document import Refused

SECONDS = 30
"""To open the file and draw its pages; of a processor where the system counts them."""
RECOGNISING = 300
"""Seconds in all, where pages have to be recognised."""
MEMORY = 3 * 2**30
INFLATED = 8 * 2**20
"""Bytes that one stream of a report inflates to at most, unless it is a picture."""
DRAWN = 64 * 2**20
"""Bytes that drawings on pages, with those inside them, come to at most."""
_DICTIONARY = 4_000
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DRAW = re.compile(rb"\bDo\b")
_OTHER_FILTERS = re.compile(
    rb"/(?:LZW|LZWDecode|RL|RunLengthDecode|AHx|ASCIIHexDecode|Crypt)\b|#|FlateDecode.*FlateDecode", re.DOTALL
)
_LONGEST_ASCII = 2**20


class _Stream(NamedTuple):
    size: int
    draws: int
    is_form: bool


def is_heavy(data: bytes) -> bool:
    """Whether the streams of a PDF could come to more than a report's: inflated, or drawn again and again."""
    if b"/Encrypt" in data:  # its streams cannot be measured from outside
        return True
    streams: list[_Stream] = []
    for stream in _streams(data):
        if stream is None:
            return True
        streams.append(stream)
    forms = [stream for stream in streams if stream.is_form]
    drawn = sum(stream.draws for stream in streams) * max((form.size for form in forms), default=0)
    return drawn > DRAWN or sum(form.draws > 1 for form in forms) > 1


def _streams(data: bytes) -> Iterator[_Stream | None]:
    """What is in each stream of a file; None for one that cannot be measured or is too large."""
    has_forms = b"/Form" in data
    for start in _STREAM.finditer(data):
        before = data[max(0, start.start() - _DICTIONARY) : start.start()]
        begin = before.rfind(b"obj")
        dictionary = before[begin:]
        if begin < 0 or _OTHER_FILTERS.search(dictionary):
            yield None
            continue
        content = _content(data, start.end(), dictionary)
        if content is None or len(content) > INFLATED:
            yield None
            continue
        draws = len(_DRAW.findall(content)) if has_forms else 0
        yield _Stream(len(content), draws, b"/Form" in dictionary)


def _content(data: bytes, start: int, dictionary: bytes) -> bytes | None:
    """What a stream inflates to, as far as `INFLATED` and a byte; None where that cannot be said."""
    packed = memoryview(data)[start:]
    try:
        if b"/A85" in dictionary or b"/ASCII85Decode" in dictionary:
            end = data.find(b"~>", start, start + _LONGEST_ASCII)
            if end < 0:
                return None
            packed = memoryview(a85decode(data[start:end].removeprefix(b"<~")))
        if b"/Fl" in dictionary:
            return zlib.decompressobj().decompress(packed, INFLATED + 1)
    except (zlib.error, ValueError):
        return None
    return data[start : data.find(b"endstream", start)] if packed.obj is data else bytes(packed)


def extract_apart(data: bytes) -> str:
    """What `pdf.extract_here` gives, from a process that may not take more than `SECONDS` and `MEMORY`."""
    longest = RECOGNISING if recognition.installed() else SECONDS
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(SECONDS)], input=data, capture_output=True, timeout=longest, check=True
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Refused(
            "too_large",
            "The PDF asks for more time or memory than any report does.",
            "Check that it opens in a viewer; print it into a new PDF, or fetch it again.",
        ) from error
    if "text" in answer:
        return str(answer["text"])
    raise Refused(*answer["refused"])


def _answer() -> None:
    from pipeline.readers.pdf import extract_here

    extract: Callable[[bytes], str] = extract_here
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), RECOGNISING))
        at_leisure = partial(resource.setrlimit, resource.RLIMIT_CPU, (RECOGNISING, RECOGNISING))
        extract = partial(extract_here, opened=at_leisure)
    except ImportError:
        pass  # not on this system: the time limit remains
    try:
        answer: dict[str, object] = {"text": extract(sys.stdin.buffer.read())}
    except Refused as refusal:
        answer = {"refused": [refusal.code, str(refusal), refusal.hint]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _answer()
