"""The CSV files that people keep beside `data/raw`: opened in one way, whatever their lines say."""

import csv
import io
from pathlib import Path


def open_listing(path: Path, problems: list[str]) -> "csv.DictReader[str] | None":
    """The lines of a CSV file by column, UTF-8 with or without mark.

    None where there is no file, and where it cannot be read; that is then added to `problems`.
    """
    if not path.exists():
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: It cannot be read: {error}. Save it as CSV in UTF-8.")
        return None
    return csv.DictReader(io.StringIO(text, newline=""), restval="")
