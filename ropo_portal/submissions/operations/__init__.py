"""Room: what people do with submissions: queue, hurry, take back, pause, look up, decide."""

from ropo_portal.submissions.operations.decisions import (
    DecisionRefused,
    confirm_resend,
    confirm_there,
    propose_resend,
    withdraw_proposal,
    write_off,
)
from ropo_portal.submissions.operations.disclosure import ReasonMissing, reveal_message
from ropo_portal.submissions.operations.effects import confirm_by_news
from ropo_portal.submissions.operations.lines import pause_environment, resume_environment, set_sending
from ropo_portal.submissions.operations.news import (
    clear_alarm,
    receive_events,
    refresh_status,
    set_webhook_secret,
)
from ropo_portal.submissions.operations.queueing import (
    AlreadyPosted,
    CannotPost,
    EnvironmentClosed,
    NumberAlreadyLive,
    SettlementUnfinished,
    TooLate,
    enqueue,
    release,
    ring,
    send_now,
    withdraw,
)
from ropo_portal.submissions.operations.reads import (
    ReadFailed,
    address_of,
    answer_document,
    check_connection,
    fetch_image,
    look_up_now,
    preview,
)

__all__ = [
    "AlreadyPosted",
    "CannotPost",
    "DecisionRefused",
    "EnvironmentClosed",
    "NumberAlreadyLive",
    "ReadFailed",
    "ReasonMissing",
    "SettlementUnfinished",
    "TooLate",
    "address_of",
    "answer_document",
    "check_connection",
    "clear_alarm",
    "confirm_by_news",
    "confirm_resend",
    "confirm_there",
    "enqueue",
    "fetch_image",
    "look_up_now",
    "pause_environment",
    "preview",
    "propose_resend",
    "receive_events",
    "refresh_status",
    "release",
    "resume_environment",
    "reveal_message",
    "ring",
    "send_now",
    "set_sending",
    "set_webhook_secret",
    "withdraw",
    "withdraw_proposal",
    "write_off",
]
