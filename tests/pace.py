"""Pytest plugin: circular garbage is looked for rarely, as a run holds millions of objects that never go."""

import gc

import pytest

YOUNG, MIDDLE, OLD = 50_000, 20, 100


def pytest_configure() -> None:
    gc.set_threshold(YOUNG, MIDDLE, OLD)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave code, settings and the tests themselves out of every later look."""
    gc.collect()
    gc.freeze()
