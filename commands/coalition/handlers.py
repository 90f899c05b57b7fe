"""What runs for `/coalition`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commands import digests, helping, own_digest
from commands.coalition import order_form, posts, settings_form, timetable, views
from commands.coalition.reading import (
    Digest,
    Privacy,
    Wanted,
    read_contact_to_delete,
    read_departed,
    read_digest,
    read_privacy,
    read_share,
)
from commands.routes import Fits, OpenForm, Reply, Routes, Work
from commands.typing import called, page_asked, row_id
from storage import (
    erasure,
    installations,
    ordering,
    orders,
    own_digests,
    progress,
    redaction,
    sharing,
    unposted,
    wishes,
)
from storage import privacy as held
from storage.asker import Asker

WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


async def helped(reply: Reply, rooms: Sequence[Routes], text: str) -> None:
    """Say what one can say."""
    await reply(helping.found(rooms, text) if text else helping.whole(rooms))


async def digest(
    work: Work,
    reply: Reply,
    open_form: OpenForm,
    actor: Asker,
    now: datetime,
    channel: str,
    text: str,
) -> None:
    """Answer with the digest of the last seven days, or do what else is asked of digests."""
    asked = read_digest(text)
    if isinstance(asked, Wanted):
        ordered = await work(own_digests.order, asked.weekday, asked.at)
        await reply(own_digest.ordered(ordered, actor))
        return
    if asked is Digest.STATUS:
        await reply(timetable.standing(await work(orders.listed), actor))
        return
    if asked is Digest.HERE:
        await here(work, open_form, channel)
        return
    if asked is Digest.PREVIEW:
        await reply(own_digest.preview(await work(own_digests.preview), actor, now))
        return
    if asked is Digest.OFF:
        await reply(own_digest.cancelled(was_ordered=await work(own_digests.cancel)))
        return
    moved = await work(progress.gather, now - WEEK)
    await reply(digests.drawn(moved, actor.zone) or views.quiet_week())


async def here(work: Work, open_form: OpenForm, channel: str) -> None:
    """Open the form to order a digest for the channel where it was asked for."""
    await open_form(order_form.drawn(await work(ordering.form, channel)))


async def change(work: Work, open_form: OpenForm, value: str) -> None:
    """Open the form with a channel's order."""
    await open_form(order_form.drawn(await work(ordering.form_of, row_id(value))))


async def order(
    work: Work,
    fits: Fits,
    reply: Reply,
    actor: Asker,
    form: Mapping[str, str],
    metadata: str,
) -> None:
    """Take the form: rights are looked up afresh, and Slack is asked who reads the channel."""
    draft = order_form.read(form)
    await fits(metadata, await work(ordering.drafted, metadata, draft))
    await reply(timetable.ordered(await work(ordering.save, metadata, draft), actor.zone))


async def call_off(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Call a channel's digest off for good."""
    lines = await work(orders.call_off, row_id(value))
    await reply(timetable.standing(lines, actor), replace=True)


async def preview(work: Work, reply: Reply, value: str) -> None:
    """Show what a channel's next digest would say now."""
    await reply(timetable.preview(await work(orders.preview, row_id(value))))


async def send_now(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Send the next digest at once."""
    lines = await work(orders.send_now, row_id(value))
    await reply(timetable.standing(lines, actor), replace=True)


async def pause(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Let a digest rest."""
    lines = await work(orders.pause, row_id(value), is_on=False)
    await reply(timetable.standing(lines, actor), replace=True)


async def resume(work: Work, reply: Reply, actor: Asker, value: str) -> None:
    """Let a digest go on."""
    lines = await work(orders.pause, row_id(value), is_on=True)
    await reply(timetable.standing(lines, actor), replace=True)


async def settings(work: Work, open_form: OpenForm, actor: Asker) -> None:
    """Open the form about the messages to whoever asks."""
    await open_form(settings_form.drawn(await work(wishes.form), actor))


async def save_settings(
    work: Work, reply: Reply, actor: Asker, now: datetime, form: Mapping[str, str]
) -> None:
    """Take that form."""
    wanted, wished = settings_form.read(form, actor.zone, now)
    await reply(settings_form.saved(await work(wishes.save, wanted, wished), actor))


async def share(work: Work, reply: Reply, text: str) -> None:
    """Change whom an item is shown to."""
    item, wish = read_share(text)
    await reply(views.shared(await work(sharing.share, item, wish)))


async def confirm(work: Work, reply: Reply, value: str) -> None:
    """Agree, as the second, that everybody may see an item."""
    await reply(views.shared(await work(sharing.confirm, row_id(value))))


async def removed(work: Work, event: Mapping[str, Any]) -> None:
    """Forget the workspace that removed the bot."""
    at = datetime.fromtimestamp(event["event_time"], UTC)
    await work(installations.erase, at + SECOND)  # Slack tells whole seconds


async def privacy(work: Work, reply: Reply, actor: Asker, text: str) -> None:
    """Say what is held of whoever asks, hand it out, or ask whether it is to go."""
    departed = read_departed(text)
    if departed:
        await reply(views.to_delete_departed(await work(erasure.departed, departed)))
        return
    contact = read_contact_to_delete(text)
    if contact is not None:
        await reply(views.to_delete_contact(await work(erasure.contact, *contact)))
        return
    asked = read_privacy(text)
    if asked is Privacy.MY_DATA:
        await my_data(work, reply, held.name(actor))
    elif asked is Privacy.DELETE_ME:
        await delete_me(work, reply)
    else:
        await reply(views.privacy(await work(held.overview), actor.zone))


async def my_data(work: Work, reply: Reply, value: str) -> None:
    """Hand out all that is held of whoever asks."""
    await reply(views.on_its_way(is_new=await work(held.ask, value)))


async def delete_me(work: Work, reply: Reply) -> None:
    """Say what would go and what would stay, and ask for the word."""
    await reply(views.to_delete(await work(held.overview)))


async def erase(work: Work, reply: Reply, value: str) -> None:
    """Erase whoever asks, or somebody who has left."""
    await reply(views.erased(is_own=await work(erasure.erase_named, value)), replace=True)


async def redact(work: Work, reply: Reply, text: str) -> None:
    """Say what removing an item's words would do, and ask for the word."""
    await reply(views.to_redact(await work(redaction.foreseen, called(text))))


async def carry_out(work: Work, reply: Reply, value: str) -> None:
    """Remove an item's words."""
    await reply(views.redacted(await work(redaction.redact, value)), replace=True)


async def messages(work: Work, reply: Reply, actor: Asker, text: str, value: str) -> None:
    """Say how the bot's post stands."""
    post = await work(unposted.look, page_asked(value, text))
    await reply(posts.standing(post, actor.zone), replace=bool(value))


async def arrived(work: Work, reply: Reply, value: str) -> None:
    """Note that a message in doubt is there."""
    is_new = await work(unposted.settle, row_id(value), arrived=True)
    await reply(posts.settled(is_new=is_new, arrived=True), replace=True)


async def send_again(work: Work, reply: Reply, value: str) -> None:
    """Send a message in doubt once more."""
    is_new = await work(unposted.settle, row_id(value), arrived=False)
    await reply(posts.settled(is_new=is_new, arrived=False), replace=True)


async def about(reply: Reply) -> None:
    """Say what this bot is."""
    await reply(views.about())
