"""Odoo's command line as a file, which its server starts again for a helper."""

from odoo.cli import main

if __name__ == "__main__":
    main()
