"""GitLab's REST API with python-gitlab: people, groups, projects, members and tokens."""

import datetime
import uuid

import pytest
from client_version import only_2x

# GitLab's API stands at one address, whatever the mount of MLflow's.
pytestmark = [pytest.mark.weir_only, pytest.mark.one_mount]


@pytest.fixture
def connect(tracking):
    # It shares the environment of the 2.x client.
    import gitlab

    def connect(token=tracking.token, **options):
        return gitlab.Gitlab(tracking.server.url, private_token=token, **options)

    return connect


@pytest.fixture
def root(connect):
    return connect()


@pytest.fixture
def unique():
    return uuid.uuid4().hex[:8]


def soon():
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=30)).isoformat()


@pytest.fixture
def alice(root, unique):
    """A user and a personal token of hers."""
    user = root.users.create(
        {
            "username": f"alice-{unique}",
            "name": "Alice",
            "email": f"alice-{unique}@example.org",
            "force_random_password": True,
        }
    )
    token = user.personal_access_tokens.create({"name": "test", "scopes": ["api"], "expires_at": soon()})
    return user, token.token


def refused(status, call, *arguments, **options):
    import gitlab

    with pytest.raises(gitlab.GitlabError) as error:
        call(*arguments, **options)
    assert error.value.response_code == status, error.value
    return error.value.error_message


@only_2x
def test_who_is_calling(root, connect, alice):
    user, token = alice
    root.auth()
    assert root.user.username == "root"
    assert root.version()[0].startswith("18.")
    own = connect(token)
    own.auth()
    assert (own.user.id, own.user.is_admin) == (user.id, False)
    assert "401 Unauthorized" in refused(401, connect("glpat-00000000000000000000").auth)


@only_2x
def test_a_group_with_a_project_and_members(root, connect, alice, unique, tracking):
    user, token = alice
    group = root.groups.create({"name": "Team", "path": f"team-{unique}"})
    vision = root.groups.create({"name": "Vision", "path": "vision", "parent_id": group.id})
    project = root.projects.create({"name": "Iris Models", "namespace_id": vision.id, "visibility": "private"})
    path = f"team-{unique}/vision/iris-models"
    assert project.path_with_namespace == path
    assert root.projects.get(path).id == project.id
    assert [found.id for found in group.projects.list(include_subgroups=True, get_all=True)] == [project.id]
    assert [found.id for found in group.subgroups.list(get_all=True)] == [vision.id]

    own = connect(token)
    assert refused(404, own.projects.get, path) == "404 Project Not Found"
    member = group.members.create({"user_id": user.id, "access_level": 30, "expires_at": soon()})
    assert member.access_level == 30
    assert project.members.list(get_all=True) == []
    assert user.id in [found.id for found in project.members_all.list(get_all=True)]
    assert own.projects.get(path).permissions["group_access"] == {"access_level": 30}
    member.access_level = 20
    member.save()
    assert project.members_all.get(user.id).access_level == 20
    member.delete()
    assert refused(404, own.projects.get, path) == "404 Project Not Found"
    direct = project.members.create({"user_id": user.id, "access_level": 40})
    assert refused(409, project.members.create, {"user_id": user.id, "access_level": 40}) == "Member already exists"
    assert [found.id for found in own.projects.list(membership=True, get_all=True)] == [project.id]
    direct.delete()


@only_2x
def test_a_project_is_changed_moved_archived_deleted_and_restored(root, unique):
    import gitlab

    project = root.projects.create({"name": f"old-{unique}"})
    project.description = "flowers"
    project.visibility = "internal"
    project.model_registry_access_level = "private"
    project.save()
    project.path = f"new-{unique}"
    project.save()
    # The client follows to where the project is now.
    moved = root.projects.get(f"root/old-{unique}")
    assert (moved.id, moved.path, moved.visibility) == (project.id, f"new-{unique}", "internal")
    assert moved.model_registry_access_level == "private"

    project.archive()
    assert root.projects.get(project.id).archived
    project.unarchive()
    assert not root.projects.get(project.id).archived

    project.delete()
    assert root.projects.get(project.id).marked_for_deletion_on
    project.restore()
    assert root.projects.get(project.id).marked_for_deletion_on is None
    project.delete()
    root.http_delete(
        f"/projects/{project.id}",
        query_data={"permanently_remove": True, "full_path": f"root/new-{unique}"},
    )
    with pytest.raises(gitlab.GitlabGetError):
        root.projects.get(f"root/new-{unique}")


@only_2x
def test_pages_and_keysets(root, unique):
    names = [f"{unique}-{number}" for number in range(5)]
    for name in names:
        root.projects.create({"name": name})
    page = root.projects.list(search=unique, order_by="id", sort="asc", per_page=2, page=2)
    assert [project.name for project in page] == names[2:4]
    everything = root.projects.list(search=unique, order_by="id", sort="asc", per_page=2, get_all=True)
    assert [project.name for project in everything] == names
    lazy = root.projects.list(search=unique, per_page=2, iterator=True)
    assert (lazy.total, lazy.total_pages) == (5, 3)
    by_keyset = root.projects.list(
        search=unique, pagination="keyset", order_by="id", sort="asc", per_page=2, iterator=True
    )
    assert [project.name for project in by_keyset] == names


@only_2x
def test_personal_tokens_are_rotated_and_revoked(root, connect, alice):
    user, token = alice
    own = connect(token)
    current = own.personal_access_tokens.get("self")
    assert (current.name, current.scopes, current.user_id) == ("test", ["api"], user.id)
    new = own.personal_access_tokens.get("self").rotate(self_rotate=True)["token"]
    refused(401, own.personal_access_tokens.get, "self")
    again = connect(new)
    again.auth()
    # Somebody else has the old one: its rotation ends the new one.
    refused(401, own.http_post, "/personal_access_tokens/self/rotate")
    refused(401, again.auth)

    made = user.personal_access_tokens.create({"name": "second", "scopes": ["read_api"]})
    kept = root.personal_access_tokens.list(user_id=user.id, state="active", get_all=True)
    assert [found.name for found in kept] == ["second"]
    root.personal_access_tokens.delete(made.id)
    refused(401, connect(made.token).auth)


@only_2x
def test_tokens_of_projects_and_groups(root, connect, unique, tracking):
    group = root.groups.create({"name": "Team", "path": f"tokens-{unique}"})
    project = root.projects.create({"name": "iris", "namespace_id": group.id})
    for place in (project, group):
        made = place.access_tokens.create(
            {"name": "ci", "scopes": ["api"], "access_level": 30, "expires_at": soon()}
        )
        bot = connect(made.token)
        bot.auth()
        assert bot.user.bot
        assert [found.id for found in bot.projects.list(get_all=True)] == [project.id]
        rotated = place.access_tokens.get(made.id).rotate()
        refused(401, bot.auth)
        connect(rotated["token"]).auth()
        place.access_tokens.delete(rotated["id"])
        refused(401, connect(rotated["token"]).auth)
        assert [token.active for token in place.access_tokens.list(get_all=True)] == [False, False]


@only_2x
def test_users_are_blocked_and_deleted(root, connect, alice):
    user, token = alice
    assert [found.id for found in root.users.list(username=user.username)] == [user.id]
    user.block()
    refused(401, connect(token).auth)
    user.unblock()
    connect(token).auth()
    user.name = "Alice B."
    user.save()
    assert root.users.get(user.id).name == "Alice B."
    user.delete()
    refused(401, connect(token).auth)
    assert refused(404, root.users.get, user.id) == "404 User Not Found"


@only_2x
def test_somebody_helps_themselves(root, connect, alice, unique):
    import gitlab

    user, token = alice
    own = connect(token)
    made = own.http_post(
        "/user/personal_access_tokens",
        post_data={"name": "notebook", "scopes": ["read_api"], "expires_at": soon()},
    )
    reader = connect(made["token"])
    reader.auth()
    assert (reader.user.id, made["scopes"]) == (user.id, ["read_api"])
    # The body is the one that GitLab's clients know.
    with pytest.raises(gitlab.GitlabCreateError) as error:
        reader.projects.create({"name": f"x-{unique}"})
    assert error.value.response_code == 403
    body = error.value.response_body.decode()
    assert '"error":"insufficient_scope"' in body and '"scope":"api"' in body, body
    own.personal_access_tokens.delete(made["id"])
    with pytest.raises(gitlab.GitlabAuthenticationError) as error:
        reader.auth()
    assert '"error":"invalid_token"' in error.value.response_body.decode()

    group = root.groups.create({"name": "Team", "path": f"leave-{unique}"})
    project = root.projects.create({"name": "iris", "namespace_id": group.id})
    for place, seen in ((project, own.projects), (group, own.groups)):
        place.members.create({"user_id": user.id, "access_level": 10})
        seen.get(place.id).members.delete(user.id)
        refused(404, seen.get, place.id)
    group.members.create({"user_id": user.id, "access_level": 20})
    told = own.projects.get(project.id).caller
    assert (told["role"], told["may"]["read_experiments"], told["may"]["write_experiments"]) == (
        "reporter",
        True,
        False,
    )
    refused(403, own.groups.get(group.id).members.delete, root.users.list(username="root")[0].id)


@only_2x
def test_a_team_over_its_life(root, connect, alice, unique):
    """What a script that sets up a team does, in its order, and what becomes of the team later."""
    user, token = alice
    own = connect(token)
    company = root.groups.create({"name": "Company", "path": f"company-{unique}", "visibility": "internal"})
    team = root.groups.create({"name": "Vision", "path": "vision", "parent_id": company.id})
    team.description = "Looks at pictures"
    team.save()
    assert root.groups.get(f"company-{unique}/vision").description == "Looks at pictures"
    assert root.groups.get(team.id).full_name == "Company / Vision"
    team.members.create({"user_id": user.id, "access_level": 40, "expires_at": soon()})
    names = ["cats", "dogs"]
    projects = {name: root.projects.create({"name": name, "namespace_id": team.id}) for name in names}
    assert sorted(found.name for found in team.projects.list(get_all=True, order_by="name")) == names
    assert [found.name for found in own.groups.list(search="vision", get_all=True)] == ["Vision"]

    # A maintainer gives a job its token, and renews it when it is about to end.
    cats = own.projects.get(projects["cats"].id)
    made = cats.access_tokens.create(
        {"name": "train", "scopes": ["api"], "access_level": 30, "expires_at": soon()}
    )
    job = connect(made.token)
    job.auth()
    assert job.projects.get(cats.id).caller["role"] == "developer"
    refused(404, job.projects.get, projects["dogs"].id)
    renewed = job.projects.get(cats.id, lazy=True).access_tokens.rotate("self", expires_at=soon())
    refused(401, job.auth)
    connect(renewed["token"]).auth()
    states = cats.access_tokens.list(get_all=True)
    assert sorted(token.active for token in states) == [False, True]

    # The role of the group counts in its projects; the project's own may only be higher.
    bea = root.users.create(
        {
            "username": f"bea-{unique}",
            "name": "Bea",
            "email": f"bea-{unique}@example.org",
            "force_random_password": True,
        }
    )
    team.members.create({"user_id": bea.id, "access_level": 20})
    assert "reporter" in refused(400, cats.members.create, {"user_id": bea.id, "access_level": 10})
    cats.members.create({"user_id": bea.id, "access_level": 30})
    found = {member.id: member.access_level for member in cats.members_all.list(get_all=True)}
    assert (found[user.id], found[bea.id]) == (40, 30)
    assert [member.username for member in cats.members.list(query="bea", get_all=True)] == [bea.username]

    # A maintainer neither owns nor deletes.
    refused(403, own.projects.get(cats.id).delete)
    refused(403, own.projects.get(cats.id).archive)
    root.projects.get(cats.id).archive()
    assert [project.name for project in team.projects.list(archived=False, get_all=True)] == ["dogs"]
    root.projects.get(cats.id).unarchive()

    team.path = "sight"
    team.save()
    assert own.projects.get(cats.id).path_with_namespace == f"company-{unique}/sight/cats"
    assert own.projects.get(f"company-{unique}/vision/cats").id == cats.id

    team = root.groups.get(team.id)
    team.delete()
    assert root.groups.get(team.id).marked_for_deletion_on
    assert root.projects.get(cats.id).marked_for_deletion_on
    team.restore()
    assert root.groups.get(team.id).marked_for_deletion_on is None
    assert root.projects.get(cats.id).marked_for_deletion_on is None
    assert root.projects.get(cats.id).permissions["group_access"]["access_level"] == 50


@only_2x
def test_audit_events_of_the_server_a_project_and_a_group(root, connect, alice, unique):
    user, token = alice
    group = root.groups.create({"name": "Audited", "path": f"audited-{unique}"})
    project = root.projects.create({"name": "iris", "namespace_id": group.id})
    member = group.members.create({"user_id": user.id, "access_level": 50})
    made = project.access_tokens.create({"name": "ci", "scopes": ["api"], "access_level": 30})
    project.access_tokens.delete(made.id)

    # She owns both, and is no administrator.
    own = connect(token)
    of_group = own.groups.get(group.id).audit_events.list(get_all=True)
    assert [event.event_name for event in of_group] == ["member_added", "group_created"]
    newest = of_group[0]
    assert (newest.entity_type, newest.entity_id, newest.details["to"]) == ("Group", group.id, "owner")
    assert (newest.author_id, newest.details["target_details"]) == (1, user.username)
    assert own.groups.get(group.id).audit_events.get(newest.id).details == newest.details
    of_project = own.projects.get(project.id).audit_events.list(get_all=True)
    assert [event.event_name for event in of_project] == [
        "access_token_revoked",
        "access_token_created",
        "project_created",
    ]
    assert own.projects.get(project.id).audit_events.get(of_project[0].id).event_name == "access_token_revoked"
    refused(403, own.audit_events.list)
    member.access_level = 40
    member.save()
    refused(403, own.groups.get(group.id).audit_events.list)

    newest = root.audit_events.list(per_page=1)[0]
    assert (newest.event_name, newest.details["from"], newest.details["to"]) == (
        "member_updated",
        "owner",
        "maintainer",
    )
    assert root.audit_events.get(newest.id).created_at == newest.created_at
    tokens = root.audit_events.list(entity_type="Project", entity_id=project.id, get_all=True)
    assert len(tokens) == 3
    assert root.audit_events.list(created_after="2999-01-01") == []
