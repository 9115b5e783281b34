"""Fixtures for tests that are plain functions."""

import pytest


@pytest.fixture
def env():
    """Odoo's environment as superuser; nothing stays in the database."""
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    with Registry(get_db_name()).cursor() as cursor:
        yield Environment(cursor, SUPERUSER_ID, {})
        cursor.rollback()
