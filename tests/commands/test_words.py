"""Text from people made harmless, and moments as each reader reads them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands import words
from commands.words import hours, plain, said, shortened, span, when, when_there, width
from storage.models import Health, Precision

NASTY = [
    "<!channel>",
    "<@U123>",
    "<#C123|x>",
    "<https://evil.example|bank>",
    "<!date^1^{time}|x>",
    "&lt;!here&gt;",
    "&",
    "*_~`",
    "> quoted",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u0000",
    "\r\n",
    "\u2028",
    "e\u0301\u0323",
    "नि",
    "👩\u200d👩\u200d👧\u200d👦",
    "👍🏽",
    "\ud83d",
    "🇧🇪",
    "a" * 40,
]
anything = st.lists(
    st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(NASTY), max_size=12
).map("".join)
limits = st.integers(1, 60)
MOMENT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@given(anything)
@example("<!channel> & <@U1> &lt;!here&gt;")
@example(">>> quoted")
def test_nothing_from_people_reaches_anybody_or_links_anywhere(text: str) -> None:
    shown = said(text)

    assert not re.search(r"[<>]", shown)
    assert not re.search(r"&(?!amp;|lt;|gt;)", shown)
    assert not shown.startswith("&gt;")
    assert not re.search(r"(?<!\u2060)[*_~`]", shown)


@given(anything)
def test_nothing_from_people_turns_the_line_round_or_breaks_it(text: str) -> None:
    for shown in (said(text).replace("\u2060", ""), plain(text)):
        strange = {c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
        assert strange <= {"\u200c", "\u200d"}
        assert shown.encode("utf-8").decode("utf-8") == shown


@given(anything)
def test_plain_words_stay_as_they_were(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert said("Ana Silva 2026 – ok, ünïcödé") == "Ana Silva 2026 – ok, ünïcödé"


@pytest.mark.parametrize("between", ["\n", "\r", "\r\n", "\t", "\u2028", "\u0085", "\u00a0", "  "])
def test_lines_become_one_without_joining_words(between: str) -> None:
    assert plain(f" one{between}two ") == "one two"


def test_emoji_made_of_several_stay_whole() -> None:
    assert said("👩\u200d👩\u200d👧") == "👩\u200d👩\u200d👧"


@pytest.mark.parametrize("call", ["@here", "@Channel", "(@everyone)", "a@here", "@group."])
def test_nobody_is_called_by_a_word(call: str) -> None:
    assert said(call) == call.replace("@", "@\u2060")
    assert words.escaped(call) == said(call)
    assert said("a@hereford.example") == "a@hereford.example"


def test_no_more_than_three_hundred_are_said_unless_more_may_be() -> None:
    assert [len(said("a" * n)) for n in (300, 301)] == [300, 300]
    assert said("a" * 301).endswith("…")
    assert said("a" * 301, 301) == "a" * 301


def test_nothing_is_nothing() -> None:
    assert [said(None), said(""), said("\u202e \n")] == ["", "", ""]


@given(anything, limits)
@example("\u0301" * 100, 10)
@example("a" + "\u0301" * 100, 10)
@example("\u200d" * 100, 10)
def test_what_is_cut_fits_and_says_so(text: str, limit: int) -> None:
    cut = shortened(text, limit)

    assert width(cut) <= limit
    assert cut == text or cut.endswith("…")
    if width(text) <= limit:
        assert cut == text


@given(anything, limits)
def test_a_cut_never_falls_inside_a_character(text: str, limit: int) -> None:
    cut = shortened(text, limit)
    if cut == text:
        return

    kept = cut[:-1]
    assert text.startswith(kept)
    following = text[len(kept) :].lstrip()
    if kept and len(following) == len(text) - len(kept):
        assert not unicodedata.category(following[0]).startswith("M")
        assert following[0] not in {"\u200d", "\u200c"}
        assert following[0] not in "🏻🏼🏽🏾🏿"
        assert kept[-1] != "\u200d"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abc defg", 6, "abc d…"),
        ("abcd efg", 6, "abcd…"),
        ("abcde\u0301fg", 6, "abcd…"),
        ("abc👍🏽def", 7, "abc…"),
        ("abc👩\u200d👧def", 8, "abc…"),
        ("👍👍👍👍", 7, "👍👍👍…"),
        ("👍👍👍👍", 6, "👍👍…"),
    ],
)
def test_text_is_cut_as_slack_counts(text: str, limit: int, cut: str) -> None:
    assert shortened(text, limit) == cut


def test_a_very_long_text_is_cut_soon() -> None:
    assert len(shortened("\u0301x" * 200_000, 3000)) <= 3000


@pytest.mark.parametrize(
    ("zone", "there", "text"),
    [
        ("Europe/Brussels", None, "Tue 24 Nov 2026, 15:00 your time"),
        ("Europe/Brussels", "Europe/Brussels", "Tue 24 Nov 2026, 15:00 your time"),
        ("Europe/Brussels", "Europe/London", "Tue 24 Nov 2026, 15:00 your time (14:00 London)"),
        ("Europe/Brussels", "Europe/Paris", "Tue 24 Nov 2026, 15:00 your time (Paris)"),
        (
            "Pacific/Auckland",
            "America/New_York",
            "Wed 25 Nov 2026, 03:00 your time (Tue 09:00 New York)",
        ),
        ("UTC", "Asia/Kolkata", "Tue 24 Nov 2026, 14:00 your time (19:30 Kolkata)"),
    ],
)
def test_a_moment_is_said_here_and_there(zone: str, there: str | None, text: str) -> None:
    assert when(MOMENT, zone, there) == text


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        (Precision.YEAR, "2027"),
        (Precision.MONTH, "Jan 2027"),
        (Precision.DAY, "Fri 1 Jan 2027"),
        (Precision.MINUTE, "Thu 31 Dec 2026, 18:30 your time (Fri 00:30 Brussels)"),
    ],
)
def test_a_moment_is_no_more_precise_than_it_is_known(precision: Precision, text: str) -> None:
    midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert when(midnight, "America/New_York", "Europe/Brussels", precision) == text


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1999, 1, 1)))  # noqa: DTZ001
def test_two_zones_that_agree_are_said_once(moment: datetime) -> None:
    assert when(moment, "Europe/Brussels", "Europe/Paris").count(":") == 1


def test_many_readers_get_their_own_time_from_slack() -> None:
    assert when_there(MOMENT, "America/New_York") == (
        "Tue 24 Nov 2026, 09:00 New York "
        f"(<!date^{int(MOMENT.timestamp())}^{{time}} your time|14:00 UTC>)"
    )


def test_what_is_known_to_the_day_is_told_to_the_day_in_its_own_zone() -> None:
    assert when_there(MOMENT, "Asia/Tokyo", Precision.DAY) == "Tue 24 Nov 2026"
    assert when_there(MOMENT, "Asia/Tokyo", Precision.MONTH) == "Nov 2026"


@pytest.mark.parametrize(
    ("begins", "minutes", "zone", "text"),
    [
        (0, 90, "Europe/London", "14:00–15:30 your time"),
        (0, 90, "UTC", "14:00–15:30 your time (London)"),
        (0, 90, "Europe/Brussels", "15:00–16:30 your time (14:00–15:30 London)"),
        (0, 11 * 60, "Europe/London", "14:00–Wed 01:00 your time"),
        (9, 90, "Europe/Brussels", "00:00–01:30 your time (Tue 23:00–Wed 00:30 London)"),
        (9, 90, "Asia/Tokyo", "08:00–09:30 your time (Tue 23:00–Wed 00:30 London)"),
    ],
)
def test_from_when_to_when_is_said_here_and_there(
    begins: int, minutes: int, zone: str, text: str
) -> None:
    starts_at = MOMENT + timedelta(hours=begins)
    ends_at = starts_at + timedelta(minutes=minutes)

    assert hours(starts_at, ends_at, zone, "Europe/London") == text
    day = "Wed 25" if begins and zone != "UTC" else "Tue 24"
    assert span(starts_at, ends_at, zone, "Europe/London") == f"{day} Nov 2026, {text}"


def test_a_day_is_the_readers() -> None:
    late = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)

    assert words.day(late, "Europe/Brussels") == "4 Nov 2026"
    assert words.day(late) == "3 Nov 2026"
    assert words.day(date(2026, 11, 3)) == "3 Nov 2026"


@pytest.mark.parametrize(
    ("text", "read"), [("2023", "2023"), ("2023-11", "Nov 2023"), ("2023-11-07", "7 Nov 2023")]
)
def test_a_date_is_said_as_precisely_as_it_is_known(text: str, read: str) -> None:
    assert words.loosely(text) == read


def test_numbers_people_and_lists_read_as_sentences() -> None:
    assert [words.count(n, "briefing") for n in (0, 1, 3)] == [
        "no briefings",
        "1 briefing",
        "3 briefings",
    ]
    assert words.count(2, "person", "people") == "2 people"
    assert words.spelled(Health.AT_RISK) == "at risk"
    assert words.who("Ana", "Adobe") == "Ana (Adobe)"
    assert words.who("<@U1>", None) == "&lt;@U1&gt;"
    assert words.city("America/Argentina/Buenos_Aires") == "Buenos Aires"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_a_list_ends_with_and(parts: list[str], text: str) -> None:
    assert words.listed(parts, 3) == text


def test_twenty_are_listed_and_more_are_counted() -> None:
    assert words.listed(["a"] * 20).endswith("a and a")
    assert words.listed(["a"] * 21).endswith("a and 1 more")


def test_a_moment_is_the_same_wherever_it_is_said() -> None:
    shifted = MOMENT + timedelta(0)

    assert when(shifted.astimezone(), "UTC") == when(MOMENT, "UTC")


@pytest.mark.parametrize(
    ("after", "is_one"),
    [(0x1F3FA, False), (0x1F3FB, True), (0x1F3FF, True), (0x1F400, False)],
)
def test_no_cut_parts_an_emoji_from_its_tone(after: int, is_one: bool) -> None:
    assert shortened(f"👍{chr(after)}zzzz", 4) == ("…" if is_one else "👍…")


def test_a_name_takes_eighty_characters_and_no_more() -> None:
    fits, long, cut = "n" * 80, "n" * 81, f"{'n' * 79}…"

    assert (words.who(fits), words.who(long)) == (fits, cut)
    assert (words.who(fits, fits), words.who(long, long)) == (f"{fits} ({fits})", f"{cut} ({cut})")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/a", "<https://example.org/a|https://example.org/a>"),
        ("https://e.org/?a=1&b=2", "<https://e.org/?a=1&amp;b=2|https://e.org/?a=1&amp;b=2>"),
        ("https://e.org/x|y>z", "<https://e.org/x%7Cy%3Ez|https://e.org/x|y&gt;z>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://", "https://"),
        ("http://[bad", "http://[bad"),
        ("https://e.org/a b", "https://e.org/a b"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_a_link_leads_where_it_says_or_is_text(address: str, shown: str) -> None:
    assert words.link(address) == shown


@given(st.text(max_size=60).map(lambda end: f"https://example.org/{end}"))
def test_a_link_cannot_be_ended_early(address: str) -> None:
    shown = words.link(address)

    assert shown.count("<") == shown.count(">") <= 1
    assert not re.search(r"<[!@#]", shown)


def test_a_channel_is_mentioned_by_its_id_only() -> None:
    assert words.channel("C0POLICY") == "<#C0POLICY>"
    assert words.channel("!channel") == "!channel"
