"""Batches for tests: chosen, checked, sent."""

import datetime as dt
from dataclasses import replace

from ropo_portal.invoices.content import InvoiceContent
from ropo_portal.invoices.operations import change_invoice, check_batch, choose_invoices, send_batch
from tests.factories import AT, make_invoice, make_user

LATER = AT + dt.timedelta(minutes=5)


def choose(environment, invoices, actor=None):
    ids = [invoice.pk for invoice in invoices]
    return choose_invoices(environment=environment, ids=ids, actor=actor or make_user(), at=AT)


def checked(environment, invoices):
    batch = choose(environment, invoices)
    while check_batch(batch=batch, most=50, at=AT):
        pass
    return batch


def sent(environment, invoices, **options):
    batch = checked(environment, invoices)
    ready = batch.items.ready().count()
    actor = options.pop("actor", None) or make_user("sender", environment.creditor)
    return send_batch(batch=batch, count=ready, actor=actor, at=AT, **options)


def drafts(environment, number):
    return [make_invoice(environment) for _ in range(number)]


def edit(invoice):
    content = replace(InvoiceContent.of(invoice), our_reference="edited")
    change_invoice(invoice=invoice, content=content, revision=1, actor=make_user(), at=AT)


def results(batch):
    return [(item.position, item.result) for item in batch.items.all()]
