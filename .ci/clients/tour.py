"""A tour of a GitLab with python-gitlab: every value that it gets is checked.

tour.py URL EDITION, against the sandbox with world.yaml. It stops with 1 if an answer is wrong.
"""

import re
import sys
import warnings

import gitlab

URL, EDITION = sys.argv[1], sys.argv[2]
warnings.simplefilter("ignore")  # of lists that are longer than a page
counts = {"passed": 0, "failed": 0}
section = ""


def is_(what, got, want):
    """One checked value."""
    ok = got == want
    counts["passed" if ok else "failed"] += 1
    if not ok:
        print(f"{section}: {what}: got {got!r}, want {want!r}")


def like(what, got, pattern):
    """A value that has to match a pattern."""
    ok = isinstance(got, str) and re.fullmatch(pattern, got) is not None
    is_(f"{what} {got!r} like {pattern}", ok, True)


def refused(what, status, text, do):
    """A request that has to be refused with this status and message."""
    try:
        do()
    except gitlab.GitlabError as e:
        is_(what, (e.response_code, e.error_message), (status, text))
        return e
    is_(what, "no error", (status, text))
    return None


def login(name, **options):
    """A client with the token of a user."""
    return gitlab.Gitlab(URL, private_token=f"sandbox-{name}", **options)


def project(name="infrastructure", user="ada"):
    return login(user).projects.get(f"acme/{name}")


def titles(rows):
    return [row.title for row in rows]


def iids(rows):
    return [row.iid for row in rows]


TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
KEYS = {"id", "username", "public_email", "name", "state", "locked", "avatar_url", "web_url"}


def sign_in():
    gl = login("ada")
    gl.auth()
    me = gl.user
    is_("user", (me.username, me.name, me.state, me.bot, me.two_factor_enabled), ("ada", "Ada Winter", "active", False, False))
    is_("no administrator", hasattr(me, "is_admin"), False)
    root = login("root")
    root.auth()
    is_("administrator", root.user.is_admin, True)
    bearer = gitlab.Gitlab(URL, oauth_token="sandbox-bea-with-a-long-token")
    bearer.auth()
    is_("bearer", bearer.user.username, "bea")
    version, revision = gl.version()
    like("version", version, r"18\.9\.\d+(-ee)?")
    is_("edition in the version", version.endswith("-ee"), EDITION != "ce")
    like("revision", revision, "[0-9a-f]{11}")
    metadata = gl.http_get("/metadata")
    is_("metadata", (metadata["version"], metadata["enterprise"]), (version, EDITION != "ce"))
    is_("kas", sorted(metadata["kas"]), ["enabled", "externalK8sProxyUrl", "externalUrl", "version"])
    found = gl.users.list(username="DEV")
    is_("user by name", [(u.username, set(u.attributes)) for u in found], [("dev", KEYS)])
    is_("nobody", gl.users.list(username="nobody"), [])
    is_("user by id", gl.users.get(found[0].id).username, "dev")


def refusals():
    gl = login("ada")
    refused("unknown token", 401, "401 Unauthorized", login("nobody").auth)
    refused("no token", 401, "401 Unauthorized", lambda: gitlab.Gitlab(URL).http_get("/user"))
    refused("job token", 401, "401 Unauthorized", lambda: gitlab.Gitlab(URL, job_token="x").http_get("/user"))
    for name, text in (("old", b"Token was revoked. You have to re-authorize from the user."), ("exp", b"Token is expired. ")):
        e = refused(name, 401, "invalid_token", login(name).auth)
        is_(f"description of {name}", e is not None and text in e.response_body, True)
    eva = project(user="eva")
    e = refused("scope", 403, "insufficient_scope", lambda: eva.issues.create({"title": "x"}))
    is_("needed scopes", e is not None and b'"scope":"ai_workflows mcp mcp api read_api"' in e.response_body.replace(b'": "', b'":"'), True)
    refused("project of others", 404, "404 Project Not Found", lambda: project(user="out"))
    refused("no project", 404, "404 Project Not Found", lambda: gl.projects.get("acme/nothing"))
    refused("no group", 404, "404 Group Not Found", lambda: gl.groups.get("nothing"))
    refused("no route", 404, "404 Not Found", lambda: gl.http_get("/nothing"))
    p = gl.projects.get("acme/infrastructure")
    refused("no issue", 404, "404 Not found", lambda: p.issues.get(999))
    refused("iid of letters", 400, "issue_iid is invalid", lambda: p.issues.get("abc"))
    refused("no milestone", 404, "404 Not found", lambda: p.milestones.get(999999))
    refused("no label", 404, "404 Label Not Found", lambda: p.labels.delete("nothing"))
    refused("no title", 400, "title is missing", lambda: gl.http_post(f"/projects/{p.id}/issues", post_data={}))
    refused("blank title", 400, {"title": ["can't be blank"]}, lambda: p.issues.create({"title": " "}))
    refused("long title", 400, {"title": ["is too long (maximum is 255 characters)"]}, lambda: p.issues.create({"title": "x" * 256}))
    refused("boolean", 400, "confidential is invalid", lambda: p.issues.create({"title": "x", "confidential": "maybe"}))
    refused("state", 400, "state does not have a valid value", lambda: p.issues.list(state="open"))
    refused("page size", 400, "per_page has a value not allowed", lambda: p.issues.list(per_page=0))
    guest = project(user="gus")
    refused("guest creates a label", 403, "403 Forbidden", lambda: guest.labels.create({"name": "x", "color": "#ffffff"}))
    refused("guest creates a milestone", 403, "403 Forbidden", lambda: guest.milestones.create({"title": "x"}))
    refused("guest reads the secret", 404, "404 Not found", lambda: guest.issues.get(4))
    refused("maintainer deletes an issue", 403, "403 Forbidden", lambda: p.issues.delete(23))


def projects():
    gl = login("ada")
    p = project()
    is_(
        "project",
        (p.path_with_namespace, p.name, p.description, p.visibility),
        ("acme/infrastructure", "infrastructure", "Servers and networks", "private"),
    )
    is_("switches", (p.archived, p.issues_enabled, p.issues_access_level, p.open_issues_count), (False, True, "enabled", 21))  # without the confidential one
    is_("namespace", (p.namespace["kind"], p.namespace["full_path"], p.namespace["parent_id"]), ("group", "acme", None))
    is_("rights", (p.permissions["project_access"], p.permissions["group_access"]["access_level"]), (None, 40))
    is_("address", p.web_url, f"{URL}/acme/infrastructure")
    is_("by number", gl.projects.get(p.id).path_with_namespace, p.path_with_namespace)
    mine = gl.projects.list(membership=True, order_by="id", sort="asc", get_all=True)
    is_("projects", [x.path for x in mine], ["infrastructure", "production"])
    paged = gl.projects.list(pagination="keyset", order_by="id", sort="asc", per_page=1, iterator=True)
    is_("keyset", [x.path for x in paged], ["infrastructure", "production"])
    g = gl.groups.get("acme", with_projects=False)
    is_("group", (g.full_path, g.full_name, g.parent_id, g.visibility, g.web_url), ("acme", "acme", None, "private", f"{URL}/groups/acme"))
    is_("projects of the group", sorted(x.path for x in g.projects.list(get_all=True)), ["infrastructure", "production"])
    is_("subgroups", [x.full_path for x in g.subgroups.list()], ["acme/sre"])
    is_("groups", sorted(x.full_path for x in gl.groups.list(get_all=True)), ["acme", "acme/sre"])


def members():
    p = project()
    everyone = {m.username: m.access_level for m in p.members_all.list(get_all=True)}
    is_("all", everyone, {"root": 50, "ada": 40, "dev": 30, "rep": 20, "gus": 10, "bea": 40, "eva": 40})
    is_("direct", p.members.list(), [])
    is_("found", [m.username for m in p.members_all.list(query="dev")], ["dev"])
    one = p.members_all.get(login("ada").users.list(username="rep")[0].id)
    is_("one", (one.username, one.access_level, one.expires_at, one.state, one.locked), ("rep", 20, None, "active", False))
    is_("state of the membership", hasattr(one, "membership_state"), EDITION != "ce")
    like("since", one.created_at, TIME)
    g = login("ada").groups.get("acme")
    is_("group", sorted(m.username for m in g.members.list(get_all=True)), sorted(everyone))
    is_("users", [u.username for u in p.users.list(search="dev")], ["dev"])
    refused("no member", 404, "404 Not found", lambda: p.members.get(999999))


def pages():
    p = project()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        is_("first page", iids(p.issues.list()), list(range(23, 3, -1)))
    is_("warned of more", [f"20 of {23} items" in str(w.message) for w in caught], [True])
    walk = p.issues.list(iterator=True, per_page=5)
    is_("before", (walk.current_page, walk.prev_page, walk.next_page, walk.per_page, walk.total, walk.total_pages), (1, None, 2, 5, 23, 5))
    is_("all", iids(walk), list(range(23, 0, -1)))
    is_("after", (walk.current_page, walk.prev_page, walk.next_page), (5, 4, None))
    is_("ascending", iids(p.issues.list(order_by="created_at", sort="asc", per_page=7, get_all=True)), list(range(1, 24)))
    is_(
        "keyset",
        iids(p.issues.list(pagination="keyset", order_by="created_at", sort="asc", per_page=4, iterator=True)),
        list(range(1, 24)),
    )
    is_("third page", iids(p.issues.list(page=3, per_page=10)), [3, 2, 1])
    is_("past the end", p.issues.list(page=9, per_page=10), [])
    is_("by title", titles(p.issues.list(order_by="title", sort="asc", page=1, per_page=2)), ["Check 06", "Check 07"])
    is_("group", len(login("ada").groups.get("acme").issues.list(get_all=True, per_page=6)), 23)
    is_("head", p.manager.gitlab.http_head(f"/projects/{p.id}/issues", per_page=4)["X-Total-Pages"], "6")


def filters():
    gl = login("ada")
    p = project()

    def found(**query):
        return iids(p.issues.list(get_all=True, order_by="created_at", sort="asc", **query))

    is_("opened", len(found(state="opened")), 22)
    is_("closed", found(state="closed"), [1])
    is_("label", found(labels=["toil"]), [1, 3, 7])
    is_("two labels", found(labels=["bug", "toil"]), [7])
    is_("group label", found(labels="incident"), [2])
    is_("case of a label", found(labels=["Toil"]), [])
    is_("any label", found(labels="Any"), [1, 2, 3, 7])
    is_("no label", len(found(labels="None")), 19)
    is_("without label", len(found(**{"not[labels]": "toil"})), 20)
    is_("milestone", found(milestone="Sprint 3"), [3])
    is_("group milestone", found(milestone="Quarter 1"), [5])
    is_("any milestone", found(milestone="Any"), [1, 3, 5, 23])
    is_("without milestone", len(found(**{"not[milestone]": "Sprint 3"})), 22)
    is_("upcoming, of the project and of the group", found(milestone_id="Upcoming"), [3, 5])
    is_("iids", found(iids=[2, 4, 99]), [2, 4])
    is_("author", found(author_username="rep"), [5])
    is_("assignee", found(assignee_username="rep"), [2])
    is_("nobody", len(found(assignee_id="None")), 22)
    is_("confidential", found(confidential=True), [4])
    is_("public", len(found(confidential=False)), 22)
    is_("created", found(created_after="2026-02-05T08:00:00Z", created_before="2026-02-06T08:00:00Z"), [5, 6])
    is_("overdue", found(due_date="overdue"), [3])
    is_("type", found(issue_type="incident"), [])
    is_("search", found(search="registry"), [2])
    is_("beginning of a word", found(search="Regist"), [2])
    is_("end of a word", found(search="istry"), [])
    is_("accents", found(search="storung"), [5])
    is_("two words", found(search="status runbook"), [3])
    is_("in the title", found(search="page", **{"in": "title"}), [3])
    is_("in both", found(search="page"), [2, 3])
    is_("not mine", iids(gl.issues.list(scope="assigned_to_me")), [])
    is_("mine", gl.issues.list(get_all=True)[0].author["username"], "ada")
    is_("everybody's", len(gl.issues.list(scope="all", get_all=True)), 23)
    is_("guest sees", len(project(user="gus").issues.list(get_all=True)), 22)
    is_("details", p.issues.list(labels=["toil"], with_labels_details=True)[0].labels[1]["color"], "#fc9403")
    is_("statistics", p.issues_statistics.get().statistics, {"counts": {"all": 23, "closed": 1, "opened": 22}})


def one_issue():
    p = project()
    i = p.issues.get(2)
    is_(
        "texts",
        (i.iid, i.title, i.description, i.state),
        (2, "Registry returns 500s", "The registry fails.\n\n- [x] page\n- [ ] fix", "opened"),
    )
    is_(
        "people",
        (i.author["username"], i.assignee["username"], [a["username"] for a in i.assignees], set(i.author)),
        ("dev", "rep", ["rep"], KEYS),
    )
    is_("labels", i.labels, ["bug", "incident"])
    is_("kind", (i.type, i.issue_type, i.severity, i.confidential, i.discussion_locked), ("ISSUE", "issue", "UNKNOWN", False, None))
    is_("counts", (i.user_notes_count, i.merge_requests_count, i.upvotes, i.downvotes), (0, 0, 0, 0))
    is_("tasks", (i.task_completion_status, i.has_tasks), ({"count": 2, "completed_count": 1}, False))
    is_("nothing", (i.milestone, i.due_date, i.start_date, i.closed_at, i.attributes["closed_by"], i.moved_to_id), (None,) * 6)
    is_("references", i.references, {"short": "#2", "relative": "#2", "full": "acme/infrastructure#2"})
    is_("links", i._links["self"], f"{URL}/api/v4/projects/{p.id}/issues/2")
    is_("address", i.web_url, f"{URL}/acme/infrastructure/-/issues/2")
    is_("time", (i.created_at, i.time_stats()["human_time_estimate"]), ("2026-02-02T08:00:00.000Z", None))
    is_("of Enterprise", hasattr(i, "blocking_issues_count"), EDITION != "ce")
    closed = p.issues.get(1)
    is_("closed", (closed.state, closed.closed_at, closed.milestone["title"]), ("closed", "2026-02-10T08:00:00.000Z", "Sprint 1"))
    is_("expired", (closed.milestone["expired"], closed.milestone["state"]), (True, "closed"))


def labels():
    p = project()
    is_("names", [x.name for x in p.labels.list(get_all=True)], ["bug", "incident", "ops::now", "toil"])
    toil = [x for x in p.labels.list(with_counts=True) if x.name == "toil"][0]
    is_("counts", (toil.open_issues_count, toil.closed_issues_count, toil.open_merge_requests_count), (2, 1, 1))
    is_(
        "one",
        (toil.color, toil.description, toil.priority, toil.subscribed, toil.is_project_label),
        ("#fc9403", "Work by hand", None, False, True),
    )
    made = p.labels.create({"name": "team::red & blue", "color": "red", "priority": 0})
    is_(
        "made",
        (made.name, made.color, made.text_color, made.description, made.priority),
        ("team::red & blue", "#FF0000", "#FFFFFF", None, 0),
    )
    refused("taken", 409, "Label already exists", lambda: p.labels.create({"name": "toil", "color": "red"}))
    refused("taken by the group", 409, "Label already exists", lambda: p.labels.create({"name": "incident", "color": "red"}))
    refused("color", 400, {"color": ["must be a valid color code"]}, lambda: p.labels.create({"name": "y", "color": "reddish"}))
    refused("comma", 400, {"title": ["is invalid"]}, lambda: p.labels.create({"name": "a,b", "color": "red"}))
    refused("no color", 400, "color is missing", lambda: p.manager.gitlab.http_post(f"/projects/{p.id}/labels", post_data={"name": "z"}))
    made.new_name = "team::red"
    made.description = "Ours"
    made.save()
    again = p.labels.get("team::red")
    is_("renamed", (again.id, again.description, again.priority), (made.id, "Ours", 0))
    again.subscribe()
    is_("subscribed", p.labels.get(again.id).subscribed, True)
    refused("subscribed already", 304, "", again.subscribe)
    again.delete()
    refused("deleted", 404, "404 Label Not Found", lambda: p.labels.get(again.id))
    g = login("ada").groups.get("acme")
    shared = g.labels.create({"name": "shared", "color": "#0f0"})
    is_("of the group", (shared.color, hasattr(shared, "priority"), hasattr(shared, "is_project_label")), ("#0f0", False, False))
    is_("inherited", p.labels.get("shared").is_project_label, False)
    shared.delete()


def milestones():
    p = project()
    is_("order", titles(p.milestones.list(get_all=True)), ["Sprint 1", "Sprint 2", "Sprint 3", "Sprint 4"])
    is_("active", titles(p.milestones.list(state="active")), ["Sprint 2", "Sprint 3", "Sprint 4"])
    is_(
        "with the group's",
        titles(p.milestones.list(include_ancestors=True, state="active", get_all=True)),
        ["Sprint 2", "Sprint 3", "Sprint 4", "Quarter 1"],
    )
    is_("by title", iids(p.milestones.list(title="Sprint 3")), [3])
    is_("search inside of words", titles(p.milestones.list(search="uart", include_ancestors=True)), ["Quarter 1"])
    is_("search for a phrase", titles(p.milestones.list(search='"sprint 2"')), ["Sprint 2"])
    sprint = p.milestones.list(title="Sprint 2")[0]
    is_("expired", (sprint.expired, sprint.start_date, sprint.due_date, sprint.description), (True, "2026-02-16", "2026-02-27", None))
    made = p.milestones.create({"title": " Sprint 5 ", "start_date": "2026-03-30", "due_date": "2026-04-10"})
    is_("made", (made.title, made.iid, made.state, made.expired, made.project_id), ("Sprint 5", 5, "active", False, p.id))
    taken = 'Failed to create milestone {:title=>["already being used for another group or project milestone."]}'
    e = refused("taken", 400, taken, lambda: p.milestones.create({"title": "Sprint 1"}))
    is_("taken, whole", e is not None and e.response_body.startswith(b'{"message":"Failed'), True)
    refused("taken by the group", 400, taken, lambda: p.milestones.create({"title": "Quarter 1"}))
    order = 'Failed to create milestone {:due_date=>["must be greater than start date"]}'
    refused("order", 400, order, lambda: p.milestones.create({"title": "x", "start_date": "2026-03-02", "due_date": "2026-03-02"}))
    made.state_event = "close"
    made.description = "Done"
    made.save()
    is_("closed", (p.milestones.get(made.id).state, p.milestones.get(made.id).description), ("closed", "Done"))
    third = p.milestones.list(title="Sprint 3")[0]
    is_("its issues", iids(third.issues()), [3])
    is_("its merge requests", titles(third.merge_requests()), ["Rotate the keys"])
    made.delete()
    refused("deleted", 404, "404 Not found", lambda: p.milestones.get(made.id))
    quarter = login("ada").groups.get("acme").milestones.list()[0]
    is_(
        "of the group",
        (quarter.title, hasattr(quarter, "project_id"), quarter.web_url),
        ("Quarter 1", False, f"{URL}/groups/acme/-/milestones/1"),
    )


def writing():
    p = project()
    sprint = p.milestones.list(title="Sprint 3")[0]
    rep = login("ada").users.list(username="rep")[0]
    i = p.issues.create({
        "title": "  From Python ", "description": "Text\r\nmore", "labels": ["toil", "fresh"], "milestone_id": sprint.id,
        "assignee_ids": [rep.id], "due_date": "2026-03-10", "confidential": True,
    })
    is_("made", (i.iid, i.title, i.state, i.confidential, i.due_date), (24, "From Python", "opened", True, "2026-03-10"))
    is_(
        "its parts",
        (i.labels, i.milestone["title"], i.assignee["username"], i.author["username"]),
        (["fresh", "toil"], "Sprint 3", "rep", "ada"),
    )
    is_("subscribed", i.subscribed, True)
    like("since", i.created_at, TIME)
    is_("no description", p.issues.create({"title": "Bare"}).description, None)
    i.title, i.confidential = "Changed", False
    i.add_labels, i.remove_labels = ["bug"], ["fresh"]
    i.save()
    i = p.issues.get(24)
    is_("changed", (i.title, i.confidential, i.labels, i.due_date), ("Changed", False, ["bug", "toil"], "2026-03-10"))
    try:
        p.issues.update(24, {})
        is_("nothing to change", "no error", 400)
    except gitlab.GitlabUpdateError as e:
        is_("nothing to change", (e.response_code, e.error_message[-52:]), (400, "are missing, at least one parameter must be provided"))
    i.labels, i.milestone_id, i.assignee_ids, i.due_date = [], 0, [], ""
    i.save()
    i = p.issues.get(24)
    is_("emptied", (i.labels, i.milestone, i.assignees, i.assignee, i.due_date), ([], None, [], None, None))
    i.state_event = "close"
    i.save()
    is_("closed", (p.issues.get(24).state, p.issues.get(24).attributes["closed_by"]["username"]), ("closed", "ada"))
    i.state_event = "reopen"
    i.save()
    is_("reopened", (p.issues.get(24).state, p.issues.get(24).closed_at), ("opened", None))
    events = [(e.label["name"], e.action) for e in i.resourcelabelevents.list(get_all=True)]
    is_("label events", sorted(events[:2]), [("fresh", "add"), ("toil", "add")])
    is_("later label events", sorted(events[2:]), [("bug", "add"), ("bug", "remove"), ("fresh", "remove"), ("toil", "remove")])
    milestone = [(e.milestone["title"], e.action, e.state) for e in i.resourcemilestoneevents.list()]
    is_("milestone events", milestone, [("Sprint 3", "add", "opened"), ("Sprint 3", "remove", "opened")])
    is_("state events", [(e.state, e.user["username"]) for e in i.resourcestateevents.list()], [("closed", "ada"), ("reopened", "ada")])
    one = i.resourcelabelevents.list(page=1, per_page=1)[0]
    is_("one event", i.resourcelabelevents.get(one.id).created_at, one.created_at)
    is_("back-dated in vain", p.issues.create({"title": "Old", "created_at": "2020-01-01T00:00:00Z"}).created_at[:4], "2026")
    owner = project(user="root").issues.create({"title": "Old", "created_at": "2020-01-01T00:00:00Z", "iid": 77})
    is_("back-dated", (owner.created_at, owner.iid), ("2020-01-01T00:00:00.000Z", 77))
    refused("iid taken", 409, "Duplicated issue", lambda: project(user="root").issues.create({"title": "x", "iid": 77}))
    owner.delete()
    refused("deleted", 404, "404 Not found", lambda: p.issues.get(77))
    incident = p.issues.create({"title": "Fire", "issue_type": "incident"})
    is_("incident", (incident.type, incident.issue_type, incident.severity), ("INCIDENT", "incident", "UNKNOWN"))
    is_("guest's incident", project(user="gus").issues.create({"title": "Fire", "issue_type": "incident"}).type, "ISSUE")


def comments():
    p = project()
    i = p.issues.create({"title": "Talk"})
    note = i.notes.create({"body": "Hello"})
    is_(
        "made",
        (note.body, note.author["username"], note.system, note.internal, note.noteable_iid, note.type),
        ("Hello", "ada", False, False, i.iid, None),
    )
    is_("no commands", note.commands_changes, {})
    note.body = "Hello again"
    note.save()
    is_("changed", i.notes.get(note.id).body, "Hello again")
    i.notes.create({"body": "Second"})
    secret = i.notes.create({"body": "Inside", "internal": True})
    is_("order", [n.body for n in i.notes.list()], ["Inside", "Second", "Hello again"])
    is_("ascending", [n.body for n in i.notes.list(sort="asc", order_by="created_at")], ["Hello again", "Second", "Inside"])
    is_("guest reads", [n.body for n in project(user="gus").issues.get(i.iid).notes.list()], ["Second", "Hello again"])
    refused("guest reads inside", 404, "404 Note Not Found", lambda: project(user="gus").issues.get(i.iid).notes.get(secret.id))
    refused(
        "developer changes another's",
        403,
        "403 Forbidden",
        lambda: project(user="dev").issues.get(i.iid).notes.update(note.id, {"body": "x"}),
    )
    refused("empty", 400, '400 Bad request - Note {:note=>["can\'t be blank"]}', lambda: i.notes.create({"body": ""}))
    done = i.notes.create({"body": "/label ~toil\n/due 2026-03-20"})
    is_("commands only", (hasattr(done, "id"), sorted(done.commands_changes)), (False, ["add_label_ids", "due_date"]))
    is_("carried out", (p.issues.get(i.iid).labels, p.issues.get(i.iid).due_date), (["toil"], "2026-03-20"))
    both = i.notes.create({"body": "Done.\n/close"})
    is_("text and command", (both.body, p.issues.get(i.iid).state), ("Done.", "closed"))
    is_("count", p.issues.get(i.iid).user_notes_count, 4)
    note.delete()
    refused("deleted", 404, "404 Not found", lambda: i.notes.get(note.id))
    thread = i.discussions.create({"body": "A thread"})
    reply = thread.notes.create({"body": "A reply"})
    is_("reply", (reply.type, reply.body), ("DiscussionNote", "A reply"))
    read = i.discussions.get(thread.id)
    is_("thread", (read.attributes["individual_note"], [n["body"] for n in read.attributes["notes"]]), (False, ["A thread", "A reply"]))
    is_("threads", read.id in [d.id for d in i.discussions.list(get_all=True)], True)


def awards():
    p = project()
    i = p.issues.create({"title": "Liked"})
    award = i.awardemojis.create({"name": "thumbsup"})
    is_("made", (award.name, award.user["username"], award.awardable_type, award.awardable_id), ("thumbsup", "ada", "Issue", i.id))
    is_("votes", p.issues.get(i.iid).upvotes, 1)
    refused("twice", 404, "404 Award Emoji Name has already been taken Not Found", lambda: i.awardemojis.create({"name": "thumbsup"}))
    unknown = "404 Award Emoji Name is not a valid emoji name Not Found"
    refused("unknown", 404, unknown, lambda: i.awardemojis.create({"name": "nonsense"}))
    is_("filter", iids(p.issues.list(my_reaction_emoji="thumbsup")), [i.iid])
    note = i.notes.create({"body": "Also"})
    mine = project(user="dev").issues.get(i.iid).notes.get(note.id).awardemojis.create({"name": "tada"})
    is_("on a note", [(a.name, a.user["username"]) for a in note.awardemojis.list()], [("tada", "dev")])
    refused("another's", 401, "401 Unauthorized", lambda: note.awardemojis.delete(mine.id))
    award.delete()
    is_("taken back", (i.awardemojis.list(), p.issues.get(i.iid).upvotes), ([], 0))


def links():
    p, other = project(), project("production")
    a, b = p.issues.create({"title": "Here"}), other.issues.create({"title": "There"})
    source, target = a.links.create({"target_project_id": other.id, "target_issue_iid": b.iid})
    is_("made", (source.title, target.title), ("Here", "There"))
    rows = a.links.list()
    is_("rows", [(r.title, r.link_type, r.references["full"]) for r in rows], [("There", "relates_to", "acme/production#1")])
    is_("other side", [r.title for r in b.links.list()], ["Here"])
    refused("twice", 409, "Issue(s) already assigned", lambda: b.links.create({"target_project_id": p.id, "target_issue_iid": a.iid}))
    self = {"target_project_id": p.id, "target_issue_iid": a.iid}
    refused("itself", 422, f"#{a.iid} cannot be added: cannot be related to itself", lambda: a.links.create(self))
    body = {"target_project_id": other.id, "target_issue_iid": b.iid, "link_type": "blocks"}
    c = p.issues.create({"title": "Blocks"})
    if EDITION == "ce":
        refused("blocks", 400, "link_type does not have a valid value", lambda: c.links.create(body))
    elif EDITION == "free":
        refused("blocks", 403, "Blocked issues not available for current license", lambda: c.links.create(body))
    refused("no target", 404, "404 Not found", lambda: c.links.create({"target_project_id": other.id, "target_issue_iid": 999}))
    a.links.delete(rows[0].issue_link_id)
    is_("gone", (a.links.list(), b.links.list()), ([], []))


def boards():
    p = project()
    team = p.boards.list()[0]
    is_("board", (team.name, team.hide_backlog_list, team.hide_closed_list, team.project["path"]), ("Team", False, False, "infrastructure"))
    is_("lists", [(x.label["name"], x.position) for x in team.lists.list()], [("toil", 0), ("bug", 1)])
    is_("inline", [x["label"]["name"] for x in team.attributes["lists"]], ["toil", "bug"])
    is_("group key", hasattr(team, "group"), EDITION != "ce")
    made = p.boards.create({"name": "Second"})
    label = p.labels.get("ops::now")
    column = made.lists.create({"label_id": label.id})
    is_("column", (column.label["name"], column.position), ("ops::now", 0))
    refused("twice", 400, {"error": "Label has already been taken"}, lambda: made.lists.create({"label_id": label.id}))
    refused("no label", 400, {"error": "Label not found"}, lambda: made.lists.create({"label_id": 999999}))
    other = made.lists.create({"label_id": p.labels.get("toil").id})
    other.position = 0
    other.save()
    is_("moved", [x.label["name"] for x in made.lists.list()], ["toil", "ops::now"])
    made.name = "Renamed"
    made.save()
    is_("renamed", p.boards.get(made.id).name, "Renamed")
    column.delete()
    is_("shorter", [x.label["name"] for x in made.lists.list()], ["toil"])
    made.delete()
    refused("deleted", 404, "404 Not found", lambda: p.boards.get(made.id))


def moving():
    p, other = project(), project("production")
    sprint = p.milestones.list(title="Sprint 3")[0]
    i = p.issues.create({"title": "Wanders", "description": "See #2", "labels": ["toil", "bug"], "milestone_id": sprint.id})
    i.notes.create({"body": "Along"})
    number = i.iid
    i.move(other.id)
    old = p.issues.get(number)
    is_("source", (old.state, old.labels, old.moved_to_id is None), ("closed", ["bug", "toil"], False))
    new = [x for x in other.issues.list(search="Wanders", get_all=True) if x.id == old.moved_to_id][0]
    is_("target", (new.title, new.state, new.labels, new.description), ("Wanders", "opened", ["toil"], "See infrastructure#2"))
    is_("milestone", (new.milestone["title"], new.milestone["project_id"]), ("Sprint 3", other.id))
    is_("note", [n.body for n in new.notes.list(activity_filter="only_comments")], ["Along"])
    refused("again", 400, "Unable to move. You have insufficient permissions.", lambda: old.move(other.id))
    refused("nowhere", 404, "404 Project Not Found", lambda: new.move(999999))
    closed = p.issues.get(24)
    copy = p.manager.gitlab.http_post(f"/projects/{p.id}/issues/24/clone", post_data={"to_project_id": other.id})
    is_("clone", (copy["title"], copy["state"], copy["project_id"]), (closed.title, "opened", other.id))


def tracking():
    p = project()
    i = p.issues.create({"title": "Time"})
    is_("estimate", i.time_estimate("3h30m")["human_time_estimate"], "3h 30m")
    is_("spent", i.add_spent_time("1d")["total_time_spent"], 28800)
    is_(
        "stats",
        p.issues.get(i.iid).time_stats(),
        {"time_estimate": 12600, "total_time_spent": 28800, "human_time_estimate": "3h 30m", "human_total_time_spent": "1d"},
    )
    is_("no estimate", i.reset_time_estimate()["time_estimate"], 0)
    is_("not spent", i.reset_spent_time()["human_total_time_spent"], None)
    i.unsubscribe()
    is_("unsubscribed", p.issues.get(i.iid).subscribed, False)
    i.subscribe()
    refused("subscribed already", 304, "", i.subscribe)
    is_("participants", [u["username"] for u in i.participants()], ["ada"])
    is_("related", (i.related_merge_requests(), i.closed_by()), ([], []))
    first, second = p.issues.create({"title": "First"}), p.issues.create({"title": "Second"})
    second.reorder(move_after_id=first.id)
    i.todo()
    is_("to-do", [(t.action_name, t.target["iid"]) for t in login("ada").todos.list() if t.target["iid"] == i.iid], [("marked", i.iid)])


def merge_requests():
    p = project()
    is_("all", titles(p.mergerequests.list(get_all=True)), ["Drop the cache", "Raise the limits", "Rotate the keys"])
    is_("merged", titles(p.mergerequests.list(state="merged")), ["Raise the limits"])
    is_("pages", iids(p.mergerequests.list(per_page=1, iterator=True)), [3, 2, 1])
    is_("label", iids(p.mergerequests.list(labels=["toil"])), [1])
    is_("author", iids(p.mergerequests.list(author_username="rep")), [3])
    is_("reviewer", iids(p.mergerequests.list(reviewer_username="ada")), [1])
    is_("branch", iids(p.mergerequests.list(source_branch="limits")), [2])
    is_("milestone", iids(p.mergerequests.list(milestone="Sprint 3")), [1])
    is_("iids", iids(p.mergerequests.list(iids=[1, 3])), [3, 1])
    is_("search", iids(p.mergerequests.list(search="cache")), [3])
    is_("group", len(login("ada").groups.get("acme").mergerequests.list()), 3)
    is_("mine", iids(login("ada").mergerequests.list()), [2])
    m = p.mergerequests.get(1)
    is_("one", (m.title, m.state, m.author["username"], m.labels, m.draft), ("Rotate the keys", "opened", "dev", ["toil"], False))
    is_("branches", (m.source_branch, m.target_branch, m.merged_at, m.milestone["title"]), ("rotate", "main", None, "Sprint 3"))
    is_("reviewers", [u["username"] for u in m.reviewers], ["ada"])
    merged = p.mergerequests.get(2)
    is_("merged by", (merged.merge_user["username"], merged.merged_at), ("dev", "2026-02-14T08:00:00.000Z"))
    is_("its notes", m.notes.list(), [])
    if EDITION == "ce":
        refused("rules", 404, "404 Not Found", lambda: p.approvalrules.list())
    elif EDITION == "free":
        is_("approvals", m.approvals.get().approvals_required, 0)
        refused("rules", 403, "403 Forbidden", lambda: p.approvalrules.list())
    refused("none", 404, "404 Not found", lambda: p.mergerequests.get(99))


def states():
    root, other = login("root"), project("production", "root")
    i = other.issues.create({"title": "Stays"})
    i.discussion_locked = True
    i.save()
    is_("locked", other.issues.get(i.iid).discussion_locked, True)
    other.issues_access_level = "disabled"
    other.save()
    p = project("production")
    is_("switched off", (p.issues_enabled, p.issues_access_level, "issues" in p._links), (False, "disabled", False))
    is_("nothing listed", p.issues.list(), [])
    refused("nothing read", 404, "404 Not found", lambda: p.issues.get(i.iid))
    refused("nothing made", 403, "403 Forbidden", lambda: p.issues.create({"title": "x"}))
    refused("no boards", 403, "403 Forbidden", p.boards.list)
    is_("labels stay", [x.name for x in p.labels.list(search="toil")], ["toil"])
    other.issues_access_level = "enabled"
    other.save()
    is_("on again", p.issues.get(i.iid).title, "Stays")
    other.archive()
    is_("archived", project("production").archived, True)
    is_("still read", p.issues.get(i.iid).title, "Stays")
    refused("not written", 403, "403 Forbidden", lambda: p.issues.create({"title": "x"}))
    refused("not labelled", 403, "403 Forbidden", lambda: p.labels.create({"name": "x", "color": "red"}))
    g = root.groups.get("acme")
    there = {x.iid for x in g.issues.list(get_all=True) if x.project_id == p.id}
    is_("not in the group", there, set())
    is_("unless asked for", i.id in [x.id for x in g.issues.list(get_all=True, non_archived=False)], True)
    other.unarchive()
    is_("written again", p.issues.create({"title": "x"}).title, "x")


def paid():
    if EDITION not in ("premium", "ultimate"):
        return
    p, gl = project(), login("ada")
    dev, rep = (gl.users.list(username=name)[0].id for name in ("dev", "rep"))
    i = p.issues.create({"title": "Paid", "labels": ["ops::now"], "weight": 3, "assignee_ids": [dev, rep]})
    is_("weight", (i.weight, iids(p.issues.list(weight=3))), (3, [i.iid]))
    is_("assignees", sorted(a["username"] for a in i.assignees), ["dev", "rep"])
    i.add_labels = ["ops::later"]
    i.save()
    is_("labels with a scope", p.issues.get(i.iid).labels, ["ops::later"])
    other = p.issues.create({"title": "Blocked"})
    i.links.create({"target_project_id": p.id, "target_issue_iid": other.iid, "link_type": "blocks"})
    is_("blocks", ([x.link_type for x in i.links.list()], [x.link_type for x in other.links.list()]), (["blocks"], ["is_blocked_by"]))
    is_("count of blocked issues", p.issues.get(i.iid).blocking_issues_count, 1)
    rules = [(r.name, r.approvals_required, [u["username"] for u in r.users]) for r in p.approvalrules.list()]
    is_("rules", rules, [("Leads", 1, ["dev"])])


def others():
    gl, p = login("ada"), project()
    is_("search in a project", [x["iid"] for x in p.search("issues", "vault")], [4])
    is_("markdown", "<strong" in gl.markdown("**x**"), True)
    token = gl.http_get("/personal_access_tokens/self")
    is_("token", (token["active"], token["revoked"], token["scopes"]), (True, False, ["api"]))
    is_("groups", [x.full_path for x in p.groups.list()], ["acme"])
    is_("namespace", gl.namespaces.get("acme").kind, "group")
    is_("events", p.events.list(per_page=1, page=1)[0].author_username, "ada")
    place = p.environments.create({"name": "production"})
    is_("environment", (place.name, place.slug, place.tier), ("production", "production", "production"))


SECTIONS = (
    sign_in, refusals, projects, members, pages, filters, one_issue, labels, milestones,
    writing, comments, awards, links, boards, moving, tracking, merge_requests, states, paid, others,
)
for tour in SECTIONS:
    section = tour.__name__
    try:
        tour()
    except Exception as error:  # the other sections still run
        counts["failed"] += 1
        line = error.__traceback__
        while line.tb_next and line.tb_next.tb_frame.f_code.co_filename == __file__:
            line = line.tb_next
        print(f"{section}, line {line.tb_lineno}: {type(error).__name__}: {error}")
print(f"python-gitlab {gitlab.__version__}, {EDITION}: {counts['passed']} passed, {counts['failed']} failed")
sys.exit(counts["failed"] > 0)
