"""Whoever leads a silent initiative, or stands in, is asked how it stands, and answers there."""

from datetime import timedelta

from tests.bot.conftest import Story

LEAD, STAFF = "U0TOMASZ", "U0ANA"


async def morning(story: Story) -> None:
    story.workspace.clock.advance(timedelta(hours=20))
    for _ in range(4):
        await story.bot.scheduler.beat()
        story.workspace.clock.advance(timedelta(seconds=2))


def asked(story: Story) -> dict[str, list[str]]:
    """Give the questions and news of silence by who got them."""
    found: dict[str, list[str]] = {}
    for sent in story.workspace.sent:
        kind = (sent.args.get("metadata") or {}).get("event_type", "")
        if kind in {"update_due", "update_overdue"}:
            found.setdefault(str(sent.args["channel"]), []).append(str(sent.args["text"]))
    return found


async def test_a_silent_initiative_is_asked_about_once_and_the_button_opens_its_form(
    story: Story,
) -> None:
    await story.bot.scheduler.beat()
    await morning(story)
    for _ in range(6):
        story.workspace.clock.advance(timedelta(days=7))
        await morning(story)

    told = asked(story)
    lead, (text,) = next((to, texts) for to, texts in told.items() if "How does" in texts[0])
    assert text.startswith("How does *I2 Industry Classification System review* stand?")
    assert any("You are the alternate of" in one for texts in told.values() for one in texts)
    assert any("Nothing was heard of *I2" in one for texts in told.values() for one in texts)
    assert all(len(texts) == len(set(texts)) for texts in told.values())

    dm = story.workspace.dm(lead).id
    await story.clicks(lead, "initiatives.update", channel=dm)
    assert story.workspace.modals(lead)
