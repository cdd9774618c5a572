"""Reports as pictures: printed, laid on a scanner, and saved as pages of grey dots.

The print is that of `pdf`; `LOOKS` names what scanners, copiers and screens do to it. A seed moves the strength of
every flaw, so that no two pictures stand alike. The print names a font that viewers bring; drawing it needs a Chinese
font on the machine, so `MISSING` says when there is none.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from . import pdf
from .form import Cell

Figures = Mapping[Cell, str | None]
Pixels = np.ndarray[Any, np.dtype[np.float32]]
"""A page, grey, 0 black to 255 white."""

WHITE = 255.0
POINTS = 72
"""Points an inch."""


@dataclass(frozen=True)
class Scan:
    """What happens to a printed page on its way to a file. Numbers are the most that chance may take."""

    dpi: tuple[int, ...] = (150,)
    turned: float = 0.0
    """Degrees by which the page lay askew."""
    blur: float = 0.0
    """Points by which every edge is softened."""
    specks: float = 0.0
    """Dark specks a square centimetre."""
    noise: float = 0.0
    """Grey levels by which neighbouring dots differ."""
    paper: float = WHITE
    """The grey of the darkest paper; one corner is darker than the other."""
    ink: float = 0.0
    """The grey of the palest ink."""
    quality: int | None = None
    """The worst quality of a JPEG; None for a file without loss."""
    black_and_white: bool = False
    long: bool = False
    """Whether all pages are one tall picture, as screens save them."""
    prints: tuple[str, ...] = ("full_grid", "merged_cells", "thin_rectangles", "wrapped_labels", "cut_open")
    """Looks of `pdf` that are printed."""


_ALL = tuple(
    name for name in [*pdf.RULED, *pdf.CUT] if name in pdf.LOOKS and name not in ("printed_sideways", "dashed")
)

LOOKS: dict[str, Scan] = {
    "clean": Scan(prints=_ALL),
    "fine": Scan(dpi=(200,), prints=_ALL),
    "jpeg": Scan(quality=30),
    "askew": Scan(turned=1.5),
    "soft": Scan(blur=0.35, quality=60),
    "speckled": Scan(specks=3.0),
    "grainy": Scan(noise=14.0, quality=50),
    "grey_paper": Scan(paper=185.0, noise=4.0, quality=60),
    "pale": Scan(ink=130.0, quality=70),
    "fax": Scan(dpi=(200,), black_and_white=True, turned=0.6, specks=0.5),
    "worn": Scan(turned=1.5, blur=0.25, specks=1.0, noise=6.0, paper=205.0, ink=60.0, quality=45, prints=_ALL),
    "long_picture": Scan(dpi=(110, 150), long=True, quality=75),
}
"""How the pictures were made."""


def _missing() -> str | None:
    lister = shutil.which("fc-list")
    found = lister and subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout
    return None if found else "no Chinese font is installed, so no page can be drawn (apt install fonts-noto-cjk)"


MISSING = _missing()
"""Why no picture can be made on this machine; None when it can."""


def scan(look: str, edition_t2: str, edition_t3: str, figures: Figures, seed: int = 0) -> tuple[str, bytes]:
    """A whole report as a picture: the format of its file (`png`, `jpg`, `pdf` for several pages) and its bytes."""
    random, how = Random(seed), LOOKS[look]
    printed = pdf.pdf(edition_t2, edition_t3, figures, pdf.LOOKS[random.choice(how.prints)], seed)
    return picture(printed, how, random)


def picture(printed: bytes, how: Scan, random: Random) -> tuple[str, bytes]:
    """The pages of a PDF as a scanner sees them: the format of the file and its bytes."""
    dpi = random.choice(how.dpi)
    with pdfium.PdfDocument(printed) as document:
        pages = [_drawn(page, dpi) for page in document]
    if how.long:
        pages = [np.concatenate([_trimmed(page) for page in pages])]
    pictures = [_encoded(_scanned(page, dpi, how, random), how, random) for page in pages]
    if len(pictures) == 1:
        return ("png" if how.quality is None else "jpg"), pictures[0]
    return "pdf", _bound(pictures, dpi)


def _drawn(page: pdfium.PdfPage, dpi: int) -> Pixels:
    return page.render(scale=dpi / POINTS, grayscale=True).to_numpy().astype(np.float32)


def _trimmed(page: Pixels) -> Pixels:
    """A page without the white above and below what is printed."""
    printed = np.flatnonzero((page < 128).any(axis=1))
    return page[max(printed[0] - 12, 0) : printed[-1] + 12]


def _scanned(page: Pixels, dpi: int, how: Scan, random: Random) -> Pixels:
    chance = np.random.default_rng(random.randrange(2**32))
    image = Image.fromarray(page.astype(np.uint8))
    if how.turned:
        angle = random.uniform(how.turned / 3, how.turned) * random.choice([-1, 1])
        image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=int(WHITE))
    if how.blur:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.5, 1.0) * how.blur * dpi / POINTS))
    page = np.asarray(image, dtype=np.float32)
    height, width = page.shape
    if how.specks:
        page = page.copy()
        count = int(how.specks * random.uniform(0.5, 1.0) * height * width / (dpi / 2.54) ** 2)
        tops, lefts = chance.integers(0, height - 3, count), chance.integers(0, width - 3, count)
        for top, left, size in zip(tops, lefts, chance.integers(1, 3, count), strict=True):
            page[top : top + size, left : left + size] = 40
    ink = how.ink * random.uniform(0.6, 1.0)
    paper = WHITE - (WHITE - how.paper) * random.uniform(0.5, 1.0)
    across, down = np.linspace(0, 1, width), np.linspace(0, 1, height)[:, None]
    shade = paper + (WHITE - paper) * 0.5 * (across + down) / 2
    page = ink + (shade - ink) * page / WHITE
    return page + chance.normal(0, how.noise * random.uniform(0.5, 1.0), page.shape) if how.noise else page


def _encoded(page: Pixels, how: Scan, random: Random) -> bytes:
    image = Image.fromarray(np.clip(page, 0, WHITE).astype(np.uint8))
    if how.black_and_white:
        image = image.point(lambda level: 255 * (level > 150)).convert("1")
    file = BytesIO()
    if how.quality is None:
        image.save(file, "PNG")
    else:
        image.save(file, "JPEG", quality=random.randint(how.quality, 85))
    return file.getvalue()


def _bound(pictures: list[bytes], dpi: int) -> bytes:
    """Pictures of pages as a PDF, one a page."""
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    for each in pictures:
        image = ImageReader(BytesIO(each))
        width, height = (side * POINTS / dpi for side in image.getSize())
        canvas.setPageSize((width, height))
        canvas.drawImage(image, 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()
