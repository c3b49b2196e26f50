"""An admin shuts an organisation's people out on the desk; it holds from their next request on."""

from flask import Flask

from signflow.domain.actors import Role
from signflow.models import Organisation, Person
from signflow.services.accounts import create_reset
from signflow.services.panic import shut_out
from signflow.services.passwords import hash_password
from tests.integration.mail.office import outbox
from tests.support.site import coalition_of, signed_in, visitor


def test_everybody_is_out_at_the_next_request(app: Flask) -> None:
    coalition = coalition_of(app)
    own, other = coalition.organisation("Third Bank"), coalition.organisation("Night Archive")
    nina = coalition.member(own, person_id=coalition.person("Nina"))
    tsimur = coalition.member(own, Role.REVIEWER, coalition.person("Tsimur"))
    coalition.member(other, person_id=nina)
    visitors = [signed_in(app, one) for one in (nina, tsimur)]
    neighbour = signed_in(app, coalition.member(other, Role.REVIEWER))
    admin = signed_in(app, coalition.admin())
    home = f"/desk/organisations/{coalition.public_id(Organisation, own)}"
    assert f'href="{home}/panic"' in admin.get(home).text
    before = coalition.rows()
    page = admin.get(f"{home}/panic").text
    assert "2 people are signed out everywhere and disabled:" in page
    assert "<li>Nina</li>" in page
    assert "Shut out 2 people now" in page
    assert "<li>Tsimur</li>" in page
    assert "Night Archive will have nobody who can sign." in page
    assert "Third Bank will have nobody" not in page
    assert "The last admin" not in page
    assert coalition.rows() == before
    answer = admin.post(f"{home}/panic")
    assert (answer.status_code, answer.location) == (303, home)
    assert "2 accounts were disabled, and their sessions ended." in admin.get(home).text
    for one in visitors:
        assert one.get("/desk/").location == "/sign-in?next=/desk/"
    assert neighbour.get("/desk/").status_code == 200
    assert len(outbox(coalition.database, "people-shut-out")) == 1


def test_an_admin_may_shut_itself_out(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    own = coalition.organisation("Third Bank")
    boss = coalition.member(own, person_id=coalition.admin())
    coalition.admin()
    admin = signed_in(sqlite_app, boss)
    address = f"/desk/organisations/{coalition.public_id(Organisation, own)}/panic"
    answer = admin.post(address)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "One account was disabled, and its sessions ended." in admin.get("/sign-in").text
    with coalition.database.read() as session:
        assert session.get_one(Person, boss).disabled_at == coalition.now


def test_the_last_admin_is_told_and_spared(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    own = coalition.organisation("Third Bank")
    boss = coalition.member(own, person_id=coalition.admin())
    admin = signed_in(sqlite_app, boss)
    address = f"/desk/organisations/{coalition.public_id(Organisation, own)}/panic"
    assert "The last admin is among them: this account is signed out, but not disabled." in admin.get(address).text
    admin.post(address)
    said = admin.get("/sign-in").text
    assert "No account was disabled" in said
    assert "Iryna Admin is the last admin: signed out everywhere, but not disabled." in said
    assert admin.get("/desk/").status_code == 303


def test_an_organisation_without_people_can_be_shut_too(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    admin = signed_in(sqlite_app, coalition.admin())
    address = f"/desk/organisations/{coalition.public_id(Organisation, coalition.organisation())}/panic"
    page = admin.get(address).text
    assert "Nobody acts for this organisation now." in page
    assert "Revoke every open invitation" in page
    assert "The last admin" not in page


def test_whoever_is_let_in_again_sets_a_new_password_before_anything_else(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    old, new = "four words nobody guesses", "seven plain words nobody would say"
    email, hashed = "nina@example.org", hash_password(old)
    organisation = coalition.organisation("Night Archive")
    nina = coalition.person("Nina", email=email, password_hash=hashed)
    coalition.member(organisation, Role.REVIEWER, nina)
    admin = coalition.admin()
    with coalition.database.write() as session:
        actor = coalition.actor(session, admin)
        shut_out(session, session.get_one(Organisation, organisation), actor=actor, now=coalition.now)
    address = f"/desk/people/{coalition.public_id(Person, nina)}"
    assert signed_in(sqlite_app, admin).post(address, {}).status_code == 303
    guest = visitor(sqlite_app)
    form: dict[str, object] = {"email": email, "password": old}
    refused = guest.post("/sign-in", form, page="/sign-in")
    assert (refused.status_code, "Wrong e-mail or password." in refused.text) == (401, True)
    with coalition.database.write() as session:
        assert session.get_one(Person, nina).disabled_at is None
        token = create_reset(session, secret="s" * 40, email=email, now=coalition.now)
    guest.get(f"/invitations/{token}", follow_redirects=True)
    assert guest.post("/welcome", {"password": new, "again": new}, page="/welcome").status_code == 303
    assert guest.get("/desk/account").status_code == 200


def test_the_last_admin_keeps_the_password(sqlite_app: Flask) -> None:
    coalition = coalition_of(sqlite_app)
    organisation = coalition.organisation("Night Archive")
    last = coalition.admin(password_hash="x")
    coalition.member(organisation, person_id=last)
    with coalition.database.write() as session:
        shut_out(session, session.get_one(Organisation, organisation), actor=None, now=coalition.now)
    with coalition.database.read() as session:
        assert session.get_one(Person, last).password_hash == "x"
