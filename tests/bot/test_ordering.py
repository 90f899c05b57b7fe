"""A digest for a channel, ordered in it: by staff anywhere, by a chair for their own group."""

from datetime import timedelta

import pytest

from bot.workspace.faults import Fault
from tests.bot.conftest import Story
from tests.bot.test_canaries import FORMS, presses, submits

STAFF, CHAIR, OTHER, MEMBER, GUEST, STRANGER = (
    *("U0DANA", "U0PRIYA", "U0MAEVE", "U0LUKAS", "U0GARETH", "U0KWAME"),
)
GENAI, REPORT, MEMBERS, OPEN = "C0WGGENAI", "C0WGREPORT", "C0MEMBERS", "C0ANNOUNCE"
HERE, STATUS = "/coalition digest here", "/coalition digest status"
NOT_YOURS = "When digests go is for the secretariat and the chairs of groups to say. Ask them."
DAY = timedelta(days=1)
HTTP = pytest.mark.parametrize("story", ["http"], indirect=True)
SAVE = "coalition.save_order"


def front(story: Story, user: str) -> str:
    """Give what the form in front of *user* says."""
    return "\n".join(
        block["text"]["text"]
        for block in story.workspace.modals(user)[-1].blocks
        if block["type"] == "section"
    )


def offered(story: Story, user: str, field: str) -> list[str]:
    view = story.workspace.modals(user)[-1]
    (found,) = [block for block in view.blocks if block["block_id"] == field]
    return [option["value"] for option in found["element"]["options"]]


def posted(story: Story, channel: str, reader: str = STAFF) -> list[str]:
    texts = [message.text for message in story.workspace.messages(channel, seen_by=reader)]
    return [text for text in texts if text.startswith(("What moved", "What is due"))]


async def orders(story: Story, user: str, channel: str, **fields: object) -> str:
    """Fill in the form in *channel*; give what is said of it."""
    await story.workspace.command(user, channel, HERE)
    await story.workspace.submit(user, fields)
    view = story.workspace.modals(user)[-1]
    await story.workspace.close_modal(user)
    return "\n".join(view.errors.values()) or front_of(view)


def front_of(view: object) -> str:
    blocks = view.blocks  # type: ignore[attr-defined]
    return "\n".join(b["text"]["text"] for b in blocks if b["type"] == "section")


async def beats(story: Story, by: timedelta) -> None:
    story.workspace.clock.advance(by)
    for _ in range(2):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))


async def test_a_chair_orders_one_for_their_group_and_it_comes(story: Story) -> None:
    await story.workspace.command(CHAIR, GENAI, HERE)
    editions = offered(story, CHAIR, "edition")
    await story.workspace.submit(CHAIR, {"days": "tuesday", "at": "10:00", "zone": "brussels"})
    told = front(story, CHAIR)
    await beats(story, 2 * DAY)

    assert editions == ["group:1"]
    assert told == (
        "<#C0WGGENAI> gets a digest for Generative AI members' group, each Tuesday at 10:00 "
        "(Brussels).\nNext: Tue 24 Nov 2026, 01:00 your time (10:00 Brussels)."
    )
    (text,) = posted(story, GENAI)
    assert text.startswith("What moved, and what is next")


@HTTP
async def test_staff_order_one_for_any_channel_and_any_audience_that_fits(story: Story) -> None:
    await story.workspace.command(STAFF, REPORT, HERE)
    editions = offered(story, STAFF, "edition")
    await story.workspace.close_modal(STAFF)

    told = await orders(story, STAFF, REPORT, edition="community", days="weekdays", at="08:30")
    refused = await orders(story, STAFF, REPORT, edition="members", days="monday", at="08:30")

    assert editions[0] == "group:2"
    assert editions[1:5] == ["public", "community", "members", "staff"]
    assert told.startswith(
        "<#C0WGREPORT> gets a digest for outside partners too, Monday to Friday at 08:30 "
    )
    assert refused.startswith("Somebody in the channel may not see this: a guest")


@HTTP
async def test_one_of_a_single_initiative_is_of_that_alone_and_stays_so_when_changed(
    story: Story,
) -> None:
    said = {"health": "at_risk", "text": "Two agencies wait.", "reason": "No staff"}
    for number in (1, 2):
        await story.workspace.command(STAFF, MEMBERS, f"/initiatives update I{number}")
        await story.workspace.submit(STAFF, said)
    story.workspace.clock.advance(DAY)
    told = await orders(
        story, STAFF, MEMBERS, edition="members", about="2", days="weekdays", at="09:00"
    )
    await orders(story, STAFF, MEMBERS, days="tuesday")
    standing = await story.says(STAFF, STATUS)
    await beats(story, DAY)

    name = "I2 Industry Classification System review"
    assert told.startswith(f"<#{MEMBERS}> gets a digest for members about {name}, Monday to Friday")
    assert f"It is for members about {name}, each Tuesday at 09:00 (New York)." in standing
    (text,) = posted(story, MEMBERS)
    assert text == (
        f"What moved in {name}\n"
        "*AT RISK* · led by Imogen Tallis-Wu (Adobe) · last moved 2 days ago\n"
        "*Needs attention*\n"
        "• *A5* Write the overdue update on the classification review: Imogen Tallis-Wu (Adobe), "
        "due 15 Nov 2026\n"
        "*Moved since the last digest*\n"
        f"• *{name}* now AT RISK, was on track (No staff): Two agencies wait.\n"
        "More: `/initiatives show I2`"
    )


@HTTP
async def test_what_does_not_fit_is_refused_when_it_is_ordered(story: Story) -> None:
    channel = story.workspace.world.channels[OPEN]
    shared = await orders(story, STAFF, OPEN, edition="members")
    fine = await orders(story, STAFF, OPEN, edition="public")
    channel.members.remove(story.workspace.world.installation.bot_user)
    away = await orders(story, STAFF, OPEN, edition="public", days="friday")

    assert shared.startswith("The channel is shared with other organisations, or about to be")
    assert fine.startswith("<#C0ANNOUNCE> gets a digest for everyone, each Monday")
    assert away == "The bot is not in this channel. Invite it there: /invite @Convene"


@HTTP
@pytest.mark.parametrize("fault", [Fault.rate_limited(30), Fault.error("internal_error")])
async def test_where_slack_does_not_say_who_reads_it_nothing_is_ordered(
    story: Story, fault: Fault
) -> None:
    story.workspace.faults.add("conversations.info", fault)

    told = await orders(story, STAFF, GENAI, edition="members")

    assert told.startswith("Slack did not say who reads this channel, so nothing was changed.")
    assert "C0WGGENAI" not in await story.says(STAFF, STATUS)


@HTTP
@pytest.mark.parametrize(
    ("user", "channel", "why"),
    [
        (OTHER, GENAI, "Only the secretariat orders a digest here. A chair orders one in"),
        (CHAIR, MEMBERS, "Only the secretariat orders a digest here. A chair orders one in"),
        (MEMBER, GENAI, NOT_YOURS),
        (GUEST, REPORT, NOT_YOURS),
        (STRANGER, "", NOT_YOURS),
    ],
)
async def test_nobody_else_orders_one_with_the_form_or_without(
    story: Story, user: str, channel: str, why: str
) -> None:
    channel = channel or story.workspace.dm(user).id
    typed = await story.says(user, HERE, channel)
    forged = await submits(story, user, SAVE, {**FORMS[SAVE], "edition": "group:1"}, channel)
    wider = await submits(story, user, SAVE, FORMS[SAVE], MEMBERS)

    assert typed.startswith(why)
    assert forged.body["response_action"] == wider.body["response_action"] == "errors"
    assert "C0WGGENAI" not in await story.says(STAFF, STATUS)


@HTTP
async def test_a_chair_never_orders_for_more_than_their_group(story: Story) -> None:
    for edition in ("members", "public", "group:3"):
        fields = {**FORMS[SAVE], "edition": edition}
        exchange = await submits(story, CHAIR, SAVE, fields, GENAI)
        assert "not yours to choose" in str(exchange.body), edition

    assert "C0WGGENAI" not in await story.says(STAFF, STATUS)


@HTTP
async def test_a_chair_keeps_what_is_for_their_group_and_sees_no_other(story: Story) -> None:
    await orders(story, CHAIR, GENAI, days="monday")
    await orders(story, OTHER, REPORT, days="monday")

    seen = [await story.says(user, STATUS) for user in (STAFF, CHAIR, OTHER)]

    there = [[name in text for name in (MEMBERS, GENAI, REPORT)] for text in seen]
    assert there == [[True, True, True], [False, True, False], [False, False, True]]
    for action in ("preview", "send", "pause", "resume", "change", "call_off"):
        for number in ("1", "3", "99"):
            await presses(story, CHAIR, f"coalition.{action}_digest", number)
            await story.settled()
    assert "next Mon 23 Nov 2026" in (await story.says(STAFF, STATUS)).split(GENAI)[0]


@HTTP
async def test_what_staff_ordered_in_a_groups_channel_is_not_the_chairs(story: Story) -> None:
    await orders(story, STAFF, GENAI, edition="members")

    told = await story.says(CHAIR, HERE, GENAI)

    assert told.startswith("This channel has a digest already, and it is the secretariat's")


@HTTP
async def test_it_is_changed_and_called_off_and_ordered_again(story: Story) -> None:
    await orders(story, CHAIR, GENAI, days="tuesday", at="10:00", zone="Europe/Brussels")
    await story.says(CHAIR, STATUS)
    await story.workspace.click(CHAIR, story.last(CHAIR), "coalition.change_digest")
    await story.workspace.submit(CHAIR, {"days": "friday", "sections": ["coming", "resources"]})
    changed = front(story, CHAIR)
    await story.workspace.close_modal(CHAIR)
    off = await story.clicks(CHAIR, "coalition.call_off_digest")
    await beats(story, 8 * DAY)
    silent = posted(story, GENAI)
    again = await orders(story, STAFF, GENAI, days="wednesday", at="11:00", zone="UTC")

    assert "each Friday at 10:00 (Brussels)" in changed
    assert off.startswith("There is no digest that you keep.")
    assert silent == []
    assert "Wed 2 Dec 2026" in again


@HTTP
async def test_it_tells_the_sections_and_the_topics_that_were_chosen(story: Story) -> None:
    await orders(story, CHAIR, GENAI, sections=["coming", "resources"], topics=["transparency"])
    await story.says(CHAIR, STATUS)

    text = await story.clicks(CHAIR, "coalition.preview_digest")

    titles = [line for line in text.splitlines() if line.startswith("*") and line.endswith("*")]
    assert titles == ["*Next 14 days*"]


@HTTP
async def test_a_daily_one_tells_what_is_due_and_overdue_alone(story: Story) -> None:
    await orders(story, STAFF, MEMBERS, edition="members", days="daily", at="13:00", zone="UTC")
    await beats(story, timedelta(hours=1))

    (text,) = posted(story, MEMBERS)
    titles = [line for line in text.splitlines() if line.startswith("*") and line.endswith("*")]
    assert text.startswith("What is due")
    assert titles[0] == "*Due and overdue*"
    assert set(titles) <= {"*Due and overdue*", "*Today and tomorrow*"}
    assert "AT RISK" not in text


@HTTP
async def test_status_says_when_it_last_went_and_what_helps_where_it_did_not(story: Story) -> None:
    await orders(story, STAFF, GENAI, edition="group:1", days="daily", at="13:00", zone="UTC")
    await beats(story, timedelta(hours=1))
    went = await story.says(STAFF, STATUS)
    story.workspace.world.channels[GENAI].is_archived = True
    await beats(story, DAY)

    text = (await story.says(STAFF, STATUS)).split("C0WGGENAI")[1]

    assert "Last sent Mon 23 Nov 2026" in went.split("C0WGGENAI")[1]
    assert "Last failure Tue 24 Nov 2026" in text
    assert "The channel is archived. Choose another one." in text


@HTTP
async def test_sent_early_and_moved_to_another_day_it_goes_once_all_the_same(story: Story) -> None:
    await orders(story, CHAIR, GENAI, days="friday", at="10:00", zone="UTC")
    await story.says(CHAIR, STATUS)
    await story.clicks(CHAIR, "coalition.send_digest")
    await beats(story, timedelta(minutes=1))
    await orders(story, CHAIR, GENAI, days="thursday", at="10:00", zone="UTC")
    await story.says(CHAIR, STATUS)
    again = await story.clicks(CHAIR, "coalition.send_digest")
    await beats(story, 6 * DAY)

    assert again == "The digest of this week has been sent early. The next one comes by itself."
    assert len(posted(story, GENAI)) == 1


@HTTP
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"zone": "EST"}, "Write a time zone by its city, such as Brussels, or whole,"),
        ({"zone": "Nowhere"}, "Write a time zone by its city, such as Brussels, or whole,"),
        ({"edition": "everybody"}, "Choose whom it is for."),
        ({"days": "sometimes"}, "Choose how often it comes."),
        ({"at": "25:00"}, "Choose a time, such as 09:00."),
        ({"sections": "waiting"}, "Choose at least one."),
        ({"sections": ""}, "Choose at least one."),
        ({"topics": "no such topic"}, "A topic that was chosen is not there any more."),
    ],
)
async def test_what_cannot_be_taken_is_explained(
    story: Story, fields: dict[str, str], wrong: str
) -> None:
    exchange = await submits(story, STAFF, SAVE, {**FORMS[SAVE], **fields}, GENAI)

    assert wrong in str(exchange.body)


@HTTP
async def test_a_button_below_the_list_opens_the_form_for_where_it_was_asked(story: Story) -> None:
    await story.says(CHAIR, STATUS, GENAI)
    await story.workspace.click(CHAIR, story.last(CHAIR, GENAI), "coalition.order_here")
    await story.workspace.submit(CHAIR, {"days": "daily"})

    assert front(story, CHAIR).startswith("<#C0WGGENAI> gets a digest for Generative AI members'")


@HTTP
async def test_in_direct_messages_there_is_no_channel_to_order_for(story: Story) -> None:
    dm = story.workspace.dm(STAFF).id

    assert (await story.says(STAFF, HERE, dm)).startswith("Say it in the channel that is to get")
