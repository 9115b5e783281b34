"""A service that sends, for the tests that break it."""

import pytest


@pytest.fixture(scope="module")
def running():
    from .service import in_service

    with in_service() as service:
        yield service


@pytest.fixture
def service(running):
    running.reset()
    yield running
    running.reset()
