{
    "name": "Lead Management: Mailings",
    "summary": "Who opens a mailing, or clicks in it, is scored at once",
    "version": "19.0.1.6.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "mass_mailing"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
