"""`python -m tests.sabotage [NAME ...]`: break each guard of the sending protocol once and see a test catch it.

Every sabotage changes a few words in a temporary copy of the project and runs the tests that must notice. One that
goes unnoticed is a hole in the tests; the command then exits with 1. Runs on SQLite unless DATABASE_URL is given.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOM = "ropo_portal/submissions"
RULES = f"{ROOM}/migrations/0002_rules_the_database_keeps.py"
STEPS = "ropo_portal/collection/migrations"
MONEY = "ropo_portal/invoices/migrations"
DEEDS, NOTES = "ropo_portal/invoices/operations", "ropo_portal/collection/operations"
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"
)


@dataclass(frozen=True)
class Sabotage:
    """One plausible "improvement": which words become which, and who must notice."""

    name: str
    file: str
    old: str
    new: str
    noticed_by: str


SABOTAGES = (
    Sabotage("resend after an ambiguous answer", f"{ROOM}/outcomes.py",
             "        State.UNCONFIRMED,\n        Outcome.UNKNOWN,", "        State.QUEUED,\n        Outcome.UNSENT,",
             "test_delivery.py"),
    Sabotage("put a silent attempt back into the queue", f"{ROOM}/intake.py",
             "submission.move(State.UNCONFIRMED, at=at, next_look_up_at=first", "submission.move(State.QUEUED, at=at",
             "test_delivery.py"),
    Sabotage("let the database requeue what may have left", RULES,
             "'') <> 'unsent'", "'') = 'open'", "test_database_rules.py"),
    Sabotage("forget the rule of one live number", f"{ROOM}/migrations/0001_submissions_attempts_and_evidence.py",
             "models.F('opening'), models.F('number_key'),", "models.F('opening'), models.F('id'),",
             "test_database_rules.py"),
    Sabotage("forget the rule of one hot attempt", f"{ROOM}/migrations/0001_submissions_attempts_and_evidence.py",
             "['open', 'unknown', 'accepted']", "['nothing']", "test_database_rules.py"),
    Sabotage("accept any 201", f"{ROOM}/outcomes.py",
             "return result.accepted_count == 1 and clean and", "return True or", "test_outcomes.py"),
    Sabotage("take a duplicate for a rejection", f"{ROOM}/outcomes.py",
             "return any(DUPLICATE.search(text) for text in texts)", "return False", "test_outcomes.py"),
    Sabotage("take one silence for a proof", f"{ROOM}/outcomes.py",
             "if unanswered := sorted(silent):", "if unanswered := []:", "test_look_ups.py"),
    Sabotage("take another job of ours for a proof", f"{ROOM}/intake.py",
             "if sighting.job_id not in known\n    ]", "if True\n    ]", "test_look_ups.py"),
    Sabotage("believe two jobs under one number", f"{ROOM}/outcomes.py",
             "if len(jobs) > 1:", "if len(jobs) > 99:", "test_look_ups.py"),
    Sabotage("look once and give up", f"{ROOM}/intake.py",
             "elif count >= len(steps):", "elif count >= 1:", "test_look_ups.py"),
    Sabotage("let a worker that slept write", f"{ROOM}/delivery.py",
             "or not _is_still_open(attempt)", "", "test_delivery.py"),
    Sabotage("send while the line is paused", RULES,
             '(_paused, "sending is paused for this environment"),', "", "test_database_rules.py"),
    Sabotage("send while everything is paused", RULES,
             "(f\"{_switch('paused', 0)}\", \"all sending is paused\"),", "", "test_database_rules.py"),
    Sabotage("accept without evidence", RULES,
             "(f\"{moved} AND NEW.state = 'accepted' AND NOT", "(f\"0 = 1 AND NEW.state = 'accepted' AND NOT",
             "test_database_rules.py"),
    Sabotage("change what was queued", RULES, '(frozen, "a queued', '("0 = 1", "a queued', "test_database_rules.py"),
    Sabotage("let one person be two (database)", f"{ROOM}/migrations/0001_submissions_attempts_and_evidence.py",
             "('confirmed_by', models.F('proposed_by')), _negated=True", "('reason', 'never'), _negated=True",
             "test_database_rules.py"),
    Sabotage("believe look-ups from before the last try (database)", RULES,
             "AND {aged} >= {activity}", "", "test_database_rules.py"),
    Sabotage("let whoever posted it send again (database)", RULES,
             "p.confirmed_by_id <> NEW.posted_by_id AND p.proposed_by_id <> NEW.posted_by_id", "1 = 1",
             "test_database_rules.py"),
    Sabotage("send again what a look-up found (database)", RULES,
             "AND e.finding IN ('there', 'differs')", "AND e.finding = 'never'", "test_database_rules.py"),
    Sabotage("send again what was written off (database)", RULES,
             "OLD.written_off_at IS NOT NULL AND", "0 = 1 AND", "test_database_rules.py"),
    Sabotage("let the proposer confirm", f"{ROOM}/operations/decisions.py",
             "if open_one.proposed_by_id == actor.pk:", "if False:", "test_decisions.py"),
    Sabotage("send again without waiting", f"{ROOM}/conditions.py",
             "at - row.last_activity_at >= wait,", "True,", "test_decisions.py"),
    Sabotage("send again although a look-up found it", f"{ROOM}/conditions.py",
             "all(found.finding not in", "all(True or found.finding not in", "test_decisions.py"),
    Sabotage("keep no history of an outcome", f"{ROOM}/delivery.py",
             '    record(\n        verb=f"submission.{submission.state}"', '    dict(\n        verb=f"submission.{submission.state}"',
             "test_delivery.py"),
    Sabotage("ask the network inside a transaction", f"{ROOM}/gateway.py",
             "        raise InsideTransaction", "        return", "test_delivery.py"),
    Sabotage("repeat a 401 by machine", f"{ROOM}/outcomes.py",
             "        State.HELD,\n        Outcome.REFUSED,", "        State.QUEUED,\n        Outcome.UNSENT,",
             "test_outcomes.py"),
    Sabotage("send before the hold is over", f"{ROOM}/models/submission.py",
             "            due_at__lte=at,\n", "", "test_delivery.py"),
    Sabotage("ask for the next page before this one is kept", f"{ROOM}/polling.py",
             "        StatusPage.objects.create(", "        dict(", "test_polling.py"),
    Sabotage("forget what a killed poll owes", f"{ROOM}/polling.py",
             ".update(replay_from=marked)", ".update(replay_from=line.replay_from)", "test_polling.py"),
    Sabotage("turn unknown events away", f"{ROOM}/views/events.py",
             "        json.loads(body)\n", '        json.loads(body)["messages"]\n', "test_webhook.py"),
    Sabotage("take money from an event", f"{ROOM}/models/status.py",
             'filter(source=StatusUpdate.POLLED, kind="payment"', 'filter(kind="payment"', "test_events.py"),
    Sabotage("believe what names another creditor's job", f"{ROOM}/interpretation.py",
             "            return None\n        # One that bears", "            pass\n        # One that bears",
             "test_interpretation.py"),
    Sabotage("let an older look win", f"{ROOM}/refreshing.py",
             "objects.filter(newer, pk=", "objects.filter(pk=", "test_interpretation.py"),
    Sabotage("keep two live collections of a claim (database)", f"{STEPS}/0001_reminders_cases_and_overrides.py",
             "models.UniqueConstraint(models.F('claim'), condition=models.Q(('discarded_at', None)), name='case",
             "models.UniqueConstraint(models.F('id'), condition=models.Q(('discarded_at', None)), name='case",
             "tests/collection/test_cases.py"),
    Sabotage("hand a claim over without a second person (database)",
             f"{STEPS}/0002_two_people_hand_a_claim_over.py",
             '"NEW.submission_id IS NOT NULL AND NEW.approved_by_id IS NULL"', '"0 = 1"',
             "tests/collection/test_cases.py"),
    Sabotage("let a step change its claim (database)", f"{STEPS}/0003_steps_stay_with_their_claim.py",
             "NEW.id <> OLD.id OR NEW.claim_id <> OLD.claim_id", "0 = 1", "tests/collection/test_crossings.py"),
    Sabotage("post a step of elsewhere (database)", f"{STEPS}/0003_steps_stay_with_their_claim.py",
             "ON c.environment_id = s.environment_id AND", "ON", "tests/collection/test_crossings.py"),
    Sabotage("let a stranger approve (database)", f"{STEPS}/0003_steps_stay_with_their_claim.py",
             "ON c.creditor_id = m.creditor_id", "ON 1 = 1",
             "tests/collection/test_crossings.py"),
    Sabotage("change a proof (database)", f"{STEPS}/0003_steps_stay_with_their_claim.py",
             '_changed(PROOF_FROZEN, differs), "a proof', '"0 = 1", "a proof', "tests/collection/test_crossings.py"),
    Sabotage("move a payment to another claim (database)", f"{MONEY}/0009_settlements_stay_with_their_claim.py",
             'moved = "NEW.id <> OLD.id OR NEW.claim_id <> OLD.claim_id"', 'moved = "0 = 1"',
             "tests/collection/test_crossings.py"),
    Sabotage("take news of elsewhere for an effect (database)",
             f"{MONEY}/0009_settlements_stay_with_their_claim.py",
             "ON c.environment_id = u.environment_id WHERE", "ON 1 = 1 WHERE", "tests/collection/test_crossings.py"),
    Sabotage("match a payment of another claim (database)", f"{MONEY}/0009_settlements_stay_with_their_claim.py",
             "WHERE p.id = NEW.payment_id AND p.claim_id = NEW.claim_id", "WHERE p.id = NEW.payment_id",
             "tests/collection/test_crossings.py"),
    Sabotage("file news under another environment (database)",
             f"{ROOM}/migrations/0008_news_stays_with_its_environment.py",
             "AND p.environment_id = NEW.environment_id", "", "tests/collection/test_crossings.py"),
    Sabotage("move a line of news (database)", f"{ROOM}/migrations/0008_news_stays_with_its_environment.py",
             "NEW.id <> OLD.id OR NEW.environment_id <> OLD.environment_id", "0 = 1",
             "tests/collection/test_crossings.py"),
    Sabotage("post a document in two environments (database)",
             f"{ROOM}/migrations/0007_nothing_crosses_environments.py",
             "AND p.environment_id <> NEW.environment_id", "AND 0 = 1", "test_crossings.py"),
    Sabotage("send from locked production (database)", f"{ROOM}/migrations/0007_nothing_crosses_environments.py",
             "AND e.name LIKE '%-production' AND NOT e.is_live", "AND 0 = 1", "test_crossings.py"),
    Sabotage("enter one account twice (database)",
             "ropo_portal/accounts/migrations/0004_one_environment_per_account.py",
             "fields=('name', 'cid')", "fields=('id', 'cid')", "tests/accounts/test_operations.py"),
    Sabotage("two settlements of a claim under way (database)", f"{ROOM}/migrations/0005_one_settlement_at_a_time.py",
             "models.F('environment'), models.F('number_key'),", "models.F('environment'), models.F('id'),",
             "tests/collection/test_crossings.py"),
    Sabotage("let two rows of a rule hold on one day (database)", "ropo_portal/rules/migrations/0005_rules_never_overlap.py",
             "AND (o.valid_to IS NULL OR o.valid_to >= NEW.valid_from)", "AND 0 = 1", "tests/rules/test_adding.py"),
    Sabotage("open the book of the house to everybody", "ropo_portal/history/models.py",
             'if scope.may("history.view_house") else', "if True else", "tests/history/test_pages.py"),
    Sabotage("approve what one wrote or asked", f"{DEEDS}/approving.py",
             "if is_author(invoice, actor) or approval.asked_by_id == actor.pk:", "if False:",
             "tests/invoices/test_approvals.py"),
    Sabotage("approve what was changed since", f"{DEEDS}/approving.py",
             "if approval.revision != invoice.revision:", "if False:", "tests/invoices/test_approvals.py"),
    Sabotage("approve what one has not seen", f"{DEEDS}/approving.py",
             "if fingerprint != approval.fingerprint:", "if False:", "tests/invoices/test_approvals.py"),
    Sabotage("answer a question twice", f"{DEEDS}/approving.py",
             "if approval.verdict != Verdict.WAITING:", "if False:", "tests/invoices/test_approvals.py"),
    Sabotage("ask the same question twice", f"{DEEDS}/approving.py",
             "            raise AlreadyAsked", "            pass", "tests/invoices/test_approvals.py"),
    Sabotage("give back without a reason", f"{DEEDS}/approving.py",
             "    if not reason:", "    if False:", "tests/invoices/test_approvals.py"),
    Sabotage("send many without the typed count", f"{DEEDS}/batching.py",
             "if ready.count() != count or not count:", "if False:", "tests/invoices/test_batches.py"),
    Sabotage("send many from locked production", f"{DEEDS}/batching.py",
             "if not batch.environment.is_open:", "if False:", "tests/invoices/test_batches.py"),
    Sabotage("go on for somebody who may no longer send", f"{DEEDS}/batching.py",
             'or not Scope(batch.sent_by).may("invoice.send", batch.creditor_id)', "",
             "tests/invoices/test_batches.py"),
    Sabotage("send of many what nobody has checked", f"{DEEDS}/batching.py",
             '"fingerprint": item.fingerprint,', '"fingerprint": None,', "tests/invoices/test_batches.py"),
    Sabotage("give one of many a second turn", f"{DEEDS}/batching.py",
             'filter(pk=pk, is_chosen=True, result="")', "filter(pk=pk)", "tests/invoices/test_batches.py"),
    Sabotage("put what a flag stopped back into the queue (database)", f"{STEPS}/0008_what_a_flag_stopped_is_looked_at.py",
             'EVERY_MOVE = "NEW.state <> OLD.state"', "EVERY_MOVE = EARLIER.MOVED", "tests/collection/test_flag_holds.py"),
    Sabotage("leave in the queue what a flag stopped", f"{ROOM}/delivery.py",
             "        if _is_flag(reason):", "        if False:", "tests/collection/test_flag_holds.py"),
    Sabotage("keep identity codes in notes", f"{NOTES}/notes.py",
             "if holds_personal_id(text):", "if False:", "tests/collection/test_notes.py"),
    Sabotage("open papers with a protected address", "ropo_portal/documents/views.py",
             "if is_address_hidden(request, row.subject_id):", "if False:", "tests/collection/test_secrecy.py"),
)  # fmt: skip


def noticed(sabotage: Sabotage, copy: Path) -> bool:
    """Break the copy, run the tests that must notice, and mend it again."""
    file = copy / sabotage.file
    whole = file.read_text()
    if sabotage.old not in whole:
        message = f"{sabotage.name}: the words to change are not in {sabotage.file}"
        raise SystemExit(message)
    file.write_text(whole.replace(sabotage.old, sabotage.new, 1))
    place = sabotage.noticed_by
    tests = place if place.startswith("tests/") else f"tests/submissions/{place}"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        tests,
    ]
    environment = {"DATABASE_URL": "sqlite://:memory:", **os.environ}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    finally:
        file.write_text(whole)
    return done.returncode == 1 and " failed" in done.stdout


def main(names: list[str]) -> int:
    """Try every sabotage, or the named ones; return 1 when one goes unnoticed."""
    chosen = [one for one in SABOTAGES if not names or one.name in names]
    holes = []
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        copy = Path(folder, "project")
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for sabotage in chosen:
            started = time.monotonic()
            caught = noticed(sabotage, copy)
            print(
                f"{'caught  ' if caught else 'MISSED  '} {sabotage.name} ({time.monotonic() - started:.0f} s)",
                flush=True,
            )
            if not caught:
                holes.append(sabotage.name)
    print(f"{len(chosen) - len(holes)} caught, {len(holes)} missed")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
