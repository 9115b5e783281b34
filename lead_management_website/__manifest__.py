{
    "name": "Lead Management: Website",
    "summary": "A building block puts a web form for leads on a page",
    "version": "19.0.1.8.0",
    "category": "Sales/CRM",
    "author": "Lead Management contributors",
    "license": "LGPL-3",
    "depends": ["lead_management", "website"],
    "data": ["views/snippets.xml"],
    "assets": {
        "web.assets_frontend": [
            "lead_management_website/static/src/interactions/**/*",
            "lead_management_website/static/src/snippet/**/*",
        ],
        "website.website_builder_assets": [
            "lead_management_website/static/src/website_builder/**/*",
        ],
        "web.assets_tests": [
            "lead_management_website/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
