{
    "name": "Lead Management: Website Forms",
    "summary": "Leads of Odoo's website forms are in the lead inbox",
    "version": "19.0.1.8.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "website_crm"],
    "auto_install": True,
}
