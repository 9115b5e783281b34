from markupsafe import Markup

from ...messaging.channel.channel import get_channel
from ...messaging.constants import EMAIL, MARKETING, OTHER
from ...messaging.outbox.lead_message import SKIPPED
from ..constants import BOUNCE, OPTOUT, OUT_SKIPPED, OWNERLESS
from ..sequence.step_kind import KINDS, StepKind, fill_placeholders

# Codes of the gate: the contact cannot be reached in this way; or not today.
UNREACHABLE = ("recipient", "blacklist", "consent")
LIMITED = ("cap", "duplicate")


@KINDS.add
class MessageStep(StepKind):
    """A message of a template, in the name of the salesperson, through the gate."""

    name = "message"
    label = "Message"
    icon = "fa-envelope"
    is_sent = True
    needs = ("template_id",)

    @classmethod
    def get_name(cls, step):
        return step.template_id.name

    @classmethod
    def get_icon(cls, step):
        return get_channel(step.template_id.channel or EMAIL).icon

    @classmethod
    def get_title(cls, step):
        if not step.template_id:
            return super().get_title(step)
        field = step.env["lead.message"]._fields["channel"]
        labels = dict(field._description_selection(step.env))
        channel = labels[step.template_id.channel]
        if step.fallback_id:
            channel = step.env._(
                "%(channel)s, else %(other)s",
                channel=channel,
                other=labels[step.fallback_id.channel],
            )
        return f"{channel}: {step.display_name}"

    @classmethod
    def get_preview(cls, step):
        return fill_placeholders(step.template_id.content_text or "")

    def run(self, groups):
        items, dead = [], []
        for step, walkers in groups:
            walkers = [walker for walker in walkers if self._is_in_time(walker)]
            there = [walker for walker in walkers if step.channel not in walker.dead]
            items += self._render(step.template_id, there, False)
            dead += [walker for walker in walkers if walker not in there]
        unreached = self._send(items) | {walker.id for walker in dead}
        items = []
        for step, walkers in groups:
            again = [walker for walker in walkers if walker.id in unreached]
            items += self._render_otherwise(step, again)
        self._send(items)

    def _render_otherwise(self, step, walkers):
        """Return what those get who cannot be reached on the first channel."""
        other = step.fallback_id.channel
        there = [one for one in walkers if other and other not in one.dead]
        for walker in walkers:
            if walker not in there:
                walker.skip(self.env._("There is nobody at the address."))
        return self._render(step.fallback_id, there, True)

    def _is_in_time(self, walker):
        """Put off what became due when nothing is sent: after an outage, say."""
        at = self.clock.fit(walker.lead, walker.sequence, self.clock.now, walker.id)
        if at > self.clock.now:
            walker.wait(at)
            return False
        return True

    def _render(self, template, walkers, is_fallback):
        """Return tuples (walker, values of a message); others go on without one."""
        if not walkers:
            return []
        if not template:
            for walker in walkers:
                walker.skip(self.env._("There is no message template any more."))
            return []
        leads = self.env["crm.lead"].concat(*(walker.lead for walker in walkers))
        rendered = template._render(leads)
        items = []
        for walker in walkers:
            text = rendered[walker.lead.id]
            if text.problems:
                walker.skip(" ".join(text.problems))
            else:
                values = self._prepare(walker, template, text, is_fallback)
                items.append((walker, values))
        return items

    def _prepare(self, walker, template, text, is_fallback):
        """Return what :meth:`lead.message._queue` needs of a message."""
        enrollment = walker.enrollment
        key = f"seq:{walker.id}:{enrollment.run}:{walker.step.key}"
        if is_fallback:
            key += ":else"
        if enrollment.held_date:
            key += f":{self.clock.now:%Y%m%d}"
        purpose, is_marketing = self._get_purpose(walker, template)
        return {
            "lead_id": walker.lead.id,
            "enrollment_id": walker.id,
            "sequence_step_id": walker.step.id,
            "channel": template.channel,
            "purpose": purpose,
            "is_marketing": is_marketing,
            "template_id": template.id,
            "user_id": walker.lead.user_id.id,
            "lang": text.lang,
            "subject": text.subject,
            "body": str(Markup(text.body)),
            "attachment_ids": template.attachment_ids.ids,
            "whatsapp_template": text.whatsapp_template,
            "key": key,
        }

    def _get_purpose(self, walker, template):
        """Return the purpose, and whether it is advertising, as the sequence says."""
        is_marketing = walker.sequence.purpose == MARKETING
        if template.purpose != OTHER:
            return template.purpose, is_marketing
        # nobody takes an answer for advertising because many get one at a time
        return "introduction" if is_marketing else "follow_up", is_marketing

    def _send(self, items):
        """Let messages into the outbox.

        :return: the ids of walkers that have to be reached in another way
        """
        if not items:
            return set()
        messages = self.env["lead.message"]._queue([values for __, values in items])
        messages.fetch(["state", "gate", "hold_reason"])
        unreached = set()
        for (walker, values), message in zip(items, messages, strict=True):
            if message.state != SKIPPED:
                walker.queue(message)
                continue
            code = (message.gate or {}).get("code")
            is_first = not values["key"].split(":", 4)[4:5] == ["else"]
            if code in LIMITED:
                walker.hold(message.hold_reason, message)
            elif code == "company":
                walker.pause(OWNERLESS)
            elif code in UNREACHABLE and is_first and walker.step.fallback_id:
                unreached.add(walker.id)
            else:
                give_up(walker, code, message)
        return unreached


def give_up(walker, code, message):
    """Go on without a message, or stop where there is no other way to the contact."""
    if code in UNREACHABLE and len(walker.get_channels()) < 2:
        walker.log(OUT_SKIPPED, message.hold_reason, message=message)
        walker.stop(OPTOUT if code == "consent" else BOUNCE)
    else:
        walker.skip(message.hold_reason, message)
