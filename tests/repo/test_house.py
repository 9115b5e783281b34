"""The rules of the house, as far as the source shows whether they are kept."""

import ast
import io
import re
import tokenize
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDON = "lead_management"
MODELS = f"{ADDON}/models"
# A lead walks through them in this order; none may know a later one.
ROOMS = (
    "base",
    "capture",
    "verification",
    "profile",
    "qualification",
    "scoring",
    "credit",
    "assignment",
    "pipeline",
    "messaging",
    "nurturing",
    "timeline",
    "insights",
    "campaign",
    "sharing",
)
# "# sudo: why", in two words at least.
REASON = re.compile(r"\bsudo: \w+\W+\w+")
LONGEST = 320
METHOD = re.compile(r"_[a-z]+_[a-z_]*")
# What rooms give fields to that all of them read.
OF_EVERY_ROOM = ("'crm.lead'", "'crm.stage'")
FULLEST = 25


@pytest.fixture(scope="module")
def sources():
    """Return the source of all Python files of the addons, by their paths."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for addon in sorted(ROOT.glob(f"{ADDON}*"))
        for path in sorted(addon.rglob("*.py"))
    }


def _place(path):
    """Return the room and the name of a file, or its path if it is in no room."""
    room = _room(path)
    return f"{room}/{PurePosixPath(path).name}" if room else path


def _room(path):
    """Return the room a file is in, or None."""
    parts = PurePosixPath(path).parts
    is_inside = PurePosixPath(MODELS).parts == parts[:2] and len(parts) > 3
    return parts[2] if is_inside else None


def _is_later(room, other):
    """Return whether a room must not know the other one."""
    return other in ROOMS and ROOMS.index(other) > ROOMS.index(room)


# ------------------------------------------------------------
# A reason for each sudo()
# ------------------------------------------------------------


def _get_comments(source):
    """Return the comments by line, and the lines with nothing else on them."""
    comments, alone = {}, set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            comments[line] = token.string
            if not token.line[: token.start[1]].strip():
                alone.add(line)
    return comments, alone


def _get_calls(node, statement=None):
    """Yield each call of ``sudo`` with the innermost statement it is part of."""
    if isinstance(node, ast.stmt):
        statement = node
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "sudo":
        yield node, statement
    for child in ast.iter_child_nodes(node):
        yield from _get_calls(child, statement)


def _find_silent(source):
    """Return the lines with a ``sudo()`` of which no comment says why.

    The comment is on the lines of the call, or right above them or the statement.
    """
    comments, alone = _get_comments(source)

    def above(line):
        text = ""
        while line - 1 in alone:
            line -= 1
            text = f"{comments[line]} {text}"
        return text

    silent = []
    for call, statement in _get_calls(ast.parse(source)):
        start, line = call.lineno, call.func.end_lineno
        said = [comments.get(number, "") for number in range(start, line + 1)]
        said += [above(number) for number in (line, start, statement.lineno)]
        if not any(map(REASON.search, said)):
            silent.append(line)
    return silent


def test_each_sudo_has_its_reason(sources):
    silent = [
        f"{path}:{line}"
        for path, source in sources.items()
        if ".sudo(" in source and "tests" not in PurePosixPath(path).parts
        for line in _find_silent(source)
    ]
    assert not silent, "say why: a comment '# sudo: ...' right above the statement"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a = b.sudo()", [1]),
        ("# sudo: cached for all\na = b.sudo()", []),
        ("a = b.sudo()  # sudo: cached for all", []),
        ("a = b.sudo(False)", [1]),
        ("# sudo: cached for all\n\na = b.sudo()", [3]),
        ("# sudo: cached for all\na = 1\nb = c.sudo()", [3]),
        ("# sudo: cached for all\nif a:\n    b.sudo()", [3]),
        ("# sudo: cached for all\nif a.sudo():\n    b.sudo()", [3]),
        ("# sudo: cached for all,\n# as it is asked\na = b.sudo()", []),
        ("# sudo: yes\na = b.sudo()", [2]),
        ("# cached for all\na = b.sudo()", [2]),
        ("a = '# sudo: cached for all'\na = b.sudo()", [2]),
        ("# sudo: cached for all\na = (\n    b\n    .sudo()\n)", []),
        ("a = (\n    b\n    # sudo: cached for all\n    .sudo()\n)", []),
        ("a = (\n    b,\n    c.sudo(),\n)  # sudo: too late here", [3]),
        ("a = [\n    # sudo: cached for all\n    b.sudo(),\n    c.sudo(),\n]", [4]),
    ],
)
def test_a_sudo_without_reason_is_seen(source, lines):
    assert _find_silent(source) == lines


# ------------------------------------------------------------
# Small files, small rooms
# ------------------------------------------------------------


def _get_long(sources):
    """Return how many lines too long files have."""
    counts = {}
    for path, source in sources.items():
        place, count = _place(path), len(source.splitlines())
        if count > LONGEST:
            counts[place] = max(count, counts.get(place, 0))
    return counts


def _get_full(paths):
    """Return how many files are right in rooms and sub-rooms with too many."""
    counts = {}
    for path in map(PurePosixPath, paths):
        if _room(str(path)) and path.name != "__init__.py":
            folder = path.parent.relative_to(MODELS).as_posix()
            counts[folder] = counts.get(folder, 0) + 1
    return {folder: count for folder, count in counts.items() if count > FULLEST}


def test_no_file_gets_long(sources):
    assert not _get_long(sources), "split what grew"


def test_no_room_gets_full(sources):
    assert not _get_full(sources), "make a sub-room"


def test_a_long_file_is_seen():
    source = "a = 1\n" * LONGEST
    path = f"{MODELS}/base/rule/crm_lead.py"
    assert not _get_long({path: source})
    longer = {path: source + "b = 2", f"{ADDON}_sale/hooks.py": 2 * source}
    assert _get_long(longer) == {
        "base/crm_lead.py": LONGEST + 1,
        f"{ADDON}_sale/hooks.py": 2 * LONGEST,
    }


@pytest.mark.parametrize("room", ["base", "base/rule"])
def test_a_full_room_is_seen(room):
    paths = [f"{MODELS}/{room}/file_{number}.py" for number in range(FULLEST)]
    paths += [f"{MODELS}/{room}/__init__.py", f"{MODELS}/base/other/file.py"]
    assert not _get_full(paths)
    assert _get_full([*paths, f"{MODELS}/{room}/more.py"]) == {room: FULLEST + 1}


# ------------------------------------------------------------
# No room knows a later one
# ------------------------------------------------------------


def _get_imported(path, tree):
    """Yield the names of all that a file imports, from the addon on, and the line."""
    # the folder is the package, of an __init__.py as well
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            parts = [*start, *filter(None, [node.module])]
            names = [".".join([*parts, alias.name]) for alias in node.names]
        else:
            continue
        for name in names:
            yield name.removeprefix("odoo.addons."), node.lineno


def _find_upward_imports(sources):
    """Return where a room imports from a later one."""
    models = f"{ADDON}.models."
    return [
        f"{path}:{line}"
        for path, source in sources.items()
        if (room := _room(path))
        for name, line in _get_imported(path, ast.parse(source))
        if name.startswith(models)
        and _is_later(room, name.removeprefix(models).split(".")[0])
    ]


def _get_models(tree):
    """Yield the models that classes define, without those they extend."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            values = {
                line.targets[0].id: ast.literal_eval(line.value)
                for line in node.body
                if isinstance(line, ast.Assign)
                and getattr(line.targets[0], "id", "") in ("_name", "_inherit")
            }
            name, inherited = values.get("_name"), values.get("_inherit", [])
            extended = [inherited] if isinstance(inherited, str) else inherited
            if name and name not in extended:
                yield name


def _find_upward_mentions(sources):
    """Return which models of later rooms are named, as pairs of place and model."""
    trees = {path: ast.parse(text) for path, text in sources.items() if _room(path)}
    homes = {
        model: _room(path)
        for path, tree in trees.items()
        for model in _get_models(tree)
    }
    return {
        (_place(path), node.value)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _is_later(_room(path), homes.get(node.value))
    }


def _get_fields(tree):
    """Yield the names of the fields that classes give to leads and stages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            lines = [line for line in node.body if isinstance(line, ast.Assign)]
            names = {ast.unparse(line.targets[0]): line.value for line in lines}
            of = names.get("_name") or names.get("_inherit")
            if of and ast.unparse(of) in OF_EVERY_ROOM:
                for name, value in names.items():
                    if ast.unparse(value).startswith("fields."):
                        yield name


def _find_upward_fields(sources):
    """Return which fields of leads that a later room makes are named, by place."""
    trees = {path: ast.parse(text) for path, text in sources.items() if _room(path)}
    homes = {}
    for path, tree in trees.items():
        for name in _get_fields(tree):
            homes[name] = min(
                homes.get(name, _room(path)), _room(path), key=ROOMS.index
            )
    return _name_later(trees, homes)


def _name_later(trees, homes):
    """Return which names whose home is a later room are named, by place."""
    return {
        (_place(path), name)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if (name := getattr(node, "attr", getattr(node, "value", None))) in homes
        and _is_later(_room(path), homes[name])
    }


def _calls_super(method):
    """Return whether a method extends another one of its name."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and ast.unparse(node.value).startswith("super(")
        for node in ast.walk(method)
    )


def _find_upward_calls(sources):
    """Return which methods that a later room begins are named, by place.

    Only names that tell: private ones, of two words at least.
    """
    trees = {path: ast.parse(text) for path, text in sources.items() if _room(path)}
    homes, extended = {}, {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and METHOD.fullmatch(node.name):
                known = extended if _calls_super(node) else homes
                room = _room(path)
                known[node.name] = min(
                    known.get(node.name, room), room, key=ROOMS.index
                )
    return {
        (place, name)
        for place, name in _name_later(trees, homes)
        # what a room nearer to Odoo extends is Odoo's
        if name not in extended or _is_later(place.partition("/")[0], extended[name])
    }


def test_rooms_stand_in_their_order(sources):
    tree = ast.parse(sources[f"{MODELS}/__init__.py"])
    assert [node.names[0].name for node in tree.body] == [*ROOMS]
    assert {_room(path) for path in sources} == {None, *ROOMS}


def test_no_room_imports_from_a_later_one(sources):
    assert not _find_upward_imports(sources)


def test_no_room_names_a_model_of_a_later_one(sources):
    assert not _find_upward_mentions(sources), "make a hook of the lower room"


def test_no_room_names_a_field_of_a_later_one(sources):
    assert not _find_upward_fields(sources), "make a hook of the lower room"


def test_no_room_calls_a_method_of_a_later_one(sources):
    assert not _find_upward_calls(sources), "make a hook of the lower room"


@pytest.mark.parametrize(
    ("path", "line", "is_upward"),
    [
        ("scoring/a.py", "from ..pipeline.lead_touch import OUT", True),
        ("scoring/a.py", "from ..base.apart import attempt", False),
        ("scoring/a.py", "from . import pipeline", False),
        ("scoring/a.py", "from .. import base, pipeline", True),
        ("scoring/a.py", "from ...tools import pipeline", False),
        ("scoring/a.py", "def f():\n    from ..pipeline import lead_touch", True),
        ("scoring/sub/a.py", "from ...pipeline.touch.lead_touch import OUT", True),
        ("scoring/sub/a.py", "from ..pipeline import OUT", False),
        ("scoring/__init__.py", "from ..pipeline import lead_touch", True),
        ("scoring/a.py", f"from odoo.addons.{ADDON}.models import pipeline", True),
        ("scoring/a.py", f"import odoo.addons.{ADDON}.models.pipeline.a", True),
        ("scoring/a.py", f"import odoo.addons.{ADDON}.models.base.apart", False),
        ("messaging/a.py", "from ..pipeline.lead_touch import OUT", False),
        ("__init__.py", "from . import pipeline", False),
    ],
)
def test_an_upward_import_is_seen(path, line, is_upward):
    found = _find_upward_imports({f"{MODELS}/{path}": line})
    assert bool(found) == is_upward


def test_an_upward_mention_is_seen():
    sources = {
        f"{MODELS}/pipeline/touch/lead_touch.py": (
            "class A:\n    _name = 'lead.touch'\n    _inherit = 'lead.touch.mixin'"
        ),
        # extends it, and is no home of it
        f"{MODELS}/messaging/lead_touch.py": (
            "class A:\n    _name = 'lead.touch'\n    _inherit = ['lead.touch', 'x']"
        ),
        f"{MODELS}/base/a.py": "self.env['lead.touch'].search([])",
        f"{MODELS}/capture/sub/a.py": "touch_id = fields.Many2one('lead.touch')",
        f"{MODELS}/profile/a.py": "self.env['res.partner']  # 'lead.touch'",
        f"{MODELS}/pipeline/a.py": "self.env['lead.touch']",
        f"{ADDON}/hooks.py": "env['lead.touch']",
    }
    assert _find_upward_mentions(sources) == {
        ("base/a.py", "lead.touch"),
        ("capture/a.py", "lead.touch"),
    }


def test_an_upward_field_is_seen():
    sources = {
        f"{MODELS}/pipeline/crm_lead.py": (
            "class A:\n    _inherit = 'crm.lead'\n    step_next = fields.Char()"
        ),
        f"{MODELS}/pipeline/a.py": (
            "class A:\n    _name = 'lead.touch'\n    note = fields.Char()"
        ),
        f"{MODELS}/base/a.py": "lead.step_next",
        f"{MODELS}/capture/sub/a.py": "NAMES = {'step_next', 'note'}",
        f"{MODELS}/pipeline/b.py": "lead.step_next, 'step_next'",
        f"{MODELS}/messaging/a.py": "lead.step_next",
        f"{MODELS}/profile/a.py": "lead.note  # step_next",
    }
    assert _find_upward_fields(sources) == {
        ("base/a.py", "step_next"),
        ("capture/a.py", "step_next"),
    }


def test_an_upward_call_is_seen():
    sources = {
        f"{MODELS}/pipeline/a.py": (
            "def _stage_move(self): pass\n"
            "def _get_view(self): return super()._get_view()"
        ),
        f"{MODELS}/scoring/a.py": "self._stage_move(1)",
        f"{MODELS}/capture/sub/a.py": "self._run('_stage_move')",
        f"{MODELS}/base/a.py": "self._get_view()",
        f"{MODELS}/messaging/a.py": "self._stage_move(1)",
        # begun in a lower room
        f"{MODELS}/profile/a.py": "def _take_over(self): pass",
        f"{MODELS}/insights/a.py": "def _take_over(self): pass",
        f"{MODELS}/qualification/a.py": "self._take_over()",
    }
    assert _find_upward_calls(sources) == {
        ("scoring/a.py", "_stage_move"),
        ("capture/a.py", "_stage_move"),
    }
