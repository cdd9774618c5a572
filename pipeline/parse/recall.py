"""A table that was read once is recalled, not read again: what it shows besides its figures decides how it is read.

Reports are printed from a few templates, and the tables of two of them differ in their figures alone. `pattern` parts
the two, `learning` finds out how a pattern is read, `known` is what there is to remember of it, and `surroundings` says
when a document may not be recalled. Learning begins when a pattern is met again. The reading of a document is the same
as the engine's, byte for byte.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from types import ModuleType

from pipeline.forms import Forms, load
from pipeline.parse.known import Known, picker
from pipeline.parse.learning import is_fit, learn
from pipeline.parse.pattern import FIGURE, NUMBER, Ground, MarkedSource, Source, TextSource
from pipeline.parse.reading import Columns, Reading, parse
from pipeline.parse.surroundings import Weight, weight_of
from pipeline.readers import Document
from pipeline.readers import text as plain

PATTERNS = 1024
"""How many patterns are remembered; the one not met for the longest time is forgotten."""
VARIANTS = 8
"""How many readings of a pattern that holds numbers which are no figures (a year in a note, say)."""
MET = 65536
"""How many patterns that were met once are noted."""


def read(reader: ModuleType, text: str, forms: Forms | None = None) -> Reading:
    """The reading of a text that a reader extracted; raises Refused as `parse` does.

    Tables of a pattern that was met before in this process are recalled, where `forms` are the official ones.
    """
    return MEMORY.read(reader, text) if forms is None else parse(reader.arrange(text), forms)


class Pattern:
    """A pattern met more than once: its figures among its numbers, and how it is read for each choice of the others."""

    def __init__(self, ground: Ground) -> None:
        figures = {match.span(1) for match in FIGURE.finditer(ground.text)}
        is_figure = [match.span() in figures for match in NUMBER.finditer(ground.text)]
        self.figures = picker([place for place, figure in enumerate(is_figure) if figure])
        self.others = picker([place for place, figure in enumerate(is_figure) if not figure])
        self.known: dict[tuple[str, ...], Known | None] = {}
        self.weight: Weight | None = None


class Memory:
    """The patterns a process has met. A reading is the same with and without them."""

    def __init__(self) -> None:
        self.patterns: OrderedDict[Hashable, Pattern] = OrderedDict()
        self.met: OrderedDict[int, None] = OrderedDict()
        self.recalled = self.learned = 0

    def read(self, reader: ModuleType, text: str) -> Reading:
        """The reading of a text that a reader extracted, by the official forms."""
        forms = load()
        source, documents = self._source(reader, text)
        known = self._known(source, forms) if source else None
        reading = known[0].reading(source, known[1], forms) if source and known else None
        if reading:
            self.recalled += 1
            return reading
        return parse(documents or plain.arrange(text), forms)

    def read_tables(self, reader: ModuleType, text: str) -> Mapping[str, Columns]:
        """The tables of a text alone: without its sections, who reported, and when."""
        forms = load()
        source, documents = self._source(reader, text)
        known = self._known(source, forms) if source else None
        framed = known[0].framed(source, forms) if source and known else None
        if known and framed:
            self.recalled += 1
            return known[0].columns(known[1], framed[1])
        return parse(documents or plain.arrange(text), forms).columns

    def _source(self, reader: ModuleType, text: str) -> tuple[Source | None, Sequence[Document] | None]:
        """A text divided, or None where it has no such part, and its documents, if it was arranged for that."""
        if reader is plain:
            return TextSource.of(text), None
        documents: Sequence[Document] = reader.arrange(text)
        return MarkedSource.of(documents), documents

    def _pattern(self, ground: Ground) -> Pattern | None:
        """The pattern of a source, if it was met before."""
        name = ground.pattern, ground.shape
        pattern = self.patterns.get(name)
        if pattern is not None:
            self.patterns.move_to_end(name)
            return pattern
        if hash(name) not in self.met:
            self.met[hash(name)] = None
            if len(self.met) > MET:
                self.met.popitem(last=False)
            return None
        pattern = self.patterns[name] = Pattern(ground)
        if len(self.patterns) > PATTERNS:
            forgotten, _ = self.patterns.popitem(last=False)
            self.met.pop(hash(forgotten), None)
        return pattern

    def _known(self, source: Source, forms: Forms) -> tuple[Known, Sequence[str]] | None:
        """How the pattern of a source is read, and its figures; None where that is not known."""
        pattern = self._pattern(source.ground)
        if pattern is None:
            return None
        figures, others = pattern.figures(source.ground.numbers), tuple(pattern.others(source.ground.numbers))
        if others not in pattern.known:
            own = source.planted(figures)
            extent = source.extent(own)
            if pattern.weight is None and extent.stop < len(own.cells):
                pattern.weight = weight_of(own, extent, forms)
            if len(pattern.known) >= VARIANTS or not pattern.weight or not is_fit(source, own, extent, pattern.weight):
                return None
            pattern.known[others] = learn(source, figures, own, extent, pattern.weight, forms)
            self.learned += 1
        known = pattern.known[others]
        return (known, figures) if known else None


MEMORY = Memory()
"""What this process remembers."""
