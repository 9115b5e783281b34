from odoo.models import LOG_ACCESS_COLUMNS, MAGIC_COLUMNS, is_model_class
from odoo.tools import SQL

from ..base_texts import Base as Texts
from .sql_rows import sql_rows


def bulk_create(model, vals_list, known=(), silent=False):
    """Create many records in one statement, where nobody listens to each of them.

    The ORM writes a hundred rows a statement and works out the defaults of each. What
    it would do besides is done here for all of them: defaults, computed fields,
    constraints. Where another addon extends ``create()`` of this model, or an automated
    action starts there, it is ``create()`` after all.

    :param model: the model, with all rights
    :param vals_list: dicts of values of columns, each with the same keys
    :param known: modules whose ``create()`` does nothing that these values need
    :param silent: whether nobody is to hear of these records, whoever listens
    :return: the records, in the order of ``vals_list``
    """
    if not vals_list or not (silent or _is_plain(model, known)):
        return model.create(vals_list)
    vals_list = model._clean_texts_of(vals_list)
    common = _prepare_common_values(model, vals_list[0])
    own_fields = [model._fields[fname] for fname in vals_list[0]]
    fields_ = [*own_fields, *(model._fields[fname] for fname in common)]

    def convert(vals, some_fields):
        return [
            field.convert_to_column_insert(vals[field.name], model, vals)
            for field in some_fields
        ]

    alike = convert({**vals_list[0], **common}, fields_[len(own_fields) :])
    rows = [convert(vals, own_fields) + alike for vals in vals_list]
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) %s RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(field.name) for field in fields_),
            sql_rows([field.column_type[0] for field in fields_], rows),
        )
    )
    records = model.browse(id_ for (id_,) in model.env.cr.fetchall())
    _catch_up(records, fields_)
    return records


def _is_plain(model, known):
    """Return whether only Odoo itself and ``known`` have a part in ``create()``.

    What our own does with texts is done here as well. What is patched in at run time,
    by automated actions, stands in a class of the registry.
    """
    return all(
        not is_model_class(cls)
        and (
            cls is Texts
            or cls.__module__.startswith("odoo.orm.")
            or getattr(cls, "_module", None) in known
        )
        for cls in type(model).mro()
        if "create" in vars(cls)
    )


def _prepare_common_values(model, vals):
    """Return defaults and who creates it when: the same for all records."""
    missing = [
        fname
        for fname, field in model._fields.items()
        if field.store
        and field.column_type
        and fname not in vals
        and fname not in MAGIC_COLUMNS
        and not field.compute
    ]
    values = model.default_get(missing)
    values = {fname: values[fname] for fname in missing if fname in values}
    if model._log_access:
        now = model.env.cr.now().replace(tzinfo=None)
        values.update(zip(LOG_ACCESS_COLUMNS, (model.env.uid, now) * 2, strict=True))
    return values


def _catch_up(records, fields_):
    """Do what the ORM would have done about each record, for all of them."""
    env = records.env
    for field in fields_:
        for inverse in records.pool.field_inverses[field]:
            env[inverse.model_name].invalidate_model([inverse.name], flush=False)
    names = [field.name for field in fields_]
    with env.protecting(fields_, records):  # what is given is not worked out again
        records.modified(names, create=True)
    for field in records._fields.values():
        if field.compute and field.store and field.name not in names:
            env.add_to_compute(field, records)
    records._validate_fields(names)
