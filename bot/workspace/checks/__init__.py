"""What Slack would refuse: every payload the bot sends passes here first."""

from bot.workspace.checks.calls import check_call
from bot.workspace.checks.refused import Refused
from bot.workspace.checks.replies import check_options, check_reply
from bot.workspace.checks.views import check_submission_reply, check_view

__all__ = [
    "Refused",
    "check_call",
    "check_options",
    "check_reply",
    "check_submission_reply",
    "check_view",
]
