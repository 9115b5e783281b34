"""What rules find, on numbers, names and addresses of many countries."""

import csv
import socket
from pathlib import Path
from unittest.mock import patch

import phonenumbers

from odoo.addons.lead_management.tools.check_address import (
    _get_patterns,
    verify_address,
)
from odoo.addons.lead_management.tools.check_email import (
    BIG,
    guess_domain,
    verify_email,
)
from odoo.addons.lead_management.tools.check_name import verify_name
from odoo.addons.lead_management.tools.check_number import verify_number
from odoo.addons.lead_management.tools.check_phone import verify_phone
from odoo.addons.lead_management.tools.strict_email import check_email

from .common import VerificationCase

HERE = Path(__file__).parent
CORPUS = HERE.parent / "data/isemail/isemail.csv"

# Plainly no addresses: none may be accepted.
BAD_MAILS = """
@|a@|@b.example|a|a@b|a@-b.example|a@b-.example|a@b..example|.a@b.example|a.@b.example
a..b@c.example|a b@c.example|a@b c.example|a@b.example.|a@[127.0.0.1]|"a"@b.example
(c)a@b.example|a@b.example, c@d.example|a@b@c.example|a@b.1|a@.example|a@b_c.example
a\u0000@b.example|a@b.example\u0000|a@b.example\u2028|<a@b.example>|mailto:a@b.example
a@b,example|a;b@c.example|a:b@c.example|a@exa mple.com|a@b.c0m
""".strip().replace("\n", "|").split("|")  # fmt: skip
GOOD_MAILS = """
a@b.example|A.B+c@d-e.example|o'neil@x.example|x_y@sub.dom.example|1@2.example
zoë@firm.example|info@münchen.example|a@xn--mnchen-3ya.example|a/b@c.example
""".strip().replace("\n", "|").split("|")  # fmt: skip
# What the rules for Latin letters must leave alone, titles and particles.
NAMES = """
山田太郎|김민준|Иван Иванов|Олександр Шевченко|محمد علي|דוד כהן|สมชาย ใจดี|Γιώργος Κ
Henry Smith III|J. R. R. Tolkien|Dr. Ann Lee|O'Brien-Knightsbridge|Na Kim|An Ng
Ahmed bin Rashid|Fatima al-Zahra|Dirk van der Kruijff|Llywelyn ap Gruffydd|Li Wang
""".strip().replace("\n", "|").split("|")  # fmt: skip
NUMBERS = (
    ("BE", "BE0403170701"),
    ("FR", "FR40303265045"),
    ("DE", "DE136695976"),
    ("IT", "IT00743110157"),
    ("ES", "ESB58378431"),
    ("NL", "NL004495445B01"),
    ("PL", "PL8567346215"),
    ("GB", "GB980780684"),
    ("CH", "CHE107787577IVA"),
    ("NO", "NO995525828MVA"),
)


class TestOffline(VerificationCase):
    def test_addresses_of_mail(self):
        self.assertFalse([text for text in BAD_MAILS if check_email(text)])
        self.assertFalse([text for text in GOOD_MAILS if not check_email(text)])
        for text in BAD_MAILS:
            self.assertNotEqual(verify_email(text).verdict, "ok", text)

    def test_the_corpus_of_isemail(self):
        """None of its errors is accepted, and 97 of 100 are judged as it does."""
        with CORPUS.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 164)
        accepted = [row for row in rows if check_email(row["address"])]
        self.assertFalse([row for row in accepted if row["category"] == "ISEMAIL_ERR"])
        # what its domain looks like in the DNS is nothing that can be seen offline
        good = {"valid", "valid_syntax_dns_warning"}
        right = [row for row in rows if (row in accepted) == (row["verdict"] in good)]
        self.assertGreaterEqual(len(right) / len(rows), 0.97)
        self.assertFalse(
            [
                row["address"]
                for row in rows
                if row["category"] == "ISEMAIL_ERR"
                and verify_email(row["address"]).verdict == "ok"
            ]
        )

    def test_slips_are_found_and_big_domains_are_none(self):
        for domain in BIG:
            self.assertIsNone(guess_domain(domain))
            name, __, ending = domain.partition(".")
            swapped = f"{name[:-2]}{name[-1]}{name[-2]}.{ending}"
            if swapped != domain:
                self.assertIn(guess_domain(swapped), (domain, None), swapped)

    def test_numbers_of_all_regions(self):
        """As nationals write them, with their country and without."""
        national = phonenumbers.PhoneNumberFormat.NATIONAL
        wrong, invented = [], []
        for region in sorted(phonenumbers.SUPPORTED_REGIONS):
            number = phonenumbers.example_number(region)
            e164 = phonenumbers.format_number(
                number, phonenumbers.PhoneNumberFormat.E164
            )
            text = phonenumbers.format_number(number, national)
            found = verify_phone(text, region)
            if (found.verdict, found.value) != ("ok", e164):
                wrong.append((region, text, found))
            for spelled in (text, f" {text} ", text.replace(" ", "-")):
                if verify_phone(spelled, region).value != e164:
                    wrong.append((region, spelled))
                if verify_phone(spelled).verdict != "unknown":
                    invented.append(spelled)
            if verify_phone(f"00{e164[1:]}", region).value != e164:
                wrong.append((region, "00"))
            if verify_phone(e164).value != e164:
                wrong.append((region, e164))
            bad = phonenumbers.invalid_example_number(region)
            bad = bad and phonenumbers.format_number(
                bad, phonenumbers.PhoneNumberFormat.E164
            )
            if bad and verify_phone(bad).verdict == "ok":
                wrong.append((region, bad))
        self.assertFalse(wrong)
        self.assertFalse(invented)

    def test_names_of_forty_countries(self):
        """Of all pairs of a given and a family name, one in 200 may be asked about."""
        found = {name: verify_name(name).reason for name in NAMES}
        self.assertFalse({n: why for n, why in found.items() if why != "name_fine"})
        countries = [
            line.split("\t")
            for line in (HERE / "names_by_country.txt").read_text("utf-8").splitlines()
            if not line.startswith("#")
        ]
        self.assertGreaterEqual(len({country for country, *__ in countries}), 40)
        for country, given, family in countries:
            names = [f"{a} {b}" for a in given.split() for b in family.split()]
            marked = [name for name in names if verify_name(name).verdict != "ok"]
            with self.subTest(country=country):
                self.assertGreaterEqual(len(names), 140)
                self.assertLessEqual(len(marked) / len(names), 0.005, marked[:3])

    def test_what_is_no_name(self):
        for text in (
            "asdf",
            "qwerty test",
            "xxxx",
            "1234",
            "a@b.com",
            "-",
            "Test User",
        ):
            self.assertEqual(verify_name(text).verdict, "doubtful", text)

    def test_postcodes(self):
        patterns = {c: p for c, p in _get_patterns().items() if "-" not in c}
        self.assertEqual(len(patterns), 181)
        for country, (__, example) in patterns.items():
            verdict = verify_address("", "X", example, country)
            self.assertEqual(verdict.verdict, "ok", (country, example))
            self.assertNotEqual(verify_address("", "X", "?!", country).verdict, "ok")

    def test_numbers_of_companies(self):
        for country, number in NUMBERS:
            self.assertEqual(verify_number(number, country).verdict, "ok", number)
            self.assertEqual(verify_number(number).verdict, "unknown", number)
            digit = next(i for i, char in enumerate(number) if i > 3 and char.isdigit())
            other = str((int(number[digit]) + 1) % 10)
            broken = number[:digit] + other + number[digit + 1 :]
            self.assertNotEqual(verify_number(broken, country).verdict, "ok", broken)
            double = f"{number[:2]}{number}"
            self.assertNotEqual(verify_number(double, country).verdict, "ok", double)

    def test_no_socket_is_opened(self):
        def refuse(*args, **kwargs):
            raise AssertionError("network")

        with (
            patch.object(socket.socket, "connect", refuse),
            patch.object(socket.socket, "sendto", refuse),
            patch.object(socket, "getaddrinfo", refuse),
        ):
            lead = self._new_lead(
                user_id=self.rep.id,
                contact_name="Ann",
                email_from="a@gmial.com",
                phone="+32 470 12 34 57",
                vat="BE0403170701",
                zip="1000",
                country_id=self.belgium.id,
                partner_name="B",
            )
            self.env.cr.flush()
            lead.action_verify()
            lead.with_user(self.rep).action_verification_details("email")
        self.assertEqual(len(lead.lead_check_ids.filtered("is_current")), 6)

    def test_statements_do_not_grow_with_the_leads(self):
        counts = []
        for size in (2, 10, 60):
            leads = self.env["crm.lead"].create(
                [
                    {"name": "L", "email_from": f"a{n}@b.example", "phone": "12"}
                    for n in range(size)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            leads._verify(renew=True)
            leads._verify()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
