from odoo.tools import SQL


def sql_rows(types, rows):
    """Return a query of rows given in Python, which may be none.

    :param types: the PostgreSQL type of each column
    :param rows: tuples, each as long as ``types``
    """
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return SQL(
        "SELECT * FROM unnest(%s)",
        SQL(", ").join(
            SQL(f"%s::{type_}[]", list(column))
            for type_, column in zip(types, columns, strict=True)
        ),
    )
