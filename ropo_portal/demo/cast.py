"""Room: who may sign in to the demonstration; plain data, which the settings read."""

from dataclasses import dataclass

# Printed, shown on the sign-in page, and good for nothing but the demonstration.
PASSWORD = "pienet-purot-2026"  # noqa: S105


@dataclass(frozen=True)
class Player:
    """Somebody in the demonstration, with one role at all three creditors."""

    email: str
    name: str
    role: str
    title: str
    is_support: bool = False


CAST = (
    Player("sender@demo.example", "Saana Lähettäjä", "sender", "Sender"),
    Player("second.sender@demo.example", "Sixten Avsändare", "sender", "Second sender"),
    Player("clerk@demo.example", "Kaisa Kirjaaja", "clerk", "Clerk"),
    Player("approver@demo.example", "Håkon Godkjenner", "approver", "Approver"),
    Player("administrator@demo.example", "Anneli Ylläpitäjä", "administrator", "Administrator"),
    Player("auditor@demo.example", "Rut Revisor", "auditor", "Auditor"),
    Player(
        "support@demo.example", "Sampo Tuki", "reader", "Support (reader, and /support/)", is_support=True
    ),
)


def sign_ins() -> list[dict[str, str]]:
    """Return what the sign-in page offers."""
    return [{"email": one.email, "password": PASSWORD, "role": one.title, "name": one.name} for one in CAST]


# What the settings hold in mode demo alone. A browser on the same machine gains nothing from packed files, and
# packing takes longest of all.
SETTINGS = {
    "DEMO_USERS": sign_ins(),
    "WHITENOISE_SKIP_COMPRESS_EXTENSIONS": (
        "css",
        "html",
        "js",
        "json",
        "map",
        "md",
        "mjs",
        "svg",
        "txt",
        "xml",
    ),
}
