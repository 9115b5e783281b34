from itertools import pairwise

from odoo import fields, models
from odoo.tools import format_amount, format_date, format_datetime

from ...tools.durations import format_duration
from ..pipeline.stage.lead_stage_transition import DROPPED
from .lead_timeline import MOVE, PLANNED
from .source import DOWN, UP
from .sources.touches import describe_file

# A dossier is read by people: of a longer story the latest part is printed.
LONGEST = 2_000


class CrmLead(models.Model):
    """The dossier: why a lead was won or lost, for somebody who never saw it.

    It says what the reader may see, and how much is left out.
    """

    _inherit = "crm.lead"

    def _get_dossier(self):
        """Return all that the dossier of this lead says, in words of the reader.

        :return: dict with ``head`` and ``outcome`` (lists of label and value),
            ``story`` (sentences), ``turning_points`` (label and value), ``rows`` (dicts
            with ``date``, ``kind``, ``text``, ``who``), ``documents``, ``left_out``
            (sentences), ``is_cut``
        """
        self.ensure_one()
        self.check_access("read")
        Timeline = self.env["lead.timeline"]
        rows = Timeline.search_fetch(
            [("lead_id", "=", self.id)],
            ("date", "kind", "direction", "user_id", "res_id"),
            limit=LONGEST + 1,
        )
        is_cut, rows = len(rows) > LONGEST, rows[:LONGEST]
        described = rows._describe()
        past = rows.filtered(lambda row: row.kind != PLANNED)
        return {
            "head": self._get_dossier_head(),
            "story": self._get_dossier_story(past, described),
            "turning_points": self._get_turning_points(past, described),
            "rows": [self._format_dossier_row(row, described[row.id]) for row in rows],
            "documents": self._get_dossier_documents(rows),
            "left_out": self._get_left_out(described.values()),
            "is_cut": is_cut,
            "printed": format_datetime(self.env, fields.Datetime.now()),
        }

    # ------------------------------------------------------------
    # Head
    # ------------------------------------------------------------

    def _get_dossier_head(self):
        amount = format_amount(self.env, self.expected_revenue, self.company_currency)
        origin = [self.source_id.name, self.medium_id.name, self.campaign_id.name]
        values = [
            ("contact_name", self.contact_name or self.partner_id.name),
            ("partner_name", self.partner_name),
            ("phone", self.phone),
            ("email_from", self.email_from),
            ("expected_revenue", amount if self.expected_revenue else False),
            ("source_id", ", ".join(filter(None, origin))),
            ("user_id", self.user_id.name),
            ("stage_id", self.stage_id.name),
            ("score_total", str(self.score_total)),
        ]
        labels = self.fields_get([fname for fname, __ in values], ["string"])
        return [(labels[fname]["string"], value) for fname, value in values if value]

    def _get_dossier_status(self):
        """Return in a word how the lead stands."""
        words = {"won": self.env._("Won"), "lost": self.env._("Lost")}
        return words.get(self.won_status) or self.env._("Open")

    # ------------------------------------------------------------
    # The story in five lines
    # ------------------------------------------------------------

    def _get_dossier_story(self, rows, described):
        """Return up to five sentences: captured, assigned, reached, qualified, ended.

        :param rows: of the timeline, the latest first
        """
        parts = (
            self._describe_captured,
            self._describe_assigned,
            self._describe_contacted,
            self._describe_qualified,
            self._describe_ended,
        )
        story = [part(rows.sorted("date"), described) for part in parts]
        return list(filter(None, story))

    def _describe_captured(self, rows, described):
        created = rows.filtered(lambda row: row.kind == "created")[:1]
        if not created:
            return False
        date = self._format_moment(created.date)
        origin = described[created.id].get("note")
        who = created.user_id.sudo().name  # sudo: the name of a colleague
        if origin:
            return self.env._(
                "Captured on %(date)s from %(origin)s.", date=date, origin=origin
            )
        return self.env._("Captured on %(date)s by %(who)s.", date=date, who=who or "?")

    def _describe_assigned(self, rows, described):
        Log = self.env["lead.assignment.log"]
        # sudo: rows of a lead one reads
        given = (
            Log.sudo()
            .browse(row.res_id for row in rows if row.res_model == Log._name)
            .filtered("user_id")
        )
        if not given:
            return False
        first, last = given[0], given[-1]
        sentence = self.env._(
            "Assigned to %(user)s after %(duration)s: %(reason)s",
            user=first.user_id.name,
            duration=self._format_since_capture(first.date),
            reason=first.explanation,
        )
        if last.user_id != first.user_id:
            sentence += " " + self.env._(
                "Since %(date)s with %(user)s.",
                date=self._format_moment(last.date),
                user=last.user_id.name,
            )
        return sentence

    def _describe_contacted(self, rows, described):
        first = next((row for row in rows if self._is_our_contact(row)), None)
        if not first:
            return self.env._("Nobody has contacted the lead yet.")
        return self.env._(
            "First contact after %(duration)s: %(what)s.",
            duration=self._format_since_capture(first.date),
            what=described[first.id]["text"],
        )

    def _describe_qualified(self, rows, described):
        # sudo: rows of a lead one reads
        moves = (
            self.sudo()
            .stage_transition_ids.filtered(
                lambda move: move.stage_type == "qualified" and not move.is_merged
            )
            .sorted("date")
        )
        if not moves:
            return False
        date = moves[0].date
        answers = [
            described[row.id]["text"]
            for row in rows
            if row.kind == "answer" and row.date <= date
        ]
        if not answers:
            return self.env._("Qualified on %s.", self._format_moment(date))
        return self.env._(
            "Qualified on %(date)s with %(answers)s.",
            date=self._format_moment(date),
            answers="; ".join(answers[-5:]),
        )

    def _describe_ended(self, rows, described):
        if self.won_status == "won" and self.date_closed:
            return self.env._(
                "Won on %(date)s after %(duration)s.",
                date=self._format_moment(self.date_closed),
                duration=self._format_since_capture(self.date_closed),
            )
        if self.won_status == "lost" and self.date_closed:
            return self.env._(
                "Lost at %(stage)s on %(date)s. Reason: %(reason)s.",
                stage=self._get_lost_stage().name,
                date=self._format_moment(self.date_closed),
                reason=self.lost_reason_id.name or self.env._("not given"),
            )
        return self.env._("Open: in %s now.", self.stage_id.name)

    def _get_lost_stage(self):
        """Return the stage the lead was lost at: the move says it, if there is one."""
        # sudo: rows of a lead one reads
        dropped = self.sudo().stage_transition_ids.filtered(
            lambda move: move.direction == DROPPED and not move.is_merged
        )
        last = dropped.sorted("date")[-1:]
        return last.stage_before_id or self.stage_before_id or self.stage_id

    # ------------------------------------------------------------
    # Turning points
    # ------------------------------------------------------------

    def _get_turning_points(self, rows, described):
        """Return what made the difference, as far as rows say it: (label, value)."""
        points = []
        labels = {
            UP: self.env._("Last move forward"),
            DOWN: self.env._("Last move backward"),
        }
        for direction, label in labels.items():
            moves = (r for r in rows if r.kind == MOVE and r.direction == direction)
            if row := next(moves, None):
                points.append((label, self._format_point(row, described)))
        reply = next((row for row in rows if row.direction == "in"), None)
        if reply:
            points.append(
                (self.env._("Last reply"), self._format_point(reply, described))
            )
        silence = self._get_longest_silence(rows)
        if silence:
            points.append((self.env._("Longest silence"), silence))
        scores = [row for row in rows if row.kind == "score" and row.direction]
        if scores:
            points.append(
                (self.env._("Score"), self._format_point(scores[0], described))
            )
        return points

    def _format_point(self, row, described):
        description = described[row.id]
        parts = [
            self._format_moment(row.date),
            description.get("text"),
            description.get("note"),
        ]
        text = ", ".join(filter(None, parts))
        return f"{text}: “{description['quote']}”" if description.get("quote") else text

    def _get_longest_silence(self, rows):
        """Return the longest time without a word of either side, of a day at least."""
        dates = sorted(row.date for row in rows if row.direction in ("in", "out"))
        if not dates:
            return False
        end = self.date_closed or fields.Datetime.now()
        dates = [date for date in dates if date <= end] + [end]
        gaps = [(after - before, before, after) for before, after in pairwise(dates)]
        if not gaps or max(gaps)[0].days < 1:
            return False
        length, before, after = max(gaps)
        return self.env._(
            "%(duration)s, from %(start)s to %(end)s",
            duration=format_duration(self.env, length.total_seconds()),
            start=self._format_moment(before),
            end=self._format_moment(after),
        )

    def _is_our_contact(self, row):
        kinds = ("call", "email", "sms", "whatsapp", "meeting")
        return row.kind in kinds and row.direction == "out" and row.user_id

    # ------------------------------------------------------------
    # Rows, documents, what is left out
    # ------------------------------------------------------------

    def _format_dossier_row(self, row, description):
        arrows = {UP: "↑ ", DOWN: "↓ "} if row.kind == MOVE else {}
        text = arrows.get(row.direction, "") + (description.get("text") or "")
        if description.get("note"):
            text += f", {description['note']}"
        if description.get("quote"):
            text += f" “{description['quote']}”"
        return {
            "date": format_date(self.env, row.date)
            if row.kind == PLANNED
            else self._format_moment(row.date),
            "moment": fields.Datetime.to_string(row.date),
            "kind": self._get_timeline_kinds()[row.kind],
            "text": text,
            # sudo: the name of a colleague
            "who": description.get("who") or row.user_id.sudo().name or "",
        }

    def _get_dossier_documents(self, rows):
        ids = [row.res_id for row in rows if row.kind == "file"]
        # sudo: documents of a lead one reads
        return [
            describe_file(attachment, self.env)
            for attachment in self.env["ir.attachment"].sudo().browse(ids)
        ]

    def _get_left_out(self, described):
        """Return what the reader may not see, counted."""
        counts = {}
        for description in described:
            if description.get("hidden"):
                counts[description["hidden"]] = counts.get(description["hidden"], 0) + 1
        return [f"{what}: {count}" for what, count in sorted(counts.items())]

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _format_moment(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def _format_since_capture(self, moment):
        seconds = (moment - self.create_date).total_seconds()
        return format_duration(self.env, seconds)
