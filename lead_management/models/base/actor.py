"""On whose behalf something is done, apart from what a request carries besides."""

from collections import namedtuple

from odoo import SUPERUSER_ID, api

# All that is taken along of the context of who asks for work, by its type.
CONTEXT_KEPT = {"lang": str, "tz": str, "allowed_company_ids": (list, tuple)}


class Actor(namedtuple("Actor", "uid context")):
    """Who asks for work, as plain data: it may wait, and be a key."""

    @classmethod
    def of(cls, env):
        kept = [
            (key, tuple(value) if key == "allowed_company_ids" else value)
            for key, kind in CONTEXT_KEPT.items()
            if isinstance(value := env.context.get(key), kind)
        ]
        return cls(env.uid, tuple(kept))

    def env(self, cr, **context):
        """Return the environment in which something is done for them, all allowed.

        :param context: what else the work needs to know
        """
        kept = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in self.context
        }
        return api.Environment(cr, self.uid, {**kept, **context}, su=True)


# The program itself.
NOBODY = Actor(SUPERUSER_ID, ())
