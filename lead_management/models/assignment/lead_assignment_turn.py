from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.rotation import deal, starting_turns


class LeadAssignmentTurn(models.Model):
    """The lasting rotation of a rule: how many turns each member has had."""

    _name = "lead.assignment.turn"
    _description = "Turns of an Assignment Rule"
    _order = "rule_id, turns, user_id"
    _log_access = False
    _rec_name = "user_id"

    rule_id = fields.Many2one("lead.assignment.rule", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    turns = fields.Integer(
        help="Turns of this rule, those before the member joined counted as had."
    )
    date_last = fields.Datetime(string="Last Turn")

    _rule_user_uniq = models.UniqueIndex("(rule_id, user_id)")

    @api.model
    def _deal(self, rule, users, number):
        """Return who gets each of ``number`` leads and remember the turns.

        The row of the rule is locked, so that two transactions never deal the same
        turn: the second one waits for the first.

        :param users: the candidates, in the order of the rotation
        :return: list of users, one per lead
        """
        self.env.execute_query(
            SQL(
                "SELECT id FROM lead_assignment_rule WHERE id = %s FOR NO KEY UPDATE",
                rule.id,
            )
        )
        turns = self.search([("rule_id", "=", rule.id)])
        turns.invalidate_recordset()
        turn_by_user = {turn.user_id: turn for turn in turns}
        present = [turn_by_user[user].turns for user in users if user in turn_by_user]
        start = starting_turns(present)
        missing = [user for user in users if user not in turn_by_user]
        for turn in self.create(
            [
                {"rule_id": rule.id, "user_id": user.id, "turns": start}
                for user in missing
            ]
        ):
            turn_by_user[turn.user_id] = turn
        dealt = deal({user: turn_by_user[user].turns for user in users}, number)
        for user in set(dealt):
            turn = turn_by_user[user]
            turn.turns += dealt.count(user)
            turn.date_last = self.env.cr.now()
        return dealt
