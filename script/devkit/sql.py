"""Run one SQL statement; started with the Python that has psycopg2.

usage: sql.py DATABASE STATEMENT [PARAMETER ...]    (prints the rows as JSON)
"""

import json
import sys

import psycopg2

database, statement, *parameters = sys.argv[1:]
connection = psycopg2.connect(dbname=database)
connection.autocommit = True
with connection.cursor() as cursor:
    cursor.execute(statement, parameters or None)
    print(json.dumps(cursor.fetchall() if cursor.description else [], default=str))
