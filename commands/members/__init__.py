"""People and their organisations: so far, keeping up with what Slack says of a person."""

from commands.members import handlers
from commands.routes import Routes

ROUTES = Routes(
    room="members",
    events={"team_join": handlers.noted, "user_change": handlers.noted},
)
