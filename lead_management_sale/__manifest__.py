{
    "name": "Lead Management: Orders",
    "summary": "What happens on the orders of a lead counts for the lead",
    "version": "19.0.1.6.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "sale_crm"],
    "data": ["data/base_automation_data.xml"],
    "assets": {"web.assets_tests": ["lead_management_sale/static/tests/tours/**/*"]},
    "auto_install": True,
}
