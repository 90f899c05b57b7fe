"""Faults that change nothing a test could see: what stands before each, and the reason."""

ITSELF = "in_() makes its parameter an expanding one by itself"
ASKED = "only whether it is true is asked of it"
DIFFER = "only differences between these sums are used"
TAKEN = "what stands at this border is of the same kind by another rule too"
UNKILLABLE: dict[str, dict[str, str]] = {
    "storage/policy.py": {
        "ce.in_(bindparam('audiences', expanding=[True -> False]": ITSELF,
        "_id').in_(bindparam('groups', expanding=[True -> False]": ITSELF,
        "er[int] = bindparam('owners', expanding=[True -> False]": ITSELF,
        "er[int] = bindparam('chairs', expanding=[True -> False]": ITSELF,
        "am(mark(model.__tablename__), expanding=[True -> False]": ITSELF,
        "up.id.in_(bindparam('groups', expanding=[True -> False]": ITSELF,
        " -> bool: if not asker.is_linked: return[False -> None]": ASKED,
        "ole.UNKNOWN], Audience.STAFF: SEES[Role.[STAFF -> ADMIN]": "both see the same",
    },
    "storage/guard.py": {
        " * 4 >= last - first: return True return[False -> None]": ASKED,
        "(accumulate(map(_mixes, parts), initial=[0 -> 1]": DIFFER,
        "(accumulate(map(_mixes, parts), initial=[0 -> -1]": DIFFER,
    },
    "commands/words.py": {
        ' is New York.""" return zone.rsplit(\'/\',[1 -> 2]': "its last part is the same",
        "]), int(parts[2]) if len(parts) > 2 else[1 -> 2]": "only its month is said",
    },
    "storage/characters.py": {
        "haracter: str) -> bool: newer = 126976 <[= -> ]": TAKEN,
        "bool: newer = 126976 <= ord(character) <[ -> =]": TAKEN,
        "bool: newer = 126976 <= ord(character) <[129792 -> 129793]": TAKEN,
        "picture(character: str) -> bool: newer =[126976 -> 126977]": TAKEN,
        ", '\\u2065', '𖿤'), *map(chr, range(65520,[65529 -> 65530]": TAKEN,
        ", '᠏'} _OF_HAN = {*map(chr, range(65024,[65038 -> 65039]": TAKEN,
        ", range(65024, 65038)), *map(chr, range([917760 -> 917759]": TAKEN,
        "(65024, 65038)), *map(chr, range(917760,[918000 -> 918001]": TAKEN,
    },
}
