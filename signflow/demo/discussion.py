"""What is said about the text of one statement, and when: remarks, answers, what became of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from signflow.documents.passages import passages_of
from signflow.domain.actors import Actor
from signflow.domain.reviewing import Kind
from signflow.queries.statements import newest_version
from signflow.services import reviewing, signing, suggesting
from signflow.services.reviewing import Remark, Words

Speaker = Callable[[Session, Mapping[str, Any], datetime], tuple[Actor, int | None]]
Moment = Callable[[Any], datetime]
Act = Callable[[Session, datetime, int], object]
KINDS = {"comment": Kind.COMMENT, "suggestion": Kind.SUGGESTION, "red_line": Kind.RED_LINE}


class Discussion:
    """The remarks of one statement. `speaker` tells who speaks, and for which organisation (none as a drafter)."""

    def __init__(self, told: Sequence[Mapping[str, Any]], *, speaker: Speaker, moment: Moment) -> None:
        self._told = told
        self._speaker = speaker
        self._moment = moment
        self._ids: dict[int, str] = {}

    def acts(self) -> Iterator[tuple[datetime, Act]]:
        """Every act with its moment; each is told the statement."""
        for number, told in enumerate(self._told):
            yield self._moment(told["at"]), self._remark(number, told)
            for answer in told.get("answers", ()):
                yield self._moment(answer["at"]), self._answer(number, answer)
            if "accepted_at" in told:
                yield self._moment(told["accepted_at"]), self._accept(number)
            if "resolved_at" in told:
                yield self._moment(told["resolved_at"]), self._resolve(number, told)

    def _remark(self, number: int, told: Mapping[str, Any]) -> Act:
        def act(session: Session, now: datetime, statement_id: int) -> None:
            actor, organisation_id = self._speaker(session, told, now)
            newest, kind = newest_version(session, statement_id), KINDS[told["kind"]]
            signing.note_reading(session, statement_id, actor=actor, number=newest.number, now=now)
            sources = [passage.source for passage in passages_of(newest.body)]
            place = next(index for index, source in enumerate(sources) if told["quote"] in source)
            proposed = sources[place].replace(told["quote"], told["proposed"]) if kind is Kind.SUGGESTION else ""
            remark = Remark(told["text"], organisation_id, False, newest.number, place, kind, proposed)
            made = reviewing.comment(session, statement_id, actor=actor, remark=remark, now=now)
            self._ids[number] = made.public_id

        return act

    def _answer(self, number: int, told: Mapping[str, Any]) -> Act:
        def act(session: Session, now: datetime, statement_id: int) -> None:
            actor, organisation_id = self._speaker(session, told, now)
            words, comment_id = Words(told["text"], organisation_id), self._ids[number]
            reviewing.answer(session, statement_id, actor=actor, comment_id=comment_id, words=words, now=now)

        return act

    def _accept(self, number: int) -> Act:
        def act(session: Session, now: datetime, statement_id: int) -> None:
            actor, _ = self._speaker(session, {}, now)
            suggesting.accept(session, statement_id, actor=actor, comment_id=self._ids[number], now=now)

        return act

    def _resolve(self, number: int, told: Mapping[str, Any]) -> Act:
        def act(session: Session, now: datetime, statement_id: int) -> None:
            actor, _ = self._speaker(session, told, now)
            comment_id = self._ids[number]
            reviewing.settle(session, statement_id, actor=actor, comment_id=comment_id, resolved=True, now=now)

        return act
