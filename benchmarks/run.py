#!/usr/bin/env python3
"""Measure the addon against Odoo's own crm and against bare SQL, in one process."""

import sys

from harness.cli import main

if __name__ == "__main__":
    sys.exit(main())
