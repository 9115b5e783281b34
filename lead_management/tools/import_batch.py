"""What is known of the rows of a file while they are imported, without database."""

import json
from hashlib import blake2b


def fingerprint(record, company_id):
    """Return what tells a row from all others imported into the same company.

    Empty cells and the order of the columns do not count.

    >>> one = fingerprint({"name": "Chairs", "phone": ""}, 1)
    >>> one == fingerprint({"name": "Chairs"}, 1)
    True
    >>> one == fingerprint({"name": "Chairs"}, 2)
    False
    """
    cells = {column: value for column, value in record.items() if value}
    # many2one cells come as lists of dicts whose key is None for a name
    text = json.dumps([company_id, sorted(cells.items())], default=str)
    return blake2b(text.encode(), digest_size=16).hexdigest()


class ImportPart:
    """Which part of a file is sent, as the import screen sends it.

    :param first_row: the number of its first row for the user, who sees the file
    """

    def __init__(self, first_row=1):
        self.first_row = first_row
        # external id to the number of its row, of the parts sent before
        self.ids_before = {}


class ImportBatch:
    """The rows of one call of ``load()``: which are bad, and which known already.

    Rows are counted from 0, and ``rows`` is ``{"from": first, "to": last}``, both as in
    ``load()``: one record may span several rows.
    """

    def __init__(self, first_row, identities):
        """Start with no row.

        :param first_row: the number of row 0 for the user, who sees the file
        :param identities: dict of external id to the number of the row that has it, for
          the part of the file that was sent before
        """
        self.first_row = first_row
        self.next_row = 0
        self.keys = {}
        self.names = {}
        self.first_by_identity = identities
        self.bad_rows = set()
        self.unchanged_ids = []
        self.messages = []

    def register(self, rows, key):
        """Take notice of a record and its fingerprint."""
        self.keys[rows["from"]] = key
        self.next_row = rows["to"] + 1

    def first_with(self, rows, xid):
        """Return the number of an earlier row that is the same lead, or None.

        :param xid: the external id; without, rows are the same when all cells are
        """
        number = self.number(rows)
        identity = xid or self.keys[rows["from"]]
        first = self.first_by_identity.setdefault(identity, number)
        return None if first == number else first

    def number(self, rows):
        """Return the number under which the user finds these rows."""
        return self.first_row + rows["from"]

    def add(self, message):
        """Keep a message of ``load()``; an error sets its row aside."""
        row = message["rows"]["from"]
        self.messages.append({**message, "record": row})
        if message["type"] == "error":
            self.bad_rows.add(row)

    def settle(self, rows, known):
        """Return whether nothing is left to do for a record: bad, or imported before.

        :param known: dict of fingerprint to the id of the lead
        """
        row = rows["from"]
        if row in self.bad_rows:
            return True
        lead_id = known.get(self.keys[row])
        if lead_id:
            self.unchanged_ids.append(lead_id)
        return bool(lead_id)

    def complete(self, result, limit):
        """Return the result of ``load()`` with what was set aside on the way.

        :param limit: how many rows were asked for, None for all
        """
        if result["ids"] is not False:
            result["ids"] += self.unchanged_ids
        result["messages"] += sorted(
            self.messages, key=lambda message: message["record"]
        )
        asked = limit and self.next_row >= limit
        result["nextrow"] = self.next_row if asked else 0
        return result
