{
    "name": "Lead Management: Events",
    "summary": "Leads of event registrations are in the lead inbox",
    "version": "19.0.1.8.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "event_crm"],
    "auto_install": True,
}
