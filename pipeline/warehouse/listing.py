"""The CSV files that people keep beside `data/raw`: opened in one way, whatever their lines say."""

import csv
import io

from pipeline.warehouse.store import Store


def open_listing(beside: Store, name: str, problems: list[str]) -> "csv.DictReader[str] | None":
    """The lines of a CSV file by column, UTF-8 with or without mark.

    None where there is no file, and where it cannot be read; that is then added to `problems`.
    """
    try:
        text = beside.read(name).decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name}: It cannot be read: {error}. Save it as CSV in UTF-8.")
        return None
    return csv.DictReader(io.StringIO(text, newline=""), restval="")
