"""Every screen of the portal: its route, who looks at it, and the way there; and the routes that are no screen."""

from dataclasses import dataclass

NOWHERE = "/invoices/00000000-0000-7000-8000-000000000000"
ROW = "td.is-key a"


@dataclass(frozen=True)
class Screen:
    """A page: its route, who looks at it, where its way begins, and what leads on to it."""

    name: str
    route: str
    path: str
    who: str = "sender"
    # Links to follow; "!" and a button presses it, "name=words" types into a field of that name first.
    links: tuple[str, ...] = ()
    opened: str = ""  # a key that opens something over the page, or the word to look for
    refused: bool = False  # the browser itself complains about those


DRAFT, TAKEN = "/invoices/?state=draft", "/invoices/?state=accepted"
DEBTORS, CREDITORS = "/parties/debtors/", "/parties/creditors/"
CREDITOR = (ROW,)
SCREENS = (
    # Its hold is soon over, so it comes first.
    Screen("invoice-queued", "invoices:detail", "/invoices/?state=queued", links=(ROW,)),
    # The way in, and the reader's own settings.
    Screen("sign-in", "account_login", "/account/login/", who=""),
    Screen("sign-out", "account_logout", "/account/logout/"),
    Screen("sign-up-closed", "account_signup", "/account/signup/", who=""),
    Screen("password-change", "account_change_password", "/account/password/change/"),
    Screen("password-forgotten", "account_reset_password", "/account/password/reset/", who=""),
    Screen("password-sent", "account_reset_password_done", "/account/password/reset/done/", who=""),
    Screen(
        "password-stale-link",
        "account_reset_password_from_key",
        "/account/password/reset/key/1-stale-link/",
        who="",
    ),
    Screen(
        "password-new", "account_reset_password_from_key_done", "/account/password/reset/key/done/", who=""
    ),
    Screen("no-longer-here", "account_inactive", "/account/inactive/", who=""),
    Screen("reauthenticate", "account_reauthenticate", "/account/reauthenticate/"),
    Screen("security", "mfa_index", "/account/second-step/"),
    Screen("notices", "worklist:notices", "/today/notices"),
    Screen("keys", "worklist:today", "/today/", opened="?"),
    # The work.
    Screen("today", "worklist:today", "/today/"),
    Screen("today-approver", "worklist:today", "/today/", who="approver"),
    Screen("dashboard", "worklist:dashboard", "/today/dashboard?all=1"),
    Screen("dashboard-creditor", "worklist:dashboard", "/today/dashboard"),
    Screen("money", "worklist:items", "/today/items"),
    Screen("search", "rules:list", "/rules/", opened="Satu"),
    Screen("search-page", "finding:everywhere", "/find/"),
    Screen("practice", "training:practice", "/practice/", who="clerk"),
    # Invoices.
    Screen("invoices", "invoices:list", "/invoices/"),
    Screen("invoices-none", "invoices:list", "/invoices/?q=nothing-of-this-name"),
    Screen(
        "view",
        "finding:view",
        TAKEN,
        links=("name=Taken over", "!.drop__body button", "a[href*='/find/views/']"),
    ),
    Screen("invoice-new", "invoices:create", "/invoices/new"),
    Screen("invoice-edit", "invoices:edit", DRAFT, links=(ROW, "a[href$='/edit']")),
    Screen("invoice-mend", "invoices:edit", "/invoices/?state=rejected", links=(ROW, "a[href$='/edit']")),
    Screen("invoice-send", "invoices:send", DRAFT, links=(ROW, "a[href$='/send']")),
    *(
        Screen(f"invoice-{state}", "invoices:detail", f"/invoices/?state={state}", links=(ROW,))
        for state in ("draft", "accepted", "rejected", "held")
    ),
    Screen("batches", "invoices:batches", "/invoices/batches"),
    Screen("batch", "invoices:batch", "/invoices/batches", links=(ROW,)),
    Screen("batch-mend", "invoices:batch-group", "/invoices/batches", links=(ROW, "a[href*='/mend/']")),
    Screen("batch-doubts", "invoices:batch-doubts", "/invoices/batches", links=(ROW, "a[href*='/doubts']")),
    Screen("approvals", "collection:approvals", "/collection/approvals", who="approver"),
    Screen(
        "approval",
        "invoices:approval",
        "/collection/approvals",
        who="approver",
        links=("td.is-key a[href*='/invoices/']",),
    ),
    Screen("imports", "imports:list", "/imports/", who="clerk"),
    Screen("import", "imports:detail", "/imports/", who="clerk", links=(ROW,)),
    Screen("import-columns", "imports:columns", "/imports/", who="clerk", links=(ROW, "a[href$='/columns']")),
    Screen("import-mend", "imports:invoice", "/imports/", who="clerk", links=(ROW, "a[href$='/next-error']")),
    # What is on its way to Ropo One.
    Screen("submissions", "submissions:list", "/submissions/"),
    *(
        Screen(f"submission-{state}", "submissions:detail", f"/submissions/?state={state}", links=(ROW,))
        for state in ("held", "rejected", "accepted")
    ),
    Screen("lines", "submissions:line", "/submissions/lines/"),
    # Claims, reminders, debt collection, money.
    Screen("claims", "collection:list", "/collection/"),
    *(
        Screen(f"claim-{name}", "collection:claim", f"/collection/?q={number}", links=(ROW,))
        for name, number in (("paid", "V501"), ("collected", "V502"), ("race", "V503"), ("proposed", "V505"))
    ),
    Screen("claim-foreign", "collection:create", "/collection/new"),
    Screen(
        "claim-correct",
        "collection:claim-correct",
        "/collection/?q=V506",
        links=(ROW, "a[href$='/correct']"),
    ),
    Screen(
        "reminder-new",
        "collection:begin",
        "/collection/?q=V506",
        links=(
            ROW,
            "a[href$='/begin/reminder']",
        ),
    ),
    Screen(
        "reminder-form",
        "collection:reminder",
        "/collection/?q=V507",
        links=(ROW, "a[href*='/collection/reminder/']"),
    ),
    Screen(
        "reminder-send",
        "collection:reminder-send",
        "/collection/?q=V507",
        links=(ROW, "a[href*='/collection/reminder/']", "!button[name=then][value=send]"),
    ),
    Screen(
        "case-form", "collection:case", "/collection/?q=V505", links=(ROW, "a[href*='/collection/case/']")
    ),
    Screen(
        "case-approve",
        "collection:case-approve",
        "/collection/?q=V505",
        who="approver",
        links=(ROW, "a[href$='/approve']"),
    ),
    Screen("payments", "invoices:payments", "/invoices/payments"),
    Screen("payment", "invoices:payment", "/submissions/", links=("a[href^='/invoices/payments/0']",)),
    Screen(
        "payment-new",
        "invoices:payment-new",
        "/collection/?q=V502",
        links=(ROW, "a[href*='/payments/of-claim/']"),
    ),
    Screen("credit-new", "invoices:credit-new", TAKEN, links=(ROW, "a[href*='/credit-notes/of-invoice/']")),
    Screen(
        "credit-note", "invoices:credit-note", "/submissions/", links=("a[href*='/invoices/credit-notes/']",)
    ),
    Screen(
        "credit-place",
        "invoices:credit-place",
        "/collection/?q=V503",
        links=(ROW, "a[href*='/credits/of-claim/']"),
    ),
    # People and companies.
    Screen("debtors", "parties:debtor-list", DEBTORS),
    Screen("debtors-none", "parties:debtor-list", f"{DEBTORS}?q=nobody-of-this-name"),
    Screen("debtor", "parties:debtor-detail", DEBTORS, links=(ROW,)),
    Screen("debtor-new", "parties:debtor-create", f"{DEBTORS}new"),
    Screen("debtor-edit", "parties:debtor-edit", DEBTORS, links=(ROW, "a[href$='/edit']")),
    Screen(
        "debtor-claims",
        "collection:of-debtor",
        DEBTORS,
        links=(ROW, "[href*='/collection/of-debtor/']:not([href$='/flag']):not([href$='/merge'])"),
    ),
    Screen("debtor-notes", "collection:notes", "/collection/?q=V502", links=(ROW, "[href$='/notes']")),
    Screen("promise", "collection:promise", "/collection/?q=V502", links=(ROW, "a[href*='/promise']")),
    Screen("flag", "collection:flag", DEBTORS, links=(ROW, "a[href$='/flag']")),
    Screen("merge", "collection:merge-choose", DEBTORS, links=(ROW, "a[href$='/merge']")),
    Screen(
        "merge-fields",
        "collection:merge",
        DEBTORS,
        links=(ROW, "a[href$='/merge']", "q=a", "!form[role=search] button", "#found a"),
    ),
    Screen("creditors", "parties:creditor-list", CREDITORS, who="administrator"),
    Screen("creditor-new", "parties:creditor-create", f"{CREDITORS}new", who="administrator"),
    Screen("creditor", "parties:creditor-detail", CREDITORS, who="administrator", links=CREDITOR),
    *(
        Screen(name, route, CREDITORS, who="administrator", links=(*CREDITOR, f"a[href$='{end}']"))
        for name, route, end in (
            ("creditor-edit", "parties:creditor-edit", "/edit"),
            ("environment-new", "parties:environment-add", "/environments/new"),
            ("credentials", "parties:environment-credentials", "/credentials"),
            ("webhook", "submissions:webhook", "/events"),
            ("people", "parties:people", "/people"),
        )
    ),
    *(
        Screen(
            name,
            route,
            CREDITORS,
            who="administrator",
            links=(*CREDITOR, "a[href$='/people']", f"a[href$='{end}']"),
        )
        for name, route, end in (
            ("person-new", "parties:person-invite", "/people/new"),
            ("person-role", "parties:person-role", "/role"),
            ("person-end", "parties:person-end", "/end"),
        )
    ),
    # Rules and the history.
    Screen("rules", "rules:list", "/rules/"),
    Screen("rules-due", "rules:list", "/rules/", who="administrator"),
    Screen("rule", "rules:detail", "/rules/", links=(ROW,)),
    Screen("rule-check", "rules:check", "/rules/", who="administrator", links=(ROW, "a[href$='/check']")),
    Screen("rule-change", "rules:change", "/rules/", who="administrator", links=(ROW, "a[href$='/change']")),
    Screen("rule-new", "rules:new", "/rules/", who="administrator", links=("a[href$='/new']",)),
    Screen("history", "history:list", "/history/", who="auditor"),
    Screen("history-none", "history:list", "/history/?q=nothing-of-this-name", who="auditor"),
    Screen("history-entry", "history:detail", "/history/", who="auditor", links=(ROW,)),
    Screen("history-of", "history:of-subject", DEBTORS, links=(ROW, "[href*='/history/of/']")),
    # Doors that stay shut.
    Screen("not-found", "invoices:detail", NOWHERE, refused=True),
    Screen("forbidden", "invoices:create", "/invoices/new", who="auditor", refused=True),
)

FILE, PIECE, ONWARD = "a file", "a piece of a page, without a frame of its own", "it leads on to another page"
APP = "only with an app or passkey for signing in: tests/ui/test_second_step_by_keyboard.py"
# Routes that answer to GET and are no screen of their own, and why.
NO_SCREENS = {
    # These need what the demonstration has nowhere; the tests of their rooms look at the answers.
    "collection:override": "only for a claim that a rule holds back: tests/collection",
    "collection:case-propose": "only for a collection not proposed yet: tests/journeys/test_collection.py",
    "collection:of-invoice": PIECE,
    "collection:flag-lift": "only for a debtor with a flag: tests/collection",
    "invoices:of-debtor": PIECE,
    "invoices:credit": "only after a credit note was placed: tests/journeys/test_payments.py",
    "parties:live-propose": "only with production, which the demonstration never has: tests/parties",
    "parties:live-off": "only with production, which the demonstration never has: tests/parties",
    "doors:health": "for machines, without a page",
    "home": ONWARD,
    "worklist:next": ONWARD,
    "imports:next-error": ONWARD,
    "collection:detail": ONWARD,
    "finding:export-download": FILE,
    "finding:export-detail": "only for a list too long to be given at once: tests/finding",
    "documents:document": FILE,
    "invoices:draft": FILE,
    "invoices:preview": FILE,
    "invoices:batch-results": FILE,
    "imports:example": FILE,
    "collection:proof": FILE,
    "parties:debtor-options": PIECE,
    "submissions:panel": PIECE,
    "invoices:counters": PIECE,
    "invoices:debtor-card": PIECE,
    "invoices:fate": PIECE,
    "invoices:claim-money": PIECE,
    "collection:fate": PIECE,
    "imports:progress": PIECE,
    "account_set_password": ONWARD,
    "account_email": "addresses are kept by support",
    "account_email_verification_sent": "addresses are kept by support",
    "account_confirm_email": "addresses are kept by support",
    "account_confirm_login_code": "nobody signs in by a code sent by e-mail",
    "mfa_reauthenticate_webauthn": PIECE,
    **dict.fromkeys(
        (
            "mfa_authenticate",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_reauthenticate",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
        ),
        APP,
    ),
}
