r"""Whole reports as Word 97 documents, with the blocks of `office`: a compound file of two streams, text and tables.

The text is characters in pieces; `\r` ends a line, `\x07` a cell and a row. What a paragraph is, a line or the end of a
cell or of a row, its properties say, which lie in pages of 512 bytes by the place of the text in the file (MS-DOC 2.8,
2.9). The numbers of the properties are those of MS-DOC 2.6.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from random import Random

from .office import Block, Row, Table

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NO_MINI_STREAM = 4096
_TEXT_AT = 0x400

_IN_TABLE = struct.pack("<HB", 0x2416, 1)
_ROW_END = struct.pack("<HB", 0x2417, 1)
_INNER = struct.pack("<HI", 0x6649, 2)
_INNER_CELL = struct.pack("<HB", 0x244B, 1)
_INNER_ROW_END = struct.pack("<HB", 0x244C, 1)

Paragraph = tuple[str, bytes]
"""A line, a cell or the end of a row, with its mark; and the properties that say which."""


def doc(listed: Sequence[Block], variant: str = "merged") -> bytes:
    """A report as Word 97 saves it. `runs`: in pieces of 8 and of 16 bits a character, out of order, as by editing."""
    random = Random(len(listed))
    depth = 1 if variant == "nested" else 0
    paragraphs = [paragraph for block in listed for paragraph in _block(block, depth)]
    if depth:
        paragraphs += [("\x07", _IN_TABLE), ("\x07", _IN_TABLE + _ROW_END + _definition([(9000, False)]))]
    pieces = [(text, properties, False) for text, properties in paragraphs]
    if variant == "runs":
        pieces = [piece for paragraph in paragraphs for piece in _cut(paragraph, random)]
    word, table = _streams(pieces, random if variant == "runs" else None)
    return compound({"1Table": table, "WordDocument": word})


# The text and its properties


def _block(block: Block, depth: int) -> Iterator[Paragraph]:
    if isinstance(block, str):
        yield block + "\r", _IN_TABLE * depth
    else:
        yield from (_inner_rows if depth else _rows)(block)


def _rows(table: Table) -> Iterator[Paragraph]:
    for row in table:
        yield from ((cell.text + "\x07", _IN_TABLE) for cell in row)
        yield "\x07", _IN_TABLE + _ROW_END + _drawn(row)


def _inner_rows(table: Table) -> Iterator[Paragraph]:
    """In a table inside another, lines end the cells and rows, and say so."""
    for row in table:
        yield from ((cell.text + "\r", _IN_TABLE + _INNER + _INNER_CELL) for cell in row)
        yield "\r", _IN_TABLE + _INNER + _INNER_CELL + _INNER_ROW_END + _drawn(row)


def _drawn(row: Row) -> bytes:
    return _definition([(700 * cell.span, cell.above) for cell in row])


def _definition(cells: Sequence[tuple[int, bool]]) -> bytes:
    """How a row is drawn: the edges of its cells, and which of them go on from the cell above."""
    edges = [0, *accumulate(width for width, _ in cells)]
    merged = [struct.pack("<H18x", 0x20 if above else 0) for _, above in cells]
    while merged and merged[-1] == bytes(20):
        merged.pop()
    drawn = struct.pack(f"<B{len(edges)}h", len(cells), *edges) + b"".join(merged)
    return struct.pack("<HH", 0xD608, len(drawn) + 1) + drawn


def _cut(paragraph: Paragraph, random: Random) -> Iterator[tuple[str, bytes, bool]]:
    """A paragraph in up to three pieces; those of ASCII have 8 bits a character."""
    text, properties = paragraph
    edges = sorted({0, len(text), *(random.randrange(len(text)) for _ in range(random.choice([0, 1, 2])))})
    for start, stop in pairwise(edges):
        yield text[start:stop], properties, text[start:stop].isascii()


def _streams(pieces: Sequence[tuple[str, bytes, bool]], random: Random | None) -> tuple[bytes, bytes]:
    """The streams `WordDocument` and `1Table`. With a random source, pieces lie in the file in another order."""
    order = list(range(len(pieces)))
    if random:
        random.shuffle(order)
    word, places, stored = bytearray(_TEXT_AT), [0] * len(pieces), []
    for number in order:
        text, properties, narrow = pieces[number]
        places[number] = len(word) * 2 | 0x40000000 if narrow else len(word)
        stored.append((len(word), properties))
        word += text.encode("ascii" if narrow else "utf-16-le")
    end = len(word)
    word += bytes(-len(word) % SECTOR)
    first_page = len(word) // SECTOR
    pages, starts = _pages(stored, end)
    word += b"".join(pages)
    index = struct.pack(f"<{len(starts) + 1}I", *starts, end)
    index += struct.pack(f"<{len(pages)}I", *range(first_page, first_page + len(pages)))
    bounds = [0, *accumulate(len(text) for text, _, _ in pieces)]
    plc = struct.pack(f"<{len(bounds)}I", *bounds) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    table = index + struct.pack("<BI", 2, len(plc)) + plc
    header = ((0, "<HH", 0xA5EC, 0xC1), (0x0A, "<H", 0x0200), (0x20, "<H", 14), (0x3E, "<H", 22), (0x98, "<H", 93))
    lengths = ((0x4C, "<i", bounds[-1]), (0x102, "<II", 0, len(index)), (0x1A2, "<II", len(index), len(plc) + 5))
    for offset, layout, *numbers in (*header, *lengths):
        struct.pack_into(layout, word, offset, *numbers)
    return bytes(word), table


def _pages(stored: Sequence[tuple[int, bytes]], end: int) -> tuple[list[bytes], list[int]]:
    """Pages of paragraph properties by the place of the text, as many to a page as it holds; where each page begins."""
    pages, starts, begun = [], [], 0
    while begun < len(stored):
        count, room = 0, SECTOR - 1 - 4
        while begun + count < len(stored):
            room -= 4 + 13 + len(_packed(stored[begun + count][1])) + 1
            if room < 0:
                break
            count += 1
        taken = stored[begun : begun + count]
        ends = [place for place, _ in stored[begun + 1 : begun + count + 1]]
        page, at = bytearray(SECTOR), SECTOR - 1
        struct.pack_into(f"<{count}I", page, 0, *(place for place, _ in taken))
        struct.pack_into("<I", page, 4 * count, ends[-1] if len(ends) == count else end)
        for number, (_, properties) in enumerate(taken):
            packed = _packed(properties)
            at = (at - len(packed)) // 2 * 2
            page[at : at + len(packed)] = packed
            page[4 * (count + 1) + 13 * number] = at // 2
        page[-1] = count
        pages.append(bytes(page))
        starts.append(taken[0][0])
        begun += count
    return pages, starts


def _packed(properties: bytes) -> bytes:
    """Properties as a page holds them: their length in words, the number of the style, themselves."""
    padded = properties + bytes(len(properties) % 2)
    return struct.pack("<BBH", 0, len(padded) // 2 + 1, 0) + padded


# The compound file


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with these streams, named in the order of their length."""
    contents = [data.ljust(_NO_MINI_STREAM, b"\0") for data in streams.values()]
    chains = [-(-len(data) // SECTOR) for data in contents]
    directories = -(-(len(streams) + 1) // 4)
    fats = 1
    while fats * SECTOR // 4 < fats + directories + sum(chains):
        fats += 1
    starts = list(accumulate([fats + directories, *chains]))
    fat = [_FAT] * fats + _chain(fats, directories)
    for start, length in zip(starts, chains, strict=False):
        fat += _chain(start, length)
    fat += [_FREE] * (fats * SECTOR // 4 - len(fat))
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, data) in enumerate(zip(streams, contents, strict=True), start=1):
        after = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, starts[number - 1], len(data), after=after))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fats, fats, 0, _NO_MINI_STREAM, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(fats), *[_FREE] * (109 - fats))
    entries += [bytes(128)] * (-len(entries) % 4)
    parts = [header, struct.pack(f"<{len(fat)}I", *fat), b"".join(entries), *contents]
    return b"".join(part.ljust(-(-len(part) // SECTOR) * SECTOR, b"\0") for part in parts)


def _chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), _END]


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE, after: int = _FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI16xIQ", encoded, len(encoded), kind, 1, _FREE, after, child, 0, start, size)
