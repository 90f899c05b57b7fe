"""Every kind of person, item and act against a table written without the code: 40,320 cells."""

from itertools import pairwise, product
from typing import Any

from storage.asker import SEES, Asker
from storage.models import Audience, Briefing, Initiative, Role, State, Tlp, WorkingGroup
from storage.policy import Act, decide
from tests.factories import NOON
from tests.storage.access_table import (
    ACTS,
    AUDIENCES,
    LABELS,
    LINKED,
    RELATIONS,
    ROLES,
    STATES,
    expected,
)

GROUP, ITEM, ME = 7, 12, 3
# Somebody gone has the rights of nobody; a guest nobody confirmed those of an outside body.
AS = {"gone": Role.UNKNOWN, "capped": Role.EXTERNAL}


def somebody(role: str, relation: str, audience: str) -> Asker:
    stands = AS.get(role) or Role(role)
    is_one = role in LINKED and relation in {"inside", "chair"}
    mine = frozenset({GROUP}) if is_one else frozenset[int]()
    named = is_one and relation == "inside" and audience == "named"
    return Asker(
        1,
        ME,
        role=stands,
        audiences=() if role == "gone" else SEES[stands],
        groups=mine,
        chairs=mine if relation == "chair" else frozenset(),
        named=frozenset({("briefings", ITEM)} if named else set()),
    )


def something(audience: str, label: str, relation: str, state: str) -> Any:
    marks = {
        "id": ITEM,
        "workspace_id": 1,
        "audience": Audience(audience),
        "tlp": Tlp(label),
        "audience_group_id": GROUP if audience == "group" else None,
    }
    if relation == "owner":
        return Initiative(title="Lantern", lead_id=ME, moved_at=NOON, **marks)
    published = State.PUBLISHED if state == "over" else State(state)
    return Briefing(title="Forum", state=published, **marks)


def test_every_cell_of_the_access_model_is_as_the_table_says() -> None:
    cells = list(product(ROLES, AUDIENCES, LABELS, RELATIONS, STATES, ACTS))

    wrong = [
        cell
        for cell in cells
        if decide(somebody(cell[0], cell[3], cell[1]), something(*cell[1:5]), Act(cell[5]))
        is not expected(*cell)
    ]

    assert len(cells) == 40_320
    assert wrong == []
    assert {act.value for act in Act} == set(ACTS)


def test_more_role_is_never_less_sight_and_a_narrower_audience_never_more() -> None:
    ladder = ("gone", "unknown", "external", "member", "staff", "admin")
    circles = ("staff", "members", "community", "public")
    for label, relation, act in product(LABELS, RELATIONS, ACTS):
        for low, high in pairwise(ladder):
            for audience in AUDIENCES:
                item = something(audience, label, relation, "published")
                may = [
                    decide(somebody(role, relation, audience), item, Act(act))
                    for role in (low, high)
                ]
                assert may[0] <= may[1], (low, high, audience, label, relation, act)
        for narrow, wide in pairwise(circles):
            for role in ROLES:
                sees = [
                    decide(
                        somebody(role, relation, audience),
                        something(audience, label, relation, "published"),
                    )
                    for audience in (narrow, wide)
                ]
                assert sees[0] <= sees[1], (role, narrow, wide)


def test_a_stricter_label_opens_no_exit() -> None:
    for role, audience, relation, state in product(ROLES, AUDIENCES, RELATIONS, STATES):
        asker = somebody(role, relation, audience)
        for act in (Act.READ, Act.EXPORT, Act.ANNOUNCE, Act.SEE):
            may = [
                decide(asker, something(audience, label, relation, state), act) for label in LABELS
            ]
            assert may == sorted(may, reverse=True)


def test_who_sits_in_a_group_reads_its_names_and_who_chairs_it_keeps_it() -> None:
    group = WorkingGroup(
        id=GROUP, workspace_id=1, title="Group", audience=Audience.STAFF, tlp=Tlp.AMBER
    )
    outside, inside, chair = (
        somebody("external", relation, "group") for relation in ("none", "inside", "chair")
    )

    may = [
        [decide(asker, group, act) for act in (Act.SEE, Act.SEE_NAMES, Act.EDIT, Act.WIDEN)]
        for asker in (outside, inside, chair)
    ]

    assert may == [[False] * 4, [True, True, False, False], [True, True, True, False]]


def test_a_group_left_over_from_another_audience_gives_nothing() -> None:
    item = something("staff", "AMBER", "none", "published")
    item.audience_group_id = GROUP

    assert not decide(somebody("member", "chair", "staff"), item)


def test_whoever_was_named_sees_that_item_and_no_other_of_its_number() -> None:
    named = Asker(1, ME, role=Role.MEMBER, named=frozenset({("resources", ITEM)}))

    assert not decide(named, something("named", "AMBER", "none", "published"))
