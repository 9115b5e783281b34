"""What stands beside private methods of Odoo, and nothing else of the addon does.

Each piece does for many records at once what Odoo does one by one, and leaves the same
behind: ``tests/base/test_fast.py`` compares both roads, column by column, and
``script/bench seams`` says how many times slower Odoo's own is. What a user would not
feel is not here. When Odoo changes one of these methods, this folder is the place.

=====================  ==========================================================
``bulk_create``        ``BaseModel.create()``
``crm_lead_engine``    ``BaseModel.write()``: what an owner does not change is kept;
                       ``BaseModel._check_company()``
``crm_lead_notes``     ``MailThread._message_create()``
``crm_lead_track``     ``MailThread._message_track()``
``mail_followers``     ``MailFollowers._insert_followers()``
``crm_lead_currency``  ``BaseModel._read_group_select()``
``shadow``             the search path of PostgreSQL
``ir_module_module``   ``IrModuleModule._load_module_terms()``; for names, not for speed
=====================  ==========================================================
"""
