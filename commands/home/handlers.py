"""What runs when somebody opens the Home, or clicks in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.home import views
from commands.routes import After, Work
from storage import overview
from storage.asker import Asker


async def opened(
    work: Work, client: Any, actor: Asker, now: datetime, after: After, event: Mapping[str, Any]
) -> None:
    """Publish the Home for whoever opened it."""
    if event.get("tab") == "home":
        after(publish, work, client, actor, now, "")


async def publish(work: Work, client: Any, actor: Asker, now: datetime, notice: str) -> None:
    """Draw the Home as things are now, with *notice* on top when something was just done."""
    view = views.home(await work(overview.gather), actor, now, notice)
    await client.views_publish(user_id=actor.slack_user, view=view)
