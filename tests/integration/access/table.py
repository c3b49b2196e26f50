"""Who gets which answer where: every endpoint, method, role and status of a statement. The test next door asks them all.

A cell has one sign for each of its objects: for a statement its five statuses (draft, circulating, finalized, published, withdrawn),
for an organisation the role's own and a foreign one, for everything else one sign. Only `!` changes a row.

    .  200         >  303 to the door       x  403: seen, but not allowed     =  409: not in this state
    +  204         /  302 or 303 elsewhere  -  404: not seen                  ?  422: an empty form is refused
    !  303, done                            g  410: a link that is no more         p  401: not proved who it is
"""

from tests.support.world import ROLES, STATUSES

CODES = {
    "200": ".",
    "204": "+",
    "302": "/",
    "303": "/",
    "401": "p",
    "403": "x",
    "404": "-",
    "409": "=",
    "410": "g",
    "422": "?",
}

TABLE = """
                                 nobody outsider reviewer signatory drafter other_drafter admin

account.address           GET    >      .        .        .         .       .             .
account.address           POST   >      ?        ?        ?         ?       ?             ?
account.confirm           GET    >      .        .        .         .       .             .
account.confirm           POST   >      p        p        p         p       p             p
account.end_session       POST   >      -        -        -         -       -             -
account.forgotten         GET    .      .        .        .         .       .             .
account.forgotten         POST   ?      ?        ?        ?         ?       ?             ?
account.link              GET    /      /        /        /         /       /             /
account.new_passkey       GET    >      =        =        =         =       =             =
account.new_passkey       POST   >      =        =        =         =       =             =
account.own_device        POST   >      !        !        !         !       !             !
account.password          GET    >      .        .        .         .       .             .
account.password          POST   >      ?        ?        ?         ?       ?             ?
account.picture           GET    >      .        .        .         .       .             .
account.profile           GET    >      .        .        .         .       .             .
account.profile           POST   >      /        /        /         /       /             /
account.recovery          GET    >      /        /        /         /       /             /
account.recovery          POST   >      /        /        /         /       /             /
account.recovery_codes    POST   >      =        =        =         =       =             =
account.remove_passkey    POST   >      -        -        -         -       -             -
account.replace           GET    >      .        .        .         .       .             .
account.replace           POST   >      ?        ?        ?         ?       ?             ?
account.second_factor     GET    >      /        /        /         /       /             /
account.second_factor     POST   >      /        /        /         /       /             /
account.set_up            GET    >      /        /        /         /       /             /
account.set_up            POST   >      /        /        /         /       /             /
account.sign_in           GET    .      /        /        /         /       /             /
account.sign_in           POST   ?      ?        ?        ?         ?       ?             ?
account.sign_out          POST   >      !        !        !         !       !             !
account.stored            GET    >      .        .        .         .       .             .
account.welcome           GET    g      g        g        g         g       g             g
account.welcome           POST   g      g        g        g         g       g             g

admin.denied              GET    >      x        x        x         x       x             .
admin.deny                GET    >      x        x        x         x       x             .
admin.deny                POST   >      x        x        x         x       x             ?
admin.outbox              GET    >      x        x        x         x       x             .
admin.people              GET    >      x        x        x         x       x             .
admin.person              GET    >      x        x        x         x       x             .
admin.person              POST   >      x        x        x         x       x             !
admin.release             POST   >      x        x        x         x       x             =
admin.new_template        GET    >      x        x        x         x       x             .
admin.new_template        POST   >      x        x        x         x       x             ?
admin.retire_template     POST   >      x        x        x         x       x             !
admin.template            GET    >      x        x        x         x       x             .
admin.template            POST   >      x        x        x         x       x             ?
admin.templates           GET    >      x        x        x         x       x             .
admin.take_down           POST   >      x        x        x         x       x             !

circulation.board         GET    >>>>>  -----    -xxxx    -xxxx     /....   -----         -xxxx
circulation.circulate     GET    >>>>>  -----    -xxxx    -xxxx     .====   -----         -xxxx
circulation.circulate     POST   >>>>>  -----    -xxxx    -xxxx     .====   -----         -xxxx
circulation.deadline      GET    >>>>>  -----    -xxxx    -xxxx     =..==   -----         -xxxx
circulation.deadline      POST   >>>>>  -----    -xxxx    -xxxx     =??==   -----         -xxxx
circulation.invite        GET    >>>>>  -----    -xxxx    -xxxx     =..==   -----         -xxxx
circulation.invite        POST   >>>>>  -----    -xxxx    -xxxx     =..==   -----         -xxxx
circulation.end_late      GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
circulation.end_late      POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
circulation.late          GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==.=
circulation.late          POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==?=
circulation.late_deadline GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
circulation.late_deadline POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
circulation.nudge         POST   >>>>>  -----    -xxxx    -xxxx     =??==   -----         -xxxx

demo.mail                 GET    .      .        .        .         .       .             .
demo.one_mail             GET    -      -        -        -         -       -             -
demo.sign_in              POST   !      !        !        !         !       !             !

desk.waiting              GET    >      .        .        .         .       .             .

health.alive              GET    .      .        .        .         .       .             .
health.ready              GET    .      .        .        .         .       .             .

notices.index             GET    >>>>>  -----    -xxxx    -xxxx     ===.=   -----         -==.=
notices.new               GET    >>>>>  -----    -xxxx    -xxxx     ===.=   -----         -==.=
notices.new               POST   >>>>>  -----    -xxxx    -xxxx     =====   -----         -====
notices.publish           GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==.=
notices.publish           POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==!=
notices.throw_away        POST   >>>>>  -----    -xxxx    -xxxx     ===!=   -----         -==!=

organisations.delegate    GET    >>     --       x-       .-        --      --            xx
organisations.delegate    POST   >>     --       x-       ?-        --      --            xx
organisations.delete      POST   >>     xx       xx       xx        xx      xx            ==
organisations.edit        GET    >>     xx       xx       xx        xx      xx            ..
organisations.edit        POST   >>     xx       xx       xx        xx      xx            !!
organisations.end         POST   >>     --       x-       !-        --      --            !-
organisations.end_delegation POST >>    --       x-       =-        --      --            =-
organisations.group       GET    >      x        x        x         x       x             .
organisations.group       POST   >      x        x        x         x       x             ?
organisations.index       GET    >      .        .        .         .       .             .
organisations.invite      GET    >>     .-       x-       .-        --      --            ..
organisations.invite      POST   >>     ?-       x-       ?-        --      --            ??
organisations.mandate     GET    >>     .-       .-       .-        --      --            ..
organisations.needed      POST   >>     ?-       x-       ?-        --      --            ??
organisations.new         GET    >      x        x        x         x       x             .
organisations.new         POST   >      x        x        x         x       x             ?
organisations.new_group   GET    >      x        x        x         x       x             .
organisations.new_group   POST   >      x        x        x         x       x             ?
organisations.panic       GET    >>     xx       xx       xx        xx      xx            ..
organisations.panic       POST   >>     xx       xx       xx        xx      xx            !!
organisations.release     POST   >>     --       x-       =-        --      --            x-
organisations.revoke      POST   >>     =-       x-       =-        --      --            ==
organisations.show        GET    >>     .-       x-       .-        --      --            ..
organisations.title       GET    >>     --       x-       .-        --      --            .-
organisations.title       POST   >>     --       x-       /-        --      --            /-

public.archive            GET    .      .        .        .         .       .             .
public.checking.check     POST   ?      ?        ?        ?         ?       ?             ?
public.crawling.contact   GET    -      -        -        -         -       -             -
public.crawling.icon      GET    +      +        +        +         +       +             +
public.crawling.pages     GET    .      .        .        .         .       .             .
public.crawling.robots    GET    .      .        .        .         .       .             .
public.feeds.everything   GET    .      .        .        .         .       .             .
public.feeds.under_tag    GET    .      .        .        .         .       .             .
public.home               GET    /      /        /        /         /       /             /
public.proof.annex_record GET    -----  -----    -----    -----     -----   -----         -----
public.proof.head         GET    .      .        .        .         .       .             .
public.proof.heads        GET    .      .        .        .         .       .             .
public.proof.keys         GET    .      .        .        .         .       .             .
public.proof.log          GET    .      .        .        .         .       .             .
public.proof.shell_verifier GET  .      .        .        .         .       .             .
public.proof.signatories  GET    ---.-  ---.-    ---.-    ---.-     ---.-   ---.-         ---.-
public.proof.signed_record GET   ---.-  ---.-    ---.-    ---.-     ---.-   ---.-         ---.-
public.proof.text         GET    ---.-  ---.-    ---.-    ---.-     ---.-   ---.-         ---.-
public.proof.word         GET    ---.-  ---.-    ---.-    ---.-     ---.-   ---.-         ---.-
public.proof.verifier     GET    .      .        .        .         .       .             .
public.proof.time_stamp   GET    .      .        .        .         .       .             .
public.security           GET    .      .        .        .         .       .             .
public.signed_address     GET    ---/-  ---/-    ---/-    ---/-     ---/-   ---/-         ---/-
public.statement          GET    ---.-  ---.-    ---.-    ---.-     ---.-   ---.-         ---.-
public.translation        GET    ---.-  ---.-    ---.-    ---.-     ---.-   ---.-         ---.-
public.tag                GET    .      .        .        .         .       .             .
public.verify             GET    .      .        .        .         .       .             .

publishing.annex          GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
publishing.annex          POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
publishing.finalize       GET    >>>>>  -----    -xxxx    -xxxx     =.===   -----         -xxxx
publishing.finalize       POST   >>>>>  -----    -xxxx    -xxxx     =?===   -----         -xxxx
publishing.publish        GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -=./=
publishing.publish        POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -=?/=
publishing.reopen         POST   >>>>>  -----    -xxxx    -xxxx     ==!==   -----         -xxxx
publishing.withdraw       GET    >>>>>  -----    -xxxx    -xxxx     ...==   -----         -xxxx
publishing.withdraw       POST   >>>>>  -----    -xxxx    -xxxx     !!!==   -----         -xxxx

reviews.accept            POST   >>>>>  -----    -xxxx    -xxxx     -!===   -----         -xxxx
reviews.answer            GET    >>>>>  -----    -.===    -.===     -.===   -----         -xxxx
reviews.answer            POST   >>>>>  -----    -?===    -?===     -?===   -----         -xxxx
reviews.close             POST   >>>>>  -----    -xxxx    -xxxx     =!===   -----         -xxxx
reviews.comment           GET    >>>>>  -----    -.===    -.===     =.===   -----         -xxxx
reviews.comment           POST   >>>>>  -----    -?===    -?===     =?===   -----         -xxxx
reviews.comments          GET    >>>>>  -----    -....    -....     .....   -----         -xxxx
reviews.decline           GET    >>>>>  -----    -xxxx    -xxxx     -.===   -----         -xxxx
reviews.decline           POST   >>>>>  -----    -xxxx    -xxxx     -?===   -----         -xxxx
reviews.open              POST   >>>>>  -----    -xxxx    -xxxx     =====   -----         -xxxx
reviews.reopen            POST   >>>>>  -----    -====    -====     -====   -----         -xxxx
reviews.resolve           POST   >>>>>  -----    -!===    -!===     -!===   -----         -xxxx
reviews.separate          POST   >>>>>  -----    -xxxx    -xxxx     =/===   -----         -xxxx
reviews.share             POST   >>>>>  -----    -xxxx    -xxxx     =!===   -----         -xxxx

signing.decline           GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.decline           POST   >>>>>  -----    -xxxx    -!===     xxxxx   -----         -xxxx
signing.leave             GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.leave             POST   >>>>>  -----    -xxxx    -==!=     xxxxx   -----         -xxxx
signing.name              GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.name              POST   >>>>>  -----    -xxxx    -????     xxxxx   -----         -xxxx
signing.objection         GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.objection         POST   >>>>>  -----    -xxxx    -====     xxxxx   -----         -xxxx
signing.receipt           GET    >>>>>  -----    --..-    --..-     -----   -----         -x--x
signing.receipt_file      GET    >>>>>  -----    ---.-    ---.-     -----   -----         -x--x
signing.receipt_text      GET    >>>>>  -----    --..-    --..-     -----   -----         -x--x
signing.restore           GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.restore           POST   >>>>>  -----    -xxxx    -????     xxxxx   -----         -xxxx
signing.sign              GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.sign              POST   >>>>>  -----    -xxxx    -????     xxxxx   -----         -xxxx
signing.take_back         POST   >>>>>  -----    -xxxx    -====     xxxxx   -----         -xxxx
signing.text              GET    >>>>>  -----    --..-    --..-     -----   -----         -x--x
signing.withdraw          GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.withdraw          POST   >>>>>  -----    -xxxx    -=!==     xxxxx   -----         -xxxx
signing.withhold          GET    >>>>>  -----    -xxxx    -....     xxxxx   -----         -xxxx
signing.withhold          POST   >>>>>  -----    -xxxx    -==!=     xxxxx   -----         -xxxx

statements.changes        GET    >>>>>  -----    -....    -....     .....   -----         -x..x
statements.changes_as_word GET   >>>>>  -----    -....    -....     .....   -----         -x..x
statements.discard        POST   >>>>>  -----    -xxxx    -xxxx     /////   -----         -xxxx
statements.discard_new    POST   >      x        x        x         /       /             x
statements.drafters       GET    >>>>>  -----    -xxxx    -xxxx     .....   -----         -xxxx
statements.drafters       POST   >>>>>  -----    -xxxx    -xxxx     ?????   -----         -xxxx
statements.earlier        GET    >>>>>  -----    -xxxx    -xxxx     .....   -----         -xxxx
statements.earlier        POST   >>>>>  -----    -xxxx    -xxxx     !!!==   -----         -xxxx
statements.edit           GET    >>>>>  -----    -xxxx    -xxxx     ..===   -----         -xxxx
statements.edit           POST   >>>>>  -----    -xxxx    -xxxx     ??===   -----         -xxxx
statements.from_template  GET    >      x        x        x         .       .             x
statements.from_template  POST   >      x        x        x         .       .             x
statements.grade          POST   >>>>>  -----    -xxxx    -xxxx     ??===   -----         -xxxx
statements.history        GET    >>>>>  -----    -....    -....     .....   -----         -....
statements.index          GET    >      .        .        .         .       .             .
statements.keep           POST   >>>>>  -----    -xxxx    -xxxx     //===   -----         -xxxx
statements.keep_new       POST   >      x        x        x         /       /             x
statements.new            GET    >      x        x        x         .       .             x
statements.new            POST   >      x        x        x         ?       ?             x
statements.pasted         POST   >      .        .        .         .       .             .
statements.preview        POST   >      .        .        .         .       .             .
statements.reading        POST   >>>>>  -----    -----    -----     -----   -----         -x--x
statements.show           GET    >>>>>  -----    -....    -....     .....   -----         -....
statements.tags           GET    >>>>>  -----    -xxxx    -xxxx     .....   -----         -xxxx
statements.tags           POST   >>>>>  -----    -xxxx    -xxxx     !!!==   -----         -xxxx
statements.templates      GET    >      x        x        x         .       .             x
statements.version        GET    >>>>>  -----    -....    -....     .....   -----         -x..x
statements.version_as_word GET   >>>>>  -----    -....    -....     .....   -----         -x..x
statements.writing        POST   >>>>>  -----    -xxxx    -xxxx     !!===   -----         -xxxx

translations.approve      POST   >>>>>  -----    -xxxx    -xxxx     ====-   -----         -xxxx
translations.edit         GET    >>>>>  -----    -xxxx    -xxxx     ...==   -----         -xxxx
translations.edit         POST   >>>>>  -----    -xxxx    -xxxx     =====   -----         -xxxx
translations.index        GET    >>>>>  -----    -....    -....     .....   -----         -x..x
translations.publish      GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==.=
translations.publish      POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
translations.show         GET    >>>>>  -----    --..-    --..-     ....-   -----         -x..x
withholdings.ask          GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==.=
withholdings.ask          POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -====
withholdings.confirm      GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==.=
withholdings.confirm      POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==!=
withholdings.index        GET    >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==.=
withholdings.take_back    POST   >>>>>  -----    -xxxx    -xxxx     xxxxx   -----         -==!=

static                    GET    .      .        .        .         .       .             .
"""

READERS = {
    "draft": {"drafter"},
    "circulating": {"drafter", "reviewer", "signatory"},
    "finalized": {"drafter", "reviewer", "signatory", "admin"},
    "published": set(ROLES),
    "withdrawn": {"drafter", "reviewer", "signatory"},
}
"""Who may read the text of the statement in that status, on whatever page."""

COMMENT_READERS = frozenset({"drafter", "reviewer", "signatory"})
"""Who may read what the organisation of reviewer and signatory said about the text, on whatever page and in whatever status."""


def _rows() -> dict[tuple[str, str], dict[str, str]]:
    head, *lines = (line.split() for line in TABLE.splitlines() if line)
    assert tuple(head) == ROLES
    return {(endpoint, method): dict(zip(ROLES, cells, strict=True)) for endpoint, method, *cells in lines}


CELLS = _rows()
"""(endpoint, method) → role → signs."""


def width_of(rule: str) -> int:
    """How many objects the address of a rule is asked about."""
    if rule.startswith("/desk/statements/<public_id>") or "<reference>" in rule:
        return len(STATUSES)
    return 2 if rule.startswith("/desk/organisations/<public_id>") else 1
