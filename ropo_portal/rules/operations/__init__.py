"""Room: what the rules say about a day, and how a rule is checked or followed by a new one."""

from ropo_portal.rules.bar import LegalBar, legal_bar
from ropo_portal.rules.clock import ClaimFacts, LegalClock, Milestone, Reach
from ropo_portal.rules.operations.adding import add_rule
from ropo_portal.rules.operations.changes import CannotChangeRule, change_rule, check_rule
from ropo_portal.rules.operations.checking import (
    DueCheck,
    doubtful_rules,
    due_among,
    due_for_check,
    next_turn,
)
from ropo_portal.rules.operations.clock import legal_clock, legal_clocks, reaches
from ropo_portal.rules.operations.costs import fee_cap, late_interest
from ropo_portal.rules.operations.vat import is_rate_of, rates_on, vat_rate_warning

__all__ = [
    "CannotChangeRule",
    "ClaimFacts",
    "DueCheck",
    "LegalBar",
    "LegalClock",
    "Milestone",
    "Reach",
    "add_rule",
    "change_rule",
    "check_rule",
    "doubtful_rules",
    "due_among",
    "due_for_check",
    "fee_cap",
    "is_rate_of",
    "late_interest",
    "legal_bar",
    "legal_clock",
    "legal_clocks",
    "next_turn",
    "rates_on",
    "reaches",
    "vat_rate_warning",
]
