{
    "name": "Lead Management: Privacy",
    "summary": "The privacy look-up finds what hangs on the leads of a person",
    "version": "19.0.1.6.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "privacy_lookup"],
    "auto_install": True,
}
