"""The story of one statement as steps in time, each an act that a service does at its moment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from signflow.demo.coalition import Cast
from signflow.demo.content import Calendar, Content, text_of
from signflow.demo.discussion import Discussion
from signflow.domain.actors import Actor
from signflow.domain.versions import Grade, Wording
from signflow.queries.reviews import accepted_suggestions
from signflow.queries.statements import newest_version
from signflow.services import circulation, drafting, finalizing, late_sign_ons, publishing, signing
from signflow.services.circulation import Call
from signflow.services.publishing import Press

Act = Callable[[Session, datetime], object]


@dataclass(frozen=True)
class Step:
    """One act at its moment. `refusals`: mail addresses whose server refuses what this act sends them, with its answer."""

    at: datetime
    act: Act
    refusals: Mapping[str, str] = field(default_factory=dict)


class Story:
    """One statement: who does what to it, and when."""

    def __init__(
        self, told: Mapping[str, Any], *, content: Content, cast: Cast, calendar: Calendar, press: Press
    ) -> None:
        self._told = told
        self._content = content
        self._cast = cast
        self._moment = calendar.moment
        self._press = press
        self._statement_id = 0

    def steps(self) -> Iterator[Step]:
        """Every step, in no order."""
        told = self._told
        yield Step(self._moment(told["created_at"]), self._create)
        for version in told.get("versions", ()):
            yield self._step("saved_at", version, self._revise)
        if "circulated_at" in told:
            yield Step(self._moment(told["circulated_at"]), self._circulate, self._refusals())
        for passage, act in (("signatures", self._sign), ("declined", self._decline)):
            for one in told.get(passage, ()):
                yield self._step("at", one, act)
        for one in told.get("opened", ()):
            yield self._step("at", one, self._open)
        yield from self._discussion()
        for key, end in (
            ("finalized_at", self._finalize),
            ("published_at", self._publish),
            ("withdrawn_at", self._withdraw),
        ):
            if key in told:
                yield Step(self._moment(told[key]), end)
        for late in told.get("late", ()):
            yield from self._late(late)

    def _late(self, late: Mapping[str, Any]) -> Iterator[Step]:
        """Signing after publication: opened, signed, and published as an annex if it is over."""
        yield self._step("opened_at", late, self._open_late)
        for one in late.get("signatures", ()):
            yield self._step("at", one, self._sign)
        if "published_at" in late:
            yield Step(self._moment(late["published_at"]), self._publish_annex)

    def _discussion(self) -> Iterator[Step]:
        remarks = self._told.get("comments", ())
        for at, act in Discussion(remarks, speaker=self._speaker, moment=self._moment).acts():
            yield Step(at, self._about_it(act))

    def _about_it(self, act: Callable[[Session, datetime, int], object]) -> Act:
        return lambda session, now: act(session, now, self._statement_id)

    def _step(
        self, key: str, told: Mapping[str, Any], act: Callable[[Session, datetime, Mapping[str, Any]], object]
    ) -> Step:
        return Step(self._moment(told[key]), lambda session, now: act(session, now, told))

    def _drafter(self, session: Session, now: datetime) -> Actor:
        return self._cast.actor(session, self._told["drafters"][0], now=now)

    def _member(self, session: Session, told: Mapping[str, Any], now: datetime) -> tuple[Actor, int]:
        """Who acts, and for which organisation."""
        organisation = told["organisation"]
        email = told.get("person") or self._content.acting_for(organisation)
        return self._cast.actor(session, email, now=now), self._cast.organisations[organisation]

    def _speaker(self, session: Session, told: Mapping[str, Any], now: datetime) -> tuple[Actor, int | None]:
        """The same, or the first drafter where no organisation is told."""
        return self._member(session, told, now) if "organisation" in told else (self._drafter(session, now), None)

    def _read(self, session: Session) -> tuple[int, str]:
        newest = newest_version(session, self._statement_id)
        return newest.number, newest.sha256

    def _refusals(self) -> dict[str, str]:
        return {self._content.acting_for(one["organisation"]): one["reason"] for one in self._told.get("bounced", ())}

    def _create(self, session: Session, now: datetime) -> None:
        wording, tags = _wording(self._told["file"], 1)
        lead, actor = self._told["drafters"], self._drafter(session, now)
        statement = drafting.create_statement(session, actor=actor, wording=wording, tags=tags, now=now)
        self._statement_id = statement.id
        for email in lead[1:]:
            drafting.add_drafter(session, statement.id, actor=actor, email=email, now=now)

    def _revise(self, session: Session, now: datetime, told: Mapping[str, Any]) -> None:
        wording, _ = _wording(self._told["file"], told["number"])
        grade = Grade(told.get("grade", Grade.SUBSTANTIVE.value))
        taken = frozenset(one.public_id for one in accepted_suggestions(session, self._statement_id))
        draft = drafting.Draft(wording, told["number"] - 1, grade, told.get("why", ""), taken=taken)
        drafting.save_version(session, self._statement_id, actor=self._drafter(session, now), draft=draft, now=now)

    def _circulate(self, session: Session, now: datetime) -> None:
        told = self._told
        call = Call(
            frozenset(self._cast.organisations[slug] for slug in self._content.invited(told)),
            sign_by=self._moment(told["sign_by"]),
            comments_until=self._moment(told["comments_until"]),
            message=told.get("message", ""),
        )
        circulation.circulate(session, self._statement_id, actor=self._drafter(session, now), call=call, now=now)

    def _open(self, session: Session, now: datetime, told: Mapping[str, Any]) -> None:
        actor, _ = self._member(session, told, now)
        signing.note_reading(session, self._statement_id, actor=actor, number=self._read(session)[0], now=now)

    def _sign(self, session: Session, now: datetime, told: Mapping[str, Any]) -> None:
        self._open(session, now, told)
        actor, organisation_id = self._member(session, told, now)
        number, sha256 = self._read(session)
        consent = signing.Consent(organisation_id, number, sha256, told.get("withheld", False))
        signing.sign(session, self._statement_id, actor=actor, consent=consent, now=now)

    def _decline(self, session: Session, now: datetime, told: Mapping[str, Any]) -> None:
        self._open(session, now, told)
        actor, organisation_id = self._member(session, told, now)
        signing.decline(
            session,
            self._statement_id,
            actor=actor,
            organisation_id=organisation_id,
            reason=told["reason"],
            now=now,
        )

    def _finalize(self, session: Session, now: datetime) -> None:
        actor, read = self._drafter(session, now), self._read(session)
        finalizing.finalize(session, self._statement_id, actor=actor, read=read, now=now)

    def _publish(self, session: Session, now: datetime) -> None:
        actor, read = self._publisher(session, now), self._read(session)
        publishing.publish(session, self._statement_id, actor=actor, press=self._press, read=read, now=now)

    def _publisher(self, session: Session, now: datetime) -> Actor:
        return self._cast.actor(session, self._told["published_by"], now=now)

    def _open_late(self, session: Session, now: datetime, late: Mapping[str, Any]) -> None:
        fresh = frozenset(self._cast.organisations[slug] for slug in late.get("organisations", ()))
        call = late_sign_ons.LateCall(self._moment(late["sign_by"]), late.get("message", ""), fresh)
        late_sign_ons.open_late(session, self._statement_id, actor=self._publisher(session, now), call=call, now=now)

    def _publish_annex(self, session: Session, now: datetime) -> None:
        actor = self._publisher(session, now)
        late_sign_ons.publish_annex(session, self._statement_id, actor=actor, press=self._press, now=now)

    def _withdraw(self, session: Session, now: datetime) -> None:
        finalizing.withdraw_statement(session, self._statement_id, actor=self._drafter(session, now), now=now)


def _wording(file: str, number: int) -> tuple[Wording, tuple[str, ...]]:
    text = text_of(file, number)
    return Wording(text.title, text.byline, text.date, text.language, text.addressees, text.body, text.cc), text.tags
