"""What Slack hands on: every text fit to be stored; what somebody typed and chose, by field."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

# No database stores a NUL or half a character, and nobody means one.
_UNFIT = re.compile("[\0\ud800-\udfff]")
_NUMBERED = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)


def read(text: str) -> Any:
    """Read JSON, with every text in it fit to be stored; *text* holds no half a character itself.

    Raises ValueError, and RecursionError where it is nested too deeply.
    """
    told = json.loads(text)
    # JSON has no other way to write either. To look at each text takes longer than to read it.
    return storable(told) if _NUMBERED.search(text) else told


def read_form(text: str) -> dict[str, Any]:
    """Read an encoded form, with every text in it fit to be stored; *text* holds no half character.

    Of several fields of one name the last counts. Raises ValueError, also where there are over 100.
    """
    told = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    # There is no other way to write a NUL, and half a character is replaced as it is decoded.
    return storable(told) if "%00" in text or "\0" in text else told


def storable(told: Any) -> Any:
    """Leave out of every text in *told* what cannot be stored.

    Raises RecursionError where it is nested too deeply.
    """
    match told:
        case str():
            return _UNFIT.sub("", told)
        case dict():
            return {storable(name): storable(value) for name, value in told.items()}
        case list():
            return [storable(value) for value in told]
        case _:
            return told


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
