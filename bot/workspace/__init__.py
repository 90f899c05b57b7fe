"""A local Slack-compatible workspace and its page: the demo, and the tests' other side."""

from bot.workspace.clock import Clock
from bot.workspace.deliveries import Exchange
from bot.workspace.faults import Fault
from bot.workspace.people import User
from bot.workspace.places import Channel, Message
from bot.workspace.record import Sent
from bot.workspace.views import View
from bot.workspace.workspace import Workspace

__all__ = ["Channel", "Clock", "Exchange", "Fault", "Message", "Sent", "User", "View", "Workspace"]
