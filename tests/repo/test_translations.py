"""The translations: in step with the terms of the addon, complete, and shown."""

import io
import re
from collections import Counter
from pathlib import Path

import polib
import pytest

from odoo.exceptions import ValidationError
from odoo.tools.translate import (
    TRANSLATED_ATTRS,
    code_translations,
    trans_export,
)

ADDON = "lead_management"
I18N = Path(__file__).resolve().parents[2] / ADDON / "i18n"
LANGUAGES = {"es": "es_ES", "fr": "fr_FR", "pl": "pl_PL"}
# Words that are the same in all languages, and in one. They stay empty: Odoo shows
# the source.
EVERYWHERE = {
    "OK",
    "XLSX",
    "Marketing",
    " (%s min)",
    "%(day)s, %(time)s",
    "%(hours)s h",
    "%(hours)s h %(minutes)s min",
    "%(minutes)s min",
    ":00",
    "Google Ads",
    "ROI",
    "%(who)s, %(when)s (%(source)s)",
    "10",
    "20",
    "40",
    "A1",
    "A2",
    "A3",
    "API",
    "AUC",
    "B1",
    "B2",
    "B3",
    "BANT",
    "C1",
    "C2",
    "C3",
    "CHAMP",
    "Facebook",
    "ID",
    "Instagram",
    "LinkedIn",
    "SMS",
    "Spam",
    "WhatsApp",
    "X (Twitter)",
    "%(channel)s, %(day)s",
    "%(place)s, %(time)s",
    "%s h",
    "%s min",
    "Alias",
    "Excel",
    "HTML",
    "Iframe",
    "JSON",
    "Meta",
    "SHA-1",
}
SAME = {
    "es": EVERYWHERE
    | {
        "%(datum)s: %(verdict)s",
        '<span class="o_stat_text">Leads</span>',
        "Plausible",
        "leads: %s",
    }
    | {"Error", "Variables", "WhatsApp: %s"}
    | {"%(days)s d", "%(days)s d %(hours)s h"}
    | {
        "Base",
        "Chatbot",
        "Leads:",
        "Leads: %s",
        "Lead",
        "Leads",
        "No",
        "Total",
        "Veto",
        "leads",
        "no",
    }
    | {
        "%(what)s: %(text)s",
        "%s d",
        "Lift",
        "Manual",
        "Normal",
        "Token",
        "leads@portal.example.com\n@portal.example.com",
        '<span class="o_stat_text">Lead</span>',
        "Lead %s",
    },
    "fr": EVERYWHERE
    | {
        "%(name)s, version %(version)s",
        "%s points",
        "Cycle",
        "Format",
        "Plausible",
        "Service",
        "Services",
        "Verdict",
        "condition %s",
    }
    | {"Commission", "Commissions", "Invitation", "Notes"}
    | {
        "Actions",
        "Base",
        "Document",
        "Variables",
        "Minutes",
        "Note",
        "Orange",
        "Type",
        "%(name)s (version %(version)s)",
        "%(rule)s, version %(version)s",
        "Budget",
        "Chatbot",
        "Code",
        "Compact",
        "Condition",
        "Contact",
        "Date",
        "Dates",
        "Digest",
        "Description",
        "Dimension",
        "Engagement",
        "Image",
        "Image 1024",
        "Image 128",
        "Image 256",
        "Image 512",
        "Impressions",
        "Information",
        "Lift",
        "Message",
        "Messages",
        "Module",
        "Persona",
        "Personas",
        "Points",
        "Position",
        "Qualification",
        "Question",
        "Questions",
        "Score",
        "Segment",
        "Segments",
        "Source",
        "Suggestion",
        "Total",
        "Version",
        "Veto",
        "score 0",
    }
    | {
        "'Dossier - %s' % object.name",
        '<i class="fa fa-fw fa-bell-slash-o" role="img" title="Messages"'
        ' aria-label="Messages"/>',
        '<span class="o_stat_text">Messages</span>',
        "Communication",
        "Conversations",
        "Documents",
        "Dossier",
        "Introduction",
        "Maximum",
        "Menu",
        "Minimum",
        "Occurrences",
        "Score %(score)s, %(temperature)s",
        "Secret",
        "Simulation",
        "Test",
        "Tests",
        "Versions",
        "message",
        "score %(score)s",
    },
    "pl": EVERYWHERE
    | {
        "%(datum)s: %(verdict)s",
        "Format",
        "Limit",
        "VAT",
    }
    | {'<span class="o_stat_text">Lead</span>', "Lead %s", "Region"}
    | {
        "Problem",
        "Status",
        "WhatsApp: %s",
        "%(days)s d",
        "%(days)s d %(hours)s h",
        "%(text)s: %(moment)s",
    }
    | {"Import", "Lead", "Model", "Persona", "Segment"}
    | {
        "%(what)s: %(text)s",
        "%s d",
        "'Dossier - %s' % object.name",
        "Dossier",
        "Lift",
        "Link",
        "Medium",
        "Menu",
        "Minimum",
        "Nurturing",
        "Test",
        "Token",
        "leads@portal.example.com\n@portal.example.com",
    },
}

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z]|\{\w*\}|'-30d'")
TAG = re.compile(r"</?[a-z][^<>]*>")
ENDS = re.compile(r"\A(\s*).*?(\s*)\Z", re.DOTALL)

each_language = pytest.mark.parametrize("language", sorted(LANGUAGES))


def read(name):
    """The entries of one of our files."""
    return polib.pofile(str(I18N / name))


def places(file):
    """Pairs (term, where it is used): a term is translated place by place."""
    return {
        (entry.msgid, place)
        for entry in file
        if not entry.obsolete
        for place, __ in entry.occurrences
    }


def listed(pairs):
    return "".join(f"\n  {term!r} ({place})" for term, place in sorted(pairs))


def differences(expected, found):
    """What to tell about a file that has other terms than it should, or nothing."""
    missing, gone = expected - found, found - expected
    if not (missing or gone):
        return ""
    return (
        f"run script/i18n, then translate; missing:{listed(missing) or ' none'}"
        f"\nno longer used:{listed(gone) or ' none'}"
    )


def structure(text):
    """The tags of a text, without the attributes that people read."""
    names = "|".join(map(re.escape, sorted(TRANSLATED_ATTRS)))
    read_by_people = re.compile(rf'(?<![\w-])({names})="[^"]*"')
    return Counter(read_by_people.sub(r"\1", tag) for tag in TAG.findall(text))


def faults(source, translation):
    """What a translation does not have in common with its source."""
    checks = {
        # %(name).0s is there and says nothing: Polish greets without the name
        "placeholders": lambda text: Counter(
            PLACEHOLDER.findall(text.replace(").0s", ")s"))
        ),
        "tags": structure,
        "spaces around it": lambda text: ENDS.match(text).groups(),
    }
    return [name for name, of in checks.items() if of(source) != of(translation)]


# -- files ---------------------------------------------------------------------


def test_template_has_the_terms_of_the_addon(env):
    if env.ref(f"base.module_{ADDON}").demo:
        pytest.skip("the terms of demo data are not translated")
    buffer = io.BytesIO()
    assert trans_export(None, [ADDON], buffer, "po", env)
    expected = places(polib.pofile(buffer.getvalue().decode()))
    problem = differences(expected, places(read(f"{ADDON}.pot")))
    assert not problem, problem


def test_there_is_a_test_for_each_file():
    assert {path.stem for path in I18N.glob("*.po")} == set(LANGUAGES)


@each_language
def test_file_has_the_terms_of_the_template(language):
    file = read(f"{language}.po")
    problem = differences(places(read(f"{ADDON}.pot")), places(file))
    assert not problem, problem
    assert not file.obsolete_entries()
    assert file.metadata["Language"] == language
    assert not [name for name in file.metadata if name.endswith("-Date")]


@each_language
def test_every_term_is_translated(language):
    file = read(f"{language}.po")
    assert not [entry.msgid for entry in file if entry.fuzzy]
    empty = {entry.msgid for entry in file if not entry.msgstr}
    assert empty - SAME[language] == set(), "these terms are not translated"
    assert SAME[language] - empty == set(), "these are not the same words (any more)"
    assert not [entry.msgid for entry in file if entry.msgstr == entry.msgid]


@each_language
def test_translations_fit_their_sources(language):
    wrong = {
        entry.msgstr: found
        for entry in read(f"{language}.po")
        if entry.msgstr and (found := faults(entry.msgid, entry.msgstr))
    }
    assert not wrong


@pytest.mark.parametrize(
    "source, translation, expected",
    [
        ("%(a)s of %(b)s", "%(b)s: %(a)s", []),
        ("%(a)s of %(b)s", "%(b)s: %(A)s", ["placeholders"]),
        ("%s gone", "fort", ["placeholders"]),
        ('<b title="Yes" class="x">Yes</b>', '<b title="Ja" class="x">Ja</b>', []),
        ('<b class="x">Yes</b>', '<b class="y">Ja</b>', ["tags"]),
        ("<b>Yes</b>", "<b>Ja", ["tags"]),
        ("A > B", "B > A", []),
        ("Yes: ", "Ja:", ["spaces around it"]),
    ],
)
def test_faults_are_found(source, translation, expected):
    assert faults(source, translation) == expected


# -- what users see ------------------------------------------------------------


@pytest.fixture(params=sorted(LANGUAGES))
def spoken(request, env):
    """The environment of a language, and its translations."""
    code = LANGUAGES[request.param]
    if code not in dict(env["res.lang"].get_installed()):
        pytest.skip(f"{code} is not installed")
    texts = {
        entry.msgid: entry.msgstr or entry.msgid
        for entry in read(f"{request.param}.po")
    }
    return env(context={"lang": code}), texts


def test_stages_have_translated_names(spoken):
    env, texts = spoken
    names = env["crm.stage"].fields_get(["stage_type"])["stage_type"]["selection"]
    types = env(context={})["crm.stage"]._fields["stage_type"].selection
    for (stage_type, source), (__, label) in zip(types, names, strict=True):
        assert label == texts[source]
        assert env.ref(f"{ADDON}.stage_{stage_type}").name == texts[source]


def test_views_menus_and_rules_are_translated(spoken):
    env, texts = spoken
    form = env["lead.assignment.rule"].get_view(view_type="form")["arch"]
    assert texts["Members and Turns"] in form
    assert texts["Lead Management"] == env.ref(f"{ADDON}.lead_management_menu").name
    assert texts["Company name is set"] == env.ref(f"{ADDON}.score_rule_company").name


def test_messages_are_translated(spoken):
    env, texts = spoken
    with pytest.raises(ValidationError) as caught:
        env["lead.assignment.rule"].create({"name": "R", "target": "user"})
    assert str(caught.value) == texts["Choose the salesperson of “%s”."] % "R"
    web = code_translations.get_web_translations(ADDON, env.lang)["messages"]
    assert texts["Score and reasons"] in {message["string"] for message in web}
