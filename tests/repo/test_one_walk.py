"""What happens to a lead stands in one place, and in no override elsewhere."""

import ast
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WALK = "lead_management/models/base/crm_lead.py"
METHODS = {"create", "write", "unlink"}


def _get_value(body, name):
    """Return what a class gives to ``_name`` or ``_inherit``, as a list."""
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            value = ast.literal_eval(node.value)
            return [value] if isinstance(value, str) else value
    return []


def _get_classes():
    """Return pairs of a file and a class of the addons, without their tests."""
    for path in sorted(REPOSITORY.glob("lead_management*/**/*.py")):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef):
                    yield path.relative_to(REPOSITORY).as_posix(), node


def _get_overrides():
    """Return where leads, or what they inherit of ours, override the methods."""
    classes = []
    for path, node in _get_classes():
        inherited = _get_value(node.body, "_inherit")
        names = _get_value(node.body, "_name") or inherited[:1]
        classes.append((path, node, names, inherited))
    of_leads = {"crm.lead"}
    while (
        more := {
            name
            for __, __, names, inherited in classes
            if of_leads & set(names)
            for name in inherited
        }
        - of_leads
    ):
        of_leads |= more
    return [
        (path, name)
        for path, node, names, __ in classes
        if of_leads & set(names)
        for statement in node.body
        for name in _get_names(statement)
        if name in METHODS
    ]


def _get_names(statement):
    """Yield what a statement of a class gives a name to: a method, or another name."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def test_leads_are_created_written_and_deleted_in_one_place():
    assert sorted(_get_overrides()) == [(WALK, name) for name in sorted(METHODS)]


def test_the_place_can_be_read_at_a_glance():
    assert len((REPOSITORY / WALK).read_text().splitlines()) <= 200
