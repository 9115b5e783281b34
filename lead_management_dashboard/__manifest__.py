{
    "name": "Lead Management: Dashboards",
    "summary": "Leads in Odoo's dashboards, for managers and for salespeople",
    "version": "19.0.1.8.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "spreadsheet_dashboard"],
    "data": ["data/spreadsheet_dashboard_data.xml"],
    "auto_install": True,
}
