"""Reading a time zone as people write it: by its city or whole, never as letters that mean many."""

from storage.wall_time import named

# What people write, and the zones they may mean by it (IANA): an abbreviation is no zone's name.
MEANT = {
    "et": ("America/New_York",),
    "est": ("America/New_York", "Australia/Sydney"),
    "edt": ("America/New_York",),
    "ct": ("America/Chicago",),
    "cst": ("America/Chicago", "Asia/Shanghai"),
    "cdt": ("America/Chicago", "America/Havana"),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver",),
    "pt": ("America/Los_Angeles",),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "pdt": ("America/Los_Angeles",),
    "gmt": ("Europe/London", "UTC"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "wet": ("Europe/Lisbon",),
    "cet": ("Europe/Brussels",),
    "cest": ("Europe/Brussels",),
    "eet": ("Europe/Helsinki",),
    "eest": ("Europe/Helsinki",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "sgt": ("Asia/Singapore",),
    "hkt": ("Asia/Hong_Kong",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
}
WRONG = "Write a time zone by its city, such as Brussels, or whole, such as Europe/Brussels."


def read(text: str) -> str | None:
    """Give the zone that *text* names; None where it names none, or may mean several."""
    return None if text.strip().casefold() in MEANT else named(text)


def wrong(text: str) -> str:
    """Say what to write in the place of *text*, which names no zone."""
    meant = MEANT.get(text.strip().casefold(), ())
    if not meant:
        return WRONG
    letters = text.strip().upper()
    if len(meant) == 1:
        return f"{letters} is no time zone of its own: write {meant[0]}, which keeps its clocks."
    return f"{letters} means different zones to different people. Write {' or '.join(meant)}."
