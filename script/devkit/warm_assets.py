"""Fed to `odoo shell`: make the bundles of the web client and store them.

Bundles of an earlier database that are still right are taken from there first;
Odoo itself decides which are (their address carries a checksum of the files).
"""

import os
import shutil

import psycopg2

# Loaded by the web client only when they are needed, so Odoo does not list them.
LAZY = ("web.assets_backend_lazy", "web_tour.automatic")


def copy_earlier(env, database):
    """Copy the bundles of another database, rows and files."""
    connection = psycopg2.connect(dbname=database)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ir_attachment WHERE url LIKE '/web/assets/%'")
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    connection.close()
    target = env["ir.attachment"]._filestore()
    source = os.path.join(os.path.dirname(target), database)
    env.cr.execute("DELETE FROM ir_attachment WHERE url LIKE '/web/assets/%'")
    for row in rows:
        row.pop("id")
        columns = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(["%s"] * len(row))
        env.cr.execute(
            f"INSERT INTO ir_attachment ({columns}) VALUES ({values})",
            list(row.values()),
        )
        if not row["store_fname"]:
            continue  # an empty bundle has no file
        path = os.path.join(target, row["store_fname"])
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            shutil.copyfile(os.path.join(source, row["store_fname"]), path)
    env.cr.commit()


if os.environ.get("EARLIER_DATABASE"):
    try:
        copy_earlier(env, os.environ["EARLIER_DATABASE"])  # noqa: F821 (by the shell)
    except (psycopg2.Error, OSError) as error:  # then all are made anew
        env.cr.rollback()  # noqa: F821
        print("Earlier bundles are not used:", error)
views = env["ir.qweb"]  # noqa: F821
views._pregenerate_assets_bundles()
for bundle in LAZY:
    views._get_asset_bundle(bundle, css=False, js=True).js()
    views._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()  # noqa: F821
