"""What somebody typed and chose in a form, by field."""

from collections.abc import Mapping
from typing import Any


def fields(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, str]:
    """Flatten a form's state to what was typed or chosen, by field; "" for what was not touched.

    Several that were chosen stand on a line each.
    """
    return {
        block: _entered(state) for block, elements in values.items() for state in elements.values()
    }


def _entered(state: Mapping[str, Any]) -> str:
    several = [option["value"] for option in state.get("selected_options") or ()]
    one = (state.get("selected_option") or {}).get("value")
    moment = state.get("selected_time") or state.get("selected_date")
    return state.get("value") or one or moment or "\n".join(several)
