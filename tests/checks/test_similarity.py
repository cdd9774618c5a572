"""Near copies are found, other texts are not, and the form's own words count for nothing."""

from random import Random

import pyarrow as pa
import pytest

from pipeline import checks
from pipeline.checks import NO_PARTNER, Surroundings, find_pairs, narratives
from pipeline.checks.similarity import SHORTEST, _candidates, _signature
from tests.checks.readings import reading_of, report
from tests.planted.figures import consistent

CHARACTERS = [chr(0x4E00 + number) for number in range(600)]


def text(seed: int, length: int = 1000) -> str:
    random = Random(seed)
    return "".join(random.choice(CHARACTERS) for _ in range(length))


def changed(original: str, every: int) -> str:
    """The text with one character in so many replaced by one it does not have."""
    return "".join("鼎" if number % every == 0 else character for number, character in enumerate(original))


def test_a_copy_of_the_year_before_is_found_with_its_likeness() -> None:
    own = text(1)
    pairs = list(find_pairs([own, own, own], [text(2), changed(own, 25)], [1, 0, NO_PARTNER], [None] * 3))
    assert [(pair.report, pair.other, pair.kind) for pair in pairs] == [(0, 1, "previous_year")]
    assert pairs[0].similarity == 0.96  # 960 of 1,000 characters are common to both


def test_copies_within_a_county_are_seen_from_both_and_not_beyond() -> None:
    own = text(1)
    texts = [own, changed(own, 20), text(3), own, own]
    pairs = list(find_pairs(texts, [], [NO_PARTNER] * 5, ["130529", "130529", "130529", "130524", None]))
    assert [(pair.report, pair.other, pair.kind, pair.similarity) for pair in pairs] == [
        (0, 1, "same_county", 0.95),
        (1, 0, "same_county", 0.95),
    ]


def test_short_texts_are_not_compared() -> None:
    for length, found in ((SHORTEST - 1, 0), (SHORTEST, 2)):
        own = text(1, length)
        assert len(list(find_pairs([own, own], [], [NO_PARTNER] * 2, ["1", "1"]))) == found


@pytest.mark.parametrize("every", [10, 20, 100])
def test_minhash_loses_no_pair_that_is_listed(every) -> None:
    for seed in range(60):
        own = text(seed, 600)
        assert list(_candidates([own, changed(own, every)])) == [(0, 1)]


def test_minhash_spares_texts_that_have_nothing_in_common() -> None:
    assert list(_candidates([text(seed) for seed in range(40)])) == []


def test_a_signature_is_the_same_on_every_machine() -> None:
    """Typed from splitmix64's finaliser worked by hand in whole numbers, not from numpy."""

    def mixed(number: int) -> int:
        number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) % 2**64
        return number ^ (number >> 31)

    own = text(9, 200)
    grams = []
    for start in range(len(own) - 3):
        gram = 0
        for character in own[start : start + 4]:
            gram = (gram * 0x9E3779B97F4A7C15 + ord(character)) % 2**64
        grams.append(mixed(gram))
    least = [min((gram for gram in grams if gram % 64 == number), default=2**64 - 1) for number in range(64)]
    assert _signature(own).tolist() == least


FIGURES = consistent("2021", "2021", seed=2)
TEMPLATE = (
    "本年度报告的数据统计期限为2023年1月1日至12月31日。"
    "根据《中华人民共和国政府信息公开条例》和年度报告格式的要求编制。如有疑问，联系电话：0319-1234567。"
)


def reading(words: str) -> pa.Table:
    return reading_of(report(FIGURES, narrative={1: words, 5: "问题不多。", 6: "没有其他需要报告的事项。"}))


def test_the_words_of_the_form_are_not_compared() -> None:
    own = text(5, 400)
    assert narratives(reading(f"{TEMPLATE}{own[:200]}。{TEMPLATE}\n{own[200:]}。")) == [
        f"{own[:200]}。{own[200:]}。问题不多。"
    ]
    assert narratives(reading(TEMPLATE)) == ["问题不多。"]


def test_a_finding_names_the_nearest_and_counts_the_others() -> None:
    readings = reading_of(report(FIGURES), report(FIGURES))
    ids = readings["report_id"].to_pylist()
    rows = [
        {"report_id": ids[1], "other_report_id": other, "other_report_year": year, "kind": kind, "similarity": share}
        for other, year, kind, share in (
            ("a" * 16, 2022, "previous_year", 0.94),
            ("b" * 16, 2023, "same_county", 0.96),
            ("c" * 16, 2023, "same_county", 0.99),
        )
    ]
    findings = checks.find(readings, 2023, {}, (), Surroundings(similar=rows))
    (finding,) = [finding for finding in findings if finding["rule"] == "M2"]
    assert (finding["report_id"], finding["severity"]) == (ids[1], "info")
    assert (finding["expected"], finding["observed"]) == ("c" * 16, "99.0%")
    assert finding["message"] == (
        f"99.0% of the text is that of a report of the same county of 2023 ({'c' * 16}), and 1 more are as near."
    )
