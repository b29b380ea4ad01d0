"""E-mail by SMTP (RFC 5321) with STARTTLS (RFC 3207)."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from api.notices.channels.outside import WAIT_AT_MOST_S, Outside, is_own_machine
from api.notices.channels.words import filled
from api.notices.domain import Channel, Failing, Parcel, Unsent

FIRST_PERMANENT = 500


@dataclass(frozen=True)
class Email:
    """How e-mail is sent; ``secret`` is the name of the file with the password of ``user``.

    Only to this machine itself it goes without TLS.
    """

    host: str
    port: int
    sender: str
    language: str
    user: str | None = None
    secret: str | None = None

    def send(self, address: str, parcel: Parcel, outside: Outside) -> None:
        """Send a parcel to a mailbox. Raises Unsent."""
        outside.require_host(self.host)
        message = self.message(address, parcel)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=WAIT_AT_MOST_S) as link:
                self._come_in(link, outside)
                link.send_message(message)
        except smtplib.SMTPResponseException as error:
            final = error.smtp_code >= FIRST_PERMANENT
            raise Unsent(Failing.REFUSED, final=final) from error
        except smtplib.SMTPRecipientsRefused as error:
            final = all(code >= FIRST_PERMANENT for code, _ in error.recipients.values())
            raise Unsent(Failing.REFUSED, final=final) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsent(Failing.UNREACHED, final=False) from error

    def _come_in(self, link: smtplib.SMTP, outside: Outside) -> None:
        link.ehlo()
        if link.has_extn("starttls"):
            link.starttls(context=outside.tls())
        elif not is_own_machine(self.host):
            raise Unsent(Failing.REFUSED, final=True)
        if self.user is not None and self.secret is not None:
            link.login(self.user, outside.secret(self.secret).decode())

    def message(self, address: str, parcel: Parcel) -> EmailMessage:
        """The message. The first line of the template is its subject.

        A message that comes twice bears the same Message-ID (RFC 5322, 3.6.4).
        """
        subject, _, text = filled(Channel.EMAIL, self.language, parcel).partition("\n")
        message = EmailMessage()
        domain = self.sender.rpartition("@")[2]
        message["Message-ID"] = f"<event-{parcel.event_id}.{parcel.delivery_id}@{domain}>"
        message["From"], message["To"], message["Subject"] = self.sender, address, subject
        message["X-Fengqiao-Event"] = str(parcel.event_id)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text.strip(), cte="base64")  # old servers pass no 8-bit text
        return message
