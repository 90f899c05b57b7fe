"""The page in a real Chromium, as a newcomer uses it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot import demo
from bot.settings import Settings
from bot.workspace import Clock
from tests.bot.conftest import MONDAY, Story
from tests.chromium import FLAGS, found

PRIYA, MARCUS, TOMASZ = "U0PRIYA", "U0MARCUS", "U0TOMASZ"


@pytest.fixture
async def page(sqlite_url: str, coalition: dict[str, Any]) -> AsyncIterator[tuple[Page, Story]]:
    """Open the page of a running demo; nothing may be logged as an error."""
    workspace = demo.populated(coalition, Clock(frozen_at=MONDAY))
    settings = Settings("", "", "", "", sqlite_url, ("127.0.0.1", 0))
    troubles: list[str] = []
    async with (
        workspace.serving(),
        demo.running_in(workspace, settings, coalition) as bot,
        async_playwright() as playwright,
    ):
        chromium = await playwright.chromium.launch(executable_path=found(), args=list(FLAGS))
        opened = await chromium.new_page(viewport={"width": 1280, "height": 860})
        opened.on("console", lambda said: troubles.extend([said.text] * (said.type == "error")))
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        await opened.goto(f"{workspace.url}/#{PRIYA}/C0ANNOUNCE")
        await expect(opened.locator("#place-name")).to_contain_text("announcements")
        yield opened, Story(workspace, bot)
        await chromium.close()
    assert troubles == []


async def types(page: Page, text: str) -> None:
    await page.fill("#command", text)
    await page.press("#command", "Escape")
    await page.press("#command", "Enter")


def newest(page: Page) -> Any:
    return page.get_by_test_id("message").last


async def test_a_command_is_typed_and_answered_to_its_person_alone(
    page: tuple[Page, Story],
) -> None:
    opened, _ = page

    await types(opened, "/briefings")

    await expect(newest(opened)).to_contain_text("Upcoming briefings")
    await expect(newest(opened)).to_contain_text("09:00 your time (12:00 New York)")
    await opened.select_option("#person", MARCUS)
    await expect(opened.locator("#messages")).not_to_contain_text("Upcoming briefings")


async def test_words_are_completed_as_they_are_typed(page: tuple[Page, Story]) -> None:
    opened, _ = page

    await opened.locator("#command").press_sequentially("/briefings w")
    await expect(opened.locator("#command-choices")).to_contain_text("who comes, by organisation")
    await opened.press("#command", "Tab")

    await expect(opened.locator("#command")).to_have_value("/briefings who ")


async def test_a_press_takes_a_seat_and_another_gives_it_back(page: tuple[Page, Story]) -> None:
    opened, _ = page
    await opened.select_option("#person", MARCUS)
    await types(opened, "/briefings show round table")
    await expect(newest(opened)).to_contain_text("3 of 4 seats taken", ignore_case=True)

    await newest(opened).get_by_role("button", name="Going").first.click()
    await expect(newest(opened)).to_contain_text("You are going to")
    await newest(opened).get_by_role("button", name="Not going").click()

    await expect(newest(opened)).to_contain_text("You are not going to")


async def test_a_form_is_filled_refused_and_taken(page: tuple[Page, Story]) -> None:
    opened, _ = page
    await opened.select_option("#person", TOMASZ)
    await types(opened, "/initiatives active")
    await opened.locator("[data-action-id='initiatives.show']").first.click()
    await opened.locator("[data-action-id='initiatives.update']").last.click()
    form = opened.get_by_test_id("modal-view").last
    await expect(form).to_be_visible()

    field = form.locator("textarea").first
    await field.fill("")
    await opened.get_by_test_id("modal-submit").last.click()
    await expect(opened.locator(".field-error:visible").first).to_be_visible()
    await field.fill("The agencies have sent their comments.")
    await opened.get_by_test_id("modal-submit").last.click()

    await expect(opened.locator("#modal")).to_contain_text("I")
    await expect(opened.locator(".field-error:visible")).to_have_count(0)


async def test_the_home_says_what_waits(page: tuple[Page, Story]) -> None:
    opened, _ = page

    await opened.locator("#places [data-place='home']").click()

    await expect(opened.locator("#home")).to_contain_text("Waiting on you")
    await expect(opened.locator("#home")).to_contain_text("Your next briefings")


async def test_a_day_later_the_digest_is_in_the_members_channel(page: tuple[Page, Story]) -> None:
    opened, _ = page
    await opened.locator("#places [data-place='C0MEMBERS']").click()
    await expect(opened.locator("#place-name")).to_contain_text("members")

    await opened.click("#advance-day")

    await expect(newest(opened)).to_contain_text("What moved, and what is next", timeout=20_000)
    await expect(newest(opened)).to_contain_text("Needs attention")
    await expect(opened.locator("#sent-list")).to_contain_text("chat.postMessage")


async def test_a_week_is_walked_from_message_to_message(page: tuple[Page, Story]) -> None:
    opened, story = page
    await types(opened, "/coalition digest weekly wednesday 9:00")
    await expect(newest(opened)).to_contain_text("each Wednesday at 09:00 your time")
    start = story.workspace.clock()
    told = opened.locator("#told-list button")

    while story.workspace.clock() < start + timedelta(days=7):
        before = await told.count()
        await opened.click("#advance-message")
        await expect(opened.locator("#advance-message[aria-busy]")).to_have_count(0, timeout=60_000)
        assert await told.count() > before or not await opened.locator("#notice").is_hidden()

    posts = [sent for sent in story.workspace.sent if sent.method == "chat.postMessage"]
    assert await told.count() == len(posts)
    lines = [" ".join(text.split()) for text in await told.all_inner_texts()]
    assert [line for line in lines if "weekly digest" in line and "to #members" in line]
    assert [line for line in lines if "Wed" in line and "09:00" in line and "own digest" in line]
    whys = await opened.locator("#told-list .why").all_inner_texts()
    assert set(whys) == {sent.why.replace("_", " ") for sent in posts}

    await told.filter(has_text="weekly digest").last.click()
    await expect(opened.locator("#place-name")).to_contain_text("members")
    await expect(opened.locator("#messages figure.chart-bar").first).to_contain_text(
        "Initiatives by health"
    )


async def test_what_slack_does_wrong_is_shown_and_survived(page: tuple[Page, Story]) -> None:
    opened, story = page
    await opened.locator("#fault-box summary").click()
    await opened.select_option("#fault-method", "chat.postMessage")
    await opened.click("#add-fault")

    await opened.click("#advance-day")
    await expect(opened.locator("#sent-list .call[data-ok='false']").first).to_be_visible(
        timeout=20_000
    )

    assert [sent for sent in story.workspace.sent if sent.error]


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_page_fits_narrow_and_wide(page: tuple[Page, Story], width: int) -> None:
    opened, _ = page
    await opened.set_viewport_size({"width": width, "height": 800})

    await types(opened, "/briefings")
    await expect(newest(opened)).to_contain_text("Upcoming briefings")

    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await opened.evaluate(overflow) <= 0


async def test_it_is_used_by_keyboard_alone(page: tuple[Page, Story]) -> None:
    opened, _ = page
    await opened.focus("#command")
    await opened.keyboard.type("/briefings next")
    await opened.keyboard.press("Escape")
    await opened.keyboard.press("Enter")
    await expect(newest(opened)).to_contain_text("regular meeting")

    button = newest(opened).get_by_role("button", name="Maybe")
    await button.focus()
    await opened.keyboard.press("Enter")

    await expect(newest(opened)).to_contain_text("You said maybe to")


async def test_hostile_text_is_only_text(page: tuple[Page, Story]) -> None:
    opened, _ = page

    await types(opened, "/briefings show <script>alert(1)</script> <!channel>")

    await expect(newest(opened)).to_contain_text("<script>alert(1)</script>")
    assert await opened.locator("#messages script").count() == 0


async def test_a_newcomer_is_walked_from_finding_a_briefing_to_its_reminder(
    page: tuple[Page, Story],
) -> None:
    opened, _ = page
    tries = opened.locator("#tour .try")

    async def follows(step: int) -> None:
        await tries.nth(step).click()
        await opened.press("#command", "Escape")
        await opened.press("#command", "Enter")

    await follows(0)
    await expect(newest(opened)).to_contain_text("Upcoming briefings")
    await follows(1)
    await expect(newest(opened)).to_contain_text("You are number 3 on the waitlist")
    await follows(2)
    await expect(opened.locator("#person")).to_have_value("U0ANA")
    form = opened.get_by_test_id("modal-view").last
    await expect(form).to_contain_text("Title")
    await opened.get_by_test_id("modal-submit").last.click()
    seats = opened.get_by_label("Seats", exact=False).first
    await seats.fill("6")
    await opened.get_by_test_id("modal-submit").last.click()
    await expect(opened.locator("#modal")).to_contain_text("6 seats")
    await opened.keyboard.press("Escape")
    await tries.nth(3).click()
    await expect(opened.locator("#person")).to_have_value(PRIYA)
    await expect(newest(opened)).to_contain_text("A seat was freed")
    await newest(opened).get_by_role("button", name="to your calendar").click()
    await expect(newest(opened)).to_contain_text("as a file for your calendar")
    for _ in range(30):
        if "Coming up: E13" in await opened.locator("#messages").inner_text():
            break
        await opened.locator("#advance-message").click()
        await opened.wait_for_timeout(300)

    await expect(opened.locator("#messages")).to_contain_text("Coming up: E13 Workshop")
    await expect(opened.locator("#messages")).to_contain_text("open the file to put it")
