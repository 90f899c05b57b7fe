"""Every table, by noun, with the rules that hold for one row."""

from storage.models.actions import ActionItem, ActionState
from storage.models.audit import AuditEntry
from storage.models.briefings import (
    LONG,
    Answer,
    Briefing,
    BriefingPartner,
    Kind,
    Notice,
    PartnerRole,
    Place,
    Precision,
    Rsvp,
    Series,
    Standing,
    State,
    Verdict,
)
from storage.models.calendars import CalendarFeed
from storage.models.deliveries import (
    Delivery,
    DeliveryState,
    Lane,
    OwnDigest,
    Preference,
    Subscription,
)
from storage.models.groups import GroupSeat, WorkingGroup
from storage.models.initiatives import (
    Health,
    Initiative,
    InitiativeParticipant,
    InitiativeUpdate,
    Milestone,
    Part,
)
from storage.models.installations import Installation, LedgerEntry, OAuthState
from storage.models.marks import FITS, Audience, Marked, Tlp
from storage.models.people import (
    CONTACT,
    BoardRole,
    Organisation,
    OrganisationAlias,
    OrganisationDomain,
    OrganisationKind,
    Person,
    Role,
    Workspace,
)
from storage.models.programmes import FormerTalk, Pick, Talk
from storage.models.resources import Resource, ResourceKind
from storage.models.row import InWorkspace, Row, Titled, folded, spaced
from storage.models.sharing import NamedReader, Widening
from storage.models.words import ItemWord, whole

# The tables of what people may be kept from.
MARKED = tuple(
    str(mapper.local_table) for mapper in Row.registry.mappers if issubclass(mapper.class_, Marked)
)

__all__ = [
    "CONTACT",
    "FITS",
    "LONG",
    "MARKED",
    "ActionItem",
    "ActionState",
    "Answer",
    "Audience",
    "AuditEntry",
    "BoardRole",
    "Briefing",
    "BriefingPartner",
    "CalendarFeed",
    "Delivery",
    "DeliveryState",
    "FormerTalk",
    "GroupSeat",
    "Health",
    "InWorkspace",
    "Initiative",
    "InitiativeParticipant",
    "InitiativeUpdate",
    "Installation",
    "ItemWord",
    "Kind",
    "Lane",
    "LedgerEntry",
    "Marked",
    "Milestone",
    "NamedReader",
    "Notice",
    "OAuthState",
    "Organisation",
    "OrganisationAlias",
    "OrganisationDomain",
    "OrganisationKind",
    "OwnDigest",
    "Part",
    "PartnerRole",
    "Person",
    "Pick",
    "Place",
    "Precision",
    "Preference",
    "Resource",
    "ResourceKind",
    "Role",
    "Row",
    "Rsvp",
    "Series",
    "Standing",
    "State",
    "Subscription",
    "Talk",
    "Titled",
    "Tlp",
    "Verdict",
    "Widening",
    "WorkingGroup",
    "Workspace",
    "folded",
    "spaced",
    "whole",
]
