"""What recognises characters: PP-OCR's models, as `rapidocr-onnxruntime` brings them, an extra of this project.

The extra is large, so nothing of it is imported before a picture is to be read. It may also be half there: its wheels
are installed but a library of the system that they want is not. Either way a picture is refused with what to do.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Any

import numpy as np

from pipeline.readers.document import Refused

Grey = np.ndarray[Any, np.dtype[np.uint8]]
"""A picture, rows of pixels from 0, black, to 255, white."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom; in pixels, right and bottom just outside."""

PACKAGES = ("rapidocr-onnxruntime", "onnxruntime", "opencv-python")
BATCH = 6
"""Strings recognised at once; more are slower."""
SHAPE = (3, 48, 160)
"""Colours, height and least width of what the model is shown; it was made for 320, but figures are narrow."""
_LOCK = Lock()


def installed() -> str:
    """What the extra would read with, to its version; empty where the extra is not there or does not work."""
    try:
        versions = [f"{name} {version(name)}" for name in PACKAGES]
    except PackageNotFoundError:
        return ""
    return ", ".join(versions) if _fault() is None else ""


def refuse_without(what: str) -> None:
    """Raise Refused `no_text_layer`, saying `what` has to be recognised, where the extra is not there."""
    fault = _fault()
    if fault is None:
        return
    hint = "Install the extra that reads pictures: pip install 'gongkai[ocr]'"
    if not isinstance(fault, ModuleNotFoundError):
        hint = f"The extra that reads pictures is installed but does not load ({fault}). "
        hint += "On Debian and Ubuntu its system libraries come with: apt install libgl1 libglib2.0-0"
    raise Refused("no_text_layer", what, hint)


def _fault() -> ImportError | None:
    """Why the extra cannot be imported, or None."""
    try:
        import cv2  # noqa: F401
        import rapidocr_onnxruntime  # noqa: F401
    except ImportError as error:
        return error
    return None


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(rec_img_shape=list(SHAPE), rec_batch_num=BATCH)


def find(page: Grey) -> list[Box]:
    """Where strings stand on a page, one box a line."""
    with _LOCK:
        boxes, _ = _engine().text_det(np.dstack([page] * 3))
    return [
        (int(box[:, 0].min()), int(box[:, 1].min()), int(np.ceil(box[:, 0].max())), int(np.ceil(box[:, 1].max())))
        for box in (boxes if boxes is not None else ())
    ]


def read(lines: Sequence[Grey]) -> list[str]:
    """The characters of pictures of one line each; empty where nothing is recognised."""
    if not lines:
        return []
    with _LOCK:
        strings, _ = _engine().text_rec([np.dstack([line] * 3) for line in lines])
    return [str(text).strip() for text, _ in strings]
