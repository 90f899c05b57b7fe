"""The App Home: what waits for one person, and what is next."""

from commands.home import handlers
from commands.routes import Routes

ROUTES = Routes(room="home", events={"app_home_opened": handlers.opened})
