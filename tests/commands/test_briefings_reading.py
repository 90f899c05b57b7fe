"""Reading an answer typed as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.briefings.reading import WORDS, read_for_contact, read_rsvp
from storage.errors import Refusal
from storage.models import Answer

GOING, MAYBE, DECLINED = Answer.GOING, Answer.MAYBE, Answer.DECLINED


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("E12 yes", ("E12", GOING, None)),
        ("e12 YES", ("e12", GOING, None)),
        ("  E12   yes  ", ("E12", GOING, None)),
        ("E12 yes arriving late", ("E12", GOING, "arriving late")),
        ("E12 yes no train before noon", ("E12", GOING, "no train before noon")),
        ("E12 maybe", ("E12", MAYBE, None)),
        ("E12 no", ("E12", DECLINED, None)),
        ("E12 not going", ("E12", DECLINED, None)),
        ("E12 not going on holiday", ("E12", DECLINED, "on holiday")),
        ("E12 leave", ("E12", DECLINED, None)),
        ("London GenAI briefing yes", ("London GenAI briefing", GOING, None)),
        ("“London GenAI briefing” yes late", ("London GenAI briefing", GOING, "late")),
        ("«Saying no together» yes", ("Saying no together", GOING, None)),
        ('"Yes or no" no, sorry, no', ("Yes or no", DECLINED, "sorry, no")),
        ("E12 yes, arriving late", ("E12", GOING, "arriving late")),
        ('"Children\'s maybe" maybe', ("Children's maybe", MAYBE, None)),
        ("No more harm yes", ("No more harm", GOING, None)),
    ],
)
def test_an_answer_is_read_as_it_was_meant(text: str, read: tuple[str, Answer, str | None]) -> None:
    assert read_rsvp(text) == read


@pytest.mark.parametrize("text", ["", "   ", "E12", "yes", "E12 perhaps-not", "«yes no»"])
def test_what_lacks_an_answer_is_shown_how(text: str) -> None:
    with pytest.raises(Refusal, match="/briefings rsvp E12 yes"):
        read_rsvp(text)


def test_a_note_too_long_is_refused_with_its_length() -> None:
    assert read_rsvp("E12 yes " + "n" * 300)[2] == "n" * 300
    with pytest.raises(Refusal, match="has 301 characters; 300 fit"):
        read_rsvp("E12 yes " + "n" * 301)


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["", "late", "see you"]))
def test_every_word_is_understood_after_a_number(word: str, note: str) -> None:
    assert read_rsvp(f"E12 {word.upper()} {note}") == ("E12", WORDS[word], note or None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('E12 yes for "Ana Example" at Hotline', ("Ana Example", "Hotline", "E12", GOING, None)),
        ("E12 maybe for Ana Example at Hotline", ("Ana Example", "Hotline", "E12", MAYBE, None)),
        ("E12 no FOR “Ana Example” AT Hotline", ("Ana Example", "Hotline", "E12", DECLINED, None)),
        ("E12 not going for Ana at Hotline", ("Ana", "Hotline", "E12", DECLINED, None)),
        ("E12 yes, late, for Ana at Hotline", ("Ana", "Hotline", "E12", GOING, "late")),
        (
            'E12 yes waits for visa for "Ana" at Hotline',
            ("Ana", "Hotline", "E12", GOING, "waits for visa"),
        ),
        (
            '"Webinar for members" yes for «Ana at Home» at Institute at Leiden',
            ("Ana at Home", "Institute at Leiden", "Webinar for members", GOING, None),
        ),
        ("E12 yes for Ana at Centre for Youth", ("Ana", "Centre for Youth", "E12", GOING, None)),
    ],
)
def test_whose_answer_it_is_without_slack_is_read_as_it_was_meant(
    text: str, read: tuple[str, str, str, Answer, str | None]
) -> None:
    assert read_for_contact(text) == read


@pytest.mark.parametrize(
    "text",
    [
        *("", "E12", "E12 yes", "E12 yes for", "E12 yes for Ana", "E12 yes Ana at Hotline"),
        *("E12 for Ana at Hotline", 'E12 yes for "Ana"', 'E12 yes for "" at Hotline'),
        *("E12 yes for <@U1> at Hotline", "E12 yes for Ana at Institute at Leiden"),
        *("E12 yes waits for visa for Ana at Hotline", 'E12 yes for "Ana" at " "'),
    ],
)
def test_what_could_be_meant_otherwise_is_shown_how(text: str) -> None:
    with pytest.raises(Refusal, match='/briefings record E12 yes for "Ana Example" at Hotline'):
        read_for_contact(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        called, answer, _ = read_rsvp(text)
    except Refusal:
        return
    assert isinstance(answer, Answer)
    assert called == called.strip()
