// A tour of a GitLab with gitbeaker: every value that it gets is checked.
//
// tour.mjs URL EDITION FOLDER, against the sandbox with world.yaml; FOLDER has node_modules. It stops with 1 if an answer is wrong.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const [host, edition, folder] = process.argv.slice(2);
const load = createRequire(join(resolve(folder), 'tour.cjs'));
const { Gitlab } = load('@gitbeaker/rest');
const version = load(join(resolve(folder), 'node_modules/@gitbeaker/rest/package.json')).version;

const infra = 'acme/infrastructure';
const production = 'acme/production';
const person = ['avatar_url', 'id', 'locked', 'name', 'public_email', 'state', 'username', 'web_url'];
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const counts = { passed: 0, failed: 0 };
let section = '';

// is checks one value; a pattern has to match it.
function is(what, got, want) {
  const ok = want instanceof RegExp ? want.test(got) : isDeepStrictEqual(got, want);
  counts[ok ? 'passed' : 'failed'] += 1;
  if (!ok) console.log(`${section}: ${what}: got ${JSON.stringify(got)}, want ${want instanceof RegExp ? want : JSON.stringify(want)}`);
}

// refused checks that a request is refused with this status and text.
async function refused(what, status, text, request) {
  try {
    await request();
  } catch (e) {
    if (!e.cause?.response) throw e;
    is(`${what}: status`, e.cause.response.status, status);
    is(what, e.cause.description, text);
    return;
  }
  is(what, 'no error', [status, text]);
}

const login = (name, options) => new Gitlab({ host, token: `sandbox-${name}`, ...options });
const iids = (rows) => rows.map((row) => row.iid);
const titles = (rows) => rows.map((row) => row.title);
const names = (rows) => rows.map((row) => row.name);
const users = (rows) => rows.map((row) => row.username);
const down = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => from - i);
const up = (from, to) => down(to, from).reverse();
const ada = login('ada');

async function signIn() {
  const me = await ada.Users.showCurrentUser();
  is('user', [me.username, me.name, me.state, me.bot, 'is_admin' in me], ['ada', 'Ada Winter', 'active', false, false]);
  is('administrator', (await login('root').Users.showCurrentUser()).is_admin, true);
  const bearer = new Gitlab({ host, oauthToken: 'sandbox-bea-with-a-long-token' });
  is('bearer', (await bearer.Users.showCurrentUser()).username, 'bea');
  const metadata = await ada.Metadata.show();
  is('version', metadata.version, edition === 'ce' ? /^18\.9\.\d+$/ : /^18\.9\.\d+-ee$/);
  is('enterprise', metadata.enterprise, edition !== 'ce');
  const found = await ada.Users.all({ username: 'DEV' });
  is('user by name', found.map((u) => [u.username, Object.keys(u).sort()]), [['dev', person]]);
  is('user by id', (await ada.Users.show(found[0].id)).username, 'dev');
  const camel = await login('ada', { camelize: true }).Users.showCurrentUser();
  is('camel case', [camel.webUrl, camel.twoFactorEnabled], [`${host}/ada`, false]);
}

async function refusals() {
  const guest = login('gus');
  await refused('unknown token', 401, '401 Unauthorized', () => login('nobody').Users.showCurrentUser());
  await refused('job token', 401, '401 Unauthorized', () => new Gitlab({ host, jobToken: 'x' }).Users.showCurrentUser());
  await refused('no token', 401, '401 Unauthorized', () => new Gitlab({ host }).Users.showCurrentUser());
  await refused('revoked', 401, 'invalid_token', () => login('old').Users.showCurrentUser());
  await refused('expired', 401, 'invalid_token', () => login('exp').Users.showCurrentUser());
  await refused('scope', 403, 'insufficient_scope', () => login('eva').Issues.create(infra, 'x'));
  await refused('project of others', 404, '404 Project Not Found', () => login('out').Projects.show(infra));
  await refused('no project', 404, '404 Project Not Found', () => ada.Projects.show('acme/nothing'));
  await refused('no group', 404, '404 Group Not Found', () => ada.Groups.show('nothing'));
  await refused('no issue', 404, '404 Not found', () => ada.Issues.show(999, { projectId: infra }));
  await refused('iid of letters', 400, 'issue_iid is invalid', () => ada.Issues.show('abc', { projectId: infra }));
  await refused('no milestone', 404, '404 Not found', () => ada.ProjectMilestones.show(infra, 999999));
  await refused('no label', 404, '404 Label Not Found', () => ada.ProjectLabels.show(infra, 'nothing'));
  await refused('no title', 400, 'title is missing', () => ada.Issues.create(infra, undefined));
  await refused('blank title', 400, '{"title":["can\'t be blank"]}', () => ada.Issues.create(infra, ' '));
  await refused(
    'long title',
    400,
    '{"title":["is too long (maximum is 255 characters)"]}',
    () => ada.Issues.create(infra, 'x'.repeat(256)),
  );
  await refused('boolean', 400, 'confidential is invalid', () => ada.Issues.create(infra, 'x', { confidential: 'maybe' }));
  await refused('state', 400, 'state does not have a valid value', () => ada.Issues.all({ projectId: infra, state: 'open' }));
  await refused('page size', 400, 'per_page has a value not allowed', () => ada.Issues.all({ projectId: infra, perPage: 0 }));
  await refused('nothing to change', 400, / are missing, at least one parameter must be provided$/, () => ada.Issues.edit(infra, 2));
  await refused('guest creates a label', 403, '403 Forbidden', () => guest.ProjectLabels.create(infra, 'x', 'red'));
  await refused('guest reads the secret', 404, '404 Not found', () => guest.Issues.show(4, { projectId: infra }));
  await refused('maintainer deletes an issue', 403, '403 Forbidden', () => ada.Issues.remove(infra, 23));
}

async function projects() {
  const p = await ada.Projects.show(infra);
  is('project', [p.path_with_namespace, p.description, p.visibility, p.archived], [infra, 'Servers and networks', 'private', false]);
  is('switches', [p.issues_enabled, p.issues_access_level, p.open_issues_count], [true, 'enabled', 21]);
  is('namespace', [p.namespace.kind, p.namespace.full_path, p.namespace.parent_id], ['group', 'acme', null]);
  is('rights', [p.permissions.project_access, p.permissions.group_access.access_level], [null, 40]);
  is('by number', (await ada.Projects.show(p.id)).path_with_namespace, infra);
  const list = { membership: true, orderBy: 'id', sort: 'asc', perPage: 1 };
  is('projects', (await ada.Projects.all(list)).map((x) => x.path), ['infrastructure', 'production']);
  is('keyset', (await ada.Projects.all({ ...list, pagination: 'keyset' })).map((x) => x.path), ['infrastructure', 'production']);
  const g = await ada.Groups.show('acme');
  is('group', [g.full_path, g.parent_id, g.visibility, g.web_url], ['acme', null, 'private', `${host}/groups/acme`]);
  is('its projects', (await ada.Groups.allProjects('acme')).map((x) => x.path).sort(), ['infrastructure', 'production']);
  is('its subgroups', (await ada.Groups.allSubgroups('acme')).map((x) => x.full_path), ['acme/sre']);
}

async function members() {
  const all = await ada.ProjectMembers.all(infra, { includeInherited: true, perPage: 2 });
  const levels = Object.fromEntries(all.map((m) => [m.username, m.access_level]));
  is('all', levels, { root: 50, ada: 40, dev: 30, rep: 20, gus: 10, bea: 40, eva: 40 });
  is('direct', await ada.ProjectMembers.all(infra), []);
  is('found', users(await ada.ProjectMembers.all(infra, { includeInherited: true, query: 'dev' })), ['dev']);
  const one = await ada.ProjectMembers.show(infra, all.find((m) => m.username === 'rep').id, { includeInherited: true });
  is('one', [one.username, one.access_level, one.expires_at, one.state], ['rep', 20, null, 'active']);
  is('state of the membership', 'membership_state' in one, edition !== 'ce');
  is('since', one.created_at, time);
  is('group', users(await ada.GroupMembers.all('acme')), ['root', 'ada', 'dev', 'rep', 'gus', 'bea', 'eva']);
  is('users', users(await ada.Projects.allUsers(infra, { search: 'dev' })), ['dev']);
}

async function pages() {
  const all = (options) => ada.Issues.all({ projectId: infra, ...options });
  is('all', iids(await all({ perPage: 5 })), down(23, 1));
  is('ascending', iids(await all({ perPage: 7, orderBy: 'created_at', sort: 'asc' })), up(1, 23));
  is('two pages', iids(await all({ perPage: 5, maxPages: 2 })), down(23, 14));
  const third = await all({ page: 3, perPage: 10, showExpanded: true });
  is('third page', iids(third.data), [3, 2, 1]);
  is('its numbers', third.paginationInfo, { total: 23, next: null, current: 3, previous: 2, perPage: 10, totalPages: 3 });
  const second = await all({ page: 2, perPage: 10, showExpanded: true });
  is('numbers of the second', second.paginationInfo, { total: 23, next: 3, current: 2, previous: 1, perPage: 10, totalPages: 3 });
  is('past the end', await all({ page: 9, perPage: 10 }), []);
  is('keyset', iids(await all({ pagination: 'keyset', orderBy: 'created_at', sort: 'asc', perPage: 4 })), up(1, 23));
  is('filtered pages', iids(await all({ labels: 'toil', sort: 'asc', perPage: 1 })), [1, 3, 7]);
  is('filtered by arrays', iids(await all({ iids: [2, 4, 6], perPage: 1 })), [6, 4, 2]);
  is('filtered by objects', (await all({ not: { labels: 'toil' }, perPage: 8 })).length, 20);
  is('group', (await ada.Issues.all({ groupId: 'acme', perPage: 6 })).length, 23);
}

async function filters() {
  const oldest = { projectId: infra, orderBy: 'created_at', sort: 'asc', perPage: 100 };
  const found = async (options) => iids(await ada.Issues.all({ ...oldest, ...options }));
  is('opened', (await found({ state: 'opened' })).length, 22);
  is('closed', await found({ state: 'closed' }), [1]);
  is('two labels', await found({ labels: 'bug,toil' }), [7]);
  is('labels as an array', await found({ labels: ['bug', 'toil'] }), [7]);
  is('any label', await found({ labels: 'Any' }), [1, 2, 3, 7]);
  is('no label', (await found({ labels: 'None' })).length, 19);
  is('milestone', await found({ milestone: 'Sprint 3' }), [3]);
  is('upcoming, of the project and of the group', await found({ milestoneId: 'Upcoming' }), [3, 5]);
  is('without milestone', (await found({ not: { milestone: 'Sprint 3' } })).length, 22);
  is('author', await found({ authorUsername: 'rep' }), [5]);
  is('assignee', await found({ assigneeUsername: ['rep'] }), [2]);
  is('nobody', (await found({ assigneeId: 'None' })).length, 22);
  is('confidential', await found({ confidential: true }), [4]);
  is('created', await found({ createdAfter: '2026-02-05T08:00:00Z', createdBefore: '2026-02-06T08:00:00Z' }), [5, 6]);
  is('overdue', await found({ dueDate: 'overdue' }), [3]);
  is('search', await found({ search: 'regist' }), [2]);
  is('end of a word', await found({ search: 'istry' }), []);
  is('accents', await found({ search: 'storung' }), [5]);
  is('in the title', await found({ search: 'page', in: 'title' }), [3]);
  is('mine', iids(await ada.Issues.all({ page: 1, perPage: 1 })), [23]);
  is("everybody's", (await ada.Issues.all({ scope: 'all', perPage: 100 })).length, 23);
  is('guest sees', (await login('gus').Issues.all({ projectId: infra, perPage: 100 })).length, 22);
  const details = await ada.Issues.all({ projectId: infra, labels: 'toil', withLabelsDetails: true });
  is('details', details[0].labels.map((l) => l.color), ['#d9534f', '#fc9403']);
  is('statistics', (await ada.IssuesStatistics.all({ projectId: infra })).statistics.counts, { all: 23, closed: 1, opened: 22 });
}

async function oneIssue() {
  const i = await ada.Issues.show(2, { projectId: infra });
  is('texts', [i.iid, i.title, i.description], [2, 'Registry returns 500s', 'The registry fails.\n\n- [x] page\n- [ ] fix']);
  is('people', [i.author.username, i.assignee.username, users(i.assignees), Object.keys(i.author).sort()], ['dev', 'rep', ['rep'], person]);
  is('kind', [i.labels, i.type, i.issue_type, i.severity, i.discussion_locked], [['bug', 'incident'], 'ISSUE', 'issue', 'UNKNOWN', null]);
  is('tasks', [i.task_completion_status, i.has_tasks], [{ count: 2, completed_count: 1 }, false]);
  is('references', i.references, { short: '#2', relative: '#2', full: `${infra}#2` });
  is('nothing', [i.milestone, i.due_date, i.start_date, i.closed_at, i.closed_by, i.moved_to_id], [null, null, null, null, null, null]);
  is('address', [i.web_url, i._links.self], [`${host}/${infra}/-/issues/2`, `${host}/api/v4/projects/${i.project_id}/issues/2`]);
  is('of Enterprise', 'blocking_issues_count' in i, edition !== 'ce');
  const closed = await ada.Issues.show(1, { projectId: infra });
  is(
    'closed',
    [closed.state, closed.closed_at, closed.milestone.title, closed.milestone.expired],
    ['closed', '2026-02-10T08:00:00.000Z', 'Sprint 1', true],
  );
}

async function labels() {
  const all = await ada.ProjectLabels.all(infra, { withCounts: true });
  is('names', names(all), ['bug', 'incident', 'ops::now', 'toil']);
  const toil = all[3];
  is('counts', [toil.open_issues_count, toil.closed_issues_count, toil.open_merge_requests_count], [2, 1, 1]);
  is('one', [toil.color, toil.description, toil.priority, toil.subscribed], ['#fc9403', 'Work by hand', null, false]);
  const made = await ada.ProjectLabels.create(infra, 'team::red & blue', 'red', { priority: 0 });
  is('made', [made.name, made.color, made.text_color, made.priority], ['team::red & blue', '#FF0000', '#FFFFFF', 0]);
  await refused('taken', 409, 'Label already exists', () => ada.ProjectLabels.create(infra, 'toil', 'red'));
  await refused('taken by the group', 409, 'Label already exists', () => ada.ProjectLabels.create(infra, 'incident', 'red'));
  await refused('color', 400, '{"color":["must be a valid color code"]}', () => ada.ProjectLabels.create(infra, 'y', 'reddish'));
  await refused('comma', 400, '{"title":["is invalid"]}', () => ada.ProjectLabels.create(infra, 'a,b', 'red'));
  const changed = await ada.ProjectLabels.edit(infra, made.name, { newName: 'team::red', description: 'Ours' });
  is('renamed', [changed.id, changed.name, changed.description, changed.priority], [made.id, 'team::red', 'Ours', 0]);
  is('by name', (await ada.ProjectLabels.show(infra, 'team::red')).id, made.id);
  is('deleted', await ada.ProjectLabels.remove(infra, 'team::red'), null);
  await refused('deleted again', 404, '404 Label Not Found', () => ada.ProjectLabels.remove(infra, 'team::red'));
  const shared = await ada.GroupLabels.create('acme', 'shared', '#0f0');
  is(
    'of the group',
    [shared.color, 'priority' in shared, names(await ada.GroupLabels.all('acme'))],
    ['#0f0', false, ['incident', 'shared']],
  );
  is('inherited', (await ada.ProjectLabels.show(infra, 'shared')).is_project_label, false);
  await ada.GroupLabels.remove('acme', 'shared');
}

async function milestones() {
  is('order', titles(await ada.ProjectMilestones.all(infra)), ['Sprint 1', 'Sprint 2', 'Sprint 3', 'Sprint 4']);
  const active = await ada.ProjectMilestones.all(infra, { state: 'active', includeAncestors: true });
  is('active', titles(active), ['Sprint 2', 'Sprint 3', 'Sprint 4', 'Quarter 1']);
  is('search', titles(await ada.ProjectMilestones.all(infra, { search: '"sprint 2"' })), ['Sprint 2']);
  const made = await ada.ProjectMilestones.create(infra, ' Sprint 5 ', { startDate: '2026-03-30', dueDate: '2026-04-10' });
  is('made', [made.title, made.iid, made.state, made.expired, made.description], ['Sprint 5', 5, 'active', false, null]);
  const taken = 'Failed to create milestone {:title=>["already being used for another group or project milestone."]}';
  await refused('taken', 400, taken, () => ada.ProjectMilestones.create(infra, 'Sprint 1'));
  await refused('taken by the group', 400, taken, () => ada.ProjectMilestones.create(infra, 'Quarter 1'));
  const order = 'Failed to create milestone {:due_date=>["must be greater than start date"]}';
  const same = { startDate: '2026-03-02', dueDate: '2026-03-02' };
  await refused('order', 400, order, () => ada.ProjectMilestones.create(infra, 'x', same));
  const closed = await ada.ProjectMilestones.edit(infra, made.id, { stateEvent: 'close', dueDate: null });
  is('closed', [closed.state, closed.due_date, (await ada.ProjectMilestones.show(infra, made.id)).state], ['closed', null, 'closed']);
  const third = active[1];
  is('its issues', iids(await ada.ProjectMilestones.allAssignedIssues(infra, third.id)), [3]);
  is('its merge requests', titles(await ada.ProjectMilestones.allAssignedMergeRequests(infra, third.id)), ['Rotate the keys']);
  is('deleted', await ada.ProjectMilestones.remove(infra, made.id), null);
  await refused('deleted again', 404, '404 Not found', () => ada.ProjectMilestones.remove(infra, made.id));
  const quarter = (await ada.GroupMilestones.all('acme'))[0];
  is('of the group', [quarter.title, 'project_id' in quarter], ['Quarter 1', false]);
}

async function writing() {
  const sprint = (await ada.ProjectMilestones.all(infra, { title: 'Sprint 3' }))[0];
  const rep = (await ada.Users.all({ username: 'rep' }))[0];
  let i = await ada.Issues.create(infra, '  From gitbeaker ', {
    description: 'Ä text', labels: ['toil', 'fresh'], milestoneId: sprint.id, assigneeIds: [rep.id],
    dueDate: '2026-03-10', confidential: true,
  });
  is('made', [i.iid, i.title, i.description, i.state, i.confidential], [24, 'From gitbeaker', 'Ä text', 'opened', true]);
  is('its parts', [i.labels, i.milestone.title, i.assignee.username, i.due_date], [['fresh', 'toil'], 'Sprint 3', 'rep', '2026-03-10']);
  i = await ada.Issues.edit(infra, 24, { title: 'Changed', confidential: false, addLabels: 'bug', removeLabels: 'fresh' });
  is('changed', [i.title, i.confidential, i.labels], ['Changed', false, ['bug', 'toil']]);
  i = await ada.Issues.edit(infra, 24, { labels: '', milestoneId: null, assigneeIds: [], dueDate: null });
  is('emptied', [i.labels, i.milestone, i.assignees, i.due_date], [[], null, [], null]);
  i = await ada.Issues.edit(infra, 24, { stateEvent: 'close' });
  is('closed', [i.state, i.closed_by.username, time.test(i.closed_at)], ['closed', 'ada', true]);
  i = await ada.Issues.edit(infra, 24, { stateEvent: 'reopen' });
  is('reopened', [i.state, i.closed_at], ['opened', null]);
  const events = (await ada.IssueLabelEvents.all(infra, 24)).map((e) => `${e.action} ${e.label.name}`);
  is('label events', events.slice(0, 2).sort(), ['add fresh', 'add toil']);
  is('later label events', events.slice(2).sort(), ['add bug', 'remove bug', 'remove fresh', 'remove toil']);
  is(
    'milestone events',
    (await ada.IssueMilestoneEvents.all(infra, 24)).map((e) => [e.action, e.milestone.title]),
    [['add', 'Sprint 3'], ['remove', 'Sprint 3']],
  );
  const states = await ada.IssueStateEvents.all(infra, 24, { perPage: 1 });
  is('state events', states.map((e) => [e.state, e.user.username]), [['closed', 'ada'], ['reopened', 'ada']]);
  is('one event', (await ada.IssueStateEvents.show(infra, 24, states[1].id)).state, 'reopened');
  const root = login('root');
  const old = await root.Issues.create(infra, 'Old', { createdAt: '2020-01-01T00:00:00Z', iid: 77 });
  is('back-dated', [old.created_at, old.iid], ['2020-01-01T00:00:00.000Z', 77]);
  await refused('iid taken', 409, 'Duplicated issue', () => root.Issues.create(infra, 'x', { iid: 77 }));
  is('deleted', await root.Issues.remove(infra, 77), null);
  await refused('deleted again', 404, '404 Issue Not Found', () => root.Issues.remove(infra, 77));
  is('incident', (await ada.Issues.create(infra, 'Fire', { issueType: 'incident' })).type, 'INCIDENT');
}

async function comments() {
  const { iid } = await ada.Issues.create(infra, 'Talk');
  const note = await ada.IssueNotes.create(infra, iid, 'Hello');
  is('made', [note.body, note.author.username, note.system, note.internal, note.noteable_iid], ['Hello', 'ada', false, false, iid]);
  is('changed', (await ada.IssueNotes.edit(infra, iid, note.id, { body: 'Hello again' })).body, 'Hello again');
  await ada.IssueNotes.create(infra, iid, 'Second');
  is('order', (await ada.IssueNotes.all(infra, iid)).map((n) => n.body), ['Second', 'Hello again']);
  is('pages', (await ada.IssueNotes.all(infra, iid, { sort: 'asc', perPage: 1 })).map((n) => n.body), ['Hello again', 'Second']);
  await refused("another's", 403, '403 Forbidden', () => login('dev').IssueNotes.edit(infra, iid, note.id, { body: 'x' }));
  await refused('empty', 400, '400 Bad request - Note {:note=>["can\'t be blank"]}', () => ada.IssueNotes.create(infra, iid, ''));
  const done = await ada.IssueNotes.create(infra, iid, '/label ~toil\n/due 2026-03-20');
  is('commands only', [Object.keys(done).sort(), done.commands_changes.due_date], [['commands_changes', 'summary'], '2026-03-20']);
  const after = await ada.Issues.show(iid, { projectId: infra });
  is('carried out', [after.labels, after.due_date], [['toil'], '2026-03-20']);
  is('text and command', (await ada.IssueNotes.create(infra, iid, 'Done.\n/close')).body, 'Done.');
  is('closed', (await ada.Issues.show(iid, { projectId: infra })).state, 'closed');
  is('deleted', await ada.IssueNotes.remove(infra, iid, note.id), null);
  await refused('deleted again', 404, '404 Not found', () => ada.IssueNotes.remove(infra, iid, note.id));
  const thread = await ada.IssueDiscussions.create(infra, iid, 'A thread');
  await ada.IssueDiscussions.addNote(infra, iid, thread.id, 'A reply');
  const read = await ada.IssueDiscussions.show(infra, iid, thread.id);
  is('thread', [read.individual_note, read.notes.map((n) => n.body)], [false, ['A thread', 'A reply']]);
}

async function awards() {
  const { iid } = await ada.Issues.create(infra, 'Liked');
  const award = await ada.IssueAwardEmojis.award(infra, iid, 'thumbsup');
  is('made', [award.name, award.user.username, award.awardable_type], ['thumbsup', 'ada', 'Issue']);
  is('votes', (await ada.Issues.show(iid, { projectId: infra })).upvotes, 1);
  const taken = '404 Award Emoji Name has already been taken Not Found';
  await refused('twice', 404, taken, () => ada.IssueAwardEmojis.award(infra, iid, 'thumbsup'));
  is('one', (await ada.IssueAwardEmojis.show(infra, iid, award.id)).name, 'thumbsup');
  const note = await ada.IssueNotes.create(infra, iid, 'Also');
  const other = await login('dev').IssueNoteAwardEmojis.award(infra, iid, note.id, 'tada');
  is('on a note', names(await ada.IssueNoteAwardEmojis.all(infra, iid, note.id)), ['tada']);
  await refused("another's", 401, '401 Unauthorized', () => ada.IssueNoteAwardEmojis.remove(infra, iid, note.id, other.id));
  await ada.IssueAwardEmojis.remove(infra, iid, award.id);
  is('taken back', await ada.IssueAwardEmojis.all(infra, iid), []);
}

async function links() {
  const a = (await ada.Issues.create(infra, 'Here')).iid;
  const b = (await ada.Issues.create(production, 'There')).iid;
  const made = await ada.IssueLinks.create(infra, a, production, b);
  is('made', [made.source_issue.title, made.target_issue.title, made.link_type], ['Here', 'There', 'relates_to']);
  const rows = await ada.IssueLinks.all(infra, a);
  is('row', rows.map((r) => [r.title, r.link_type, r.issue_link_id]), [['There', 'relates_to', made.id]]);
  is('other side', titles(await ada.IssueLinks.all(production, b)), ['Here']);
  await refused('twice', 409, 'Issue(s) already assigned', () => ada.IssueLinks.create(production, b, infra, a));
  await refused('itself', 422, `#${a} cannot be added: cannot be related to itself`, () => ada.IssueLinks.create(infra, a, infra, a));
  if (edition === 'free') {
    const text = 'Blocked issues not available for current license';
    await refused('blocks', 403, text, () => ada.IssueLinks.create(infra, 2, production, b, { linkType: 'blocks' }));
  }
  is('deleted', (await ada.IssueLinks.remove(infra, a, made.id)).link_type, 'relates_to');
  is('gone', [await ada.IssueLinks.all(infra, a), await ada.IssueLinks.all(production, b)], [[], []]);
}

async function boards() {
  const team = (await ada.ProjectIssueBoards.all(infra))[0];
  is(
    'board',
    [team.name, team.project.path, team.lists.map((l) => [l.label.name, l.position])],
    ['Team', 'infrastructure', [['toil', 0], ['bug', 1]]],
  );
  const made = (await ada.ProjectIssueBoards.create(infra, 'Second')).id;
  const labelled = Object.fromEntries((await ada.ProjectLabels.all(infra)).map((l) => [l.name, l.id]));
  const column = await ada.ProjectIssueBoards.createList(infra, made, { labelId: labelled['ops::now'] });
  is('column', [column.label.name, column.position], ['ops::now', 0]);
  const again = () => ada.ProjectIssueBoards.createList(infra, made, { labelId: labelled['ops::now'] });
  await refused('twice', 400, '{"error":"Label has already been taken"}', again);
  const unknown = () => ada.ProjectIssueBoards.createList(infra, made, { labelId: 999999 });
  await refused('no label', 400, '{"error":"Label not found"}', unknown);
  const other = await ada.ProjectIssueBoards.createList(infra, made, { labelId: labelled.toil });
  await ada.ProjectIssueBoards.editList(infra, made, other.id, 0);
  is('moved', (await ada.ProjectIssueBoards.allLists(infra, made)).map((l) => l.label.name), ['toil', 'ops::now']);
  is('renamed', (await ada.ProjectIssueBoards.edit(infra, made, { name: 'Renamed' })).name, 'Renamed');
  await ada.ProjectIssueBoards.removeList(infra, made, column.id);
  is('shorter', (await ada.ProjectIssueBoards.show(infra, made)).lists.map((l) => l.label.name), ['toil']);
  is('deleted', await ada.ProjectIssueBoards.remove(infra, made), null);
  await refused('deleted again', 404, '404 Not found', () => ada.ProjectIssueBoards.show(infra, made));
}

async function moving() {
  const sprint = (await ada.ProjectMilestones.all(infra, { title: 'Sprint 3' }))[0];
  const { iid } = await ada.Issues.create(infra, 'Wanders', { description: 'See #2', labels: 'toil,bug', milestoneId: sprint.id });
  await ada.IssueNotes.create(infra, iid, 'Along');
  const target = (await ada.Projects.show(production)).id;
  const moved = await ada.Issues.move(infra, iid, target);
  is('target', [moved.title, moved.state, moved.labels, moved.description], ['Wanders', 'opened', ['toil'], 'See infrastructure#2']);
  is('milestone', [moved.milestone.title, moved.milestone.project_id], ['Sprint 3', target]);
  const old = await ada.Issues.show(iid, { projectId: infra });
  is('source', [old.state, old.moved_to_id, old.labels], ['closed', moved.id, ['bug', 'toil']]);
  is('note', (await ada.IssueNotes.all(production, moved.iid, { activityFilter: 'only_comments' })).map((n) => n.body), ['Along']);
  await refused('again', 400, 'Unable to move. You have insufficient permissions.', () => ada.Issues.move(infra, iid, target));
  await refused('nowhere', 404, '404 Project Not Found', () => ada.Issues.move(infra, 2, 999999));
  const copy = await ada.Issues.clone(infra, 2, target, { withNotes: true });
  is('clone', [copy.title, copy.state, copy.project_id, copy.labels], ['Registry returns 500s', 'opened', target, ['incident']]);
}

async function tracking() {
  const { iid } = await ada.Issues.create(infra, 'Time');
  is('estimate', (await ada.Issues.addTimeEstimate(infra, iid, '3h30m')).human_time_estimate, '3h 30m');
  is('spent', (await ada.Issues.addSpentTime(infra, iid, '1d')).total_time_spent, 28800);
  is('stats', Object.values(await ada.Issues.showTimeStats(infra, iid)), [12600, 28800, '3h 30m', '1d']);
  is('reset', (await ada.Issues.resetSpentTime(infra, iid)).human_total_time_spent, null);
  is('unsubscribed', (await ada.Issues.unsubscribe(infra, iid)).subscribed, false);
  is('subscribed', (await ada.Issues.subscribe(infra, iid)).subscribed, true);
  await refused('subscribed already', 304, '', () => ada.Issues.subscribe(infra, iid));
  is('participants', users(await ada.Issues.allParticipants(infra, iid)), ['ada']);
  is('related', await ada.Issues.allRelatedMergeRequests(infra, iid), []);
  const first = await ada.Issues.create(infra, 'First');
  is('reordered', (await ada.Issues.reorder(infra, iid, { moveAfterId: first.id })).iid, iid);
  const todo = await ada.Issues.createTodo(infra, iid);
  is('to-do', [todo.action_name, todo.state, todo.target.iid], ['marked', 'pending', iid]);
}

async function mergeRequests() {
  const found = async (options) => iids(await ada.MergeRequests.all({ projectId: infra, ...options }));
  is('pages', await found({ perPage: 1 }), [3, 2, 1]);
  is('merged', await found({ state: 'merged' }), [2]);
  is('label', await found({ labels: 'toil' }), [1]);
  is('branch', await found({ sourceBranch: 'limits' }), [2]);
  is('reviewer', await found({ reviewerUsername: 'ada' }), [1]);
  is('search', await found({ search: 'cache' }), [3]);
  is('group', (await ada.MergeRequests.all({ groupId: 'acme' })).length, 3);
  is('mine', iids(await ada.MergeRequests.all()), [2]);
  const m = await ada.MergeRequests.show(infra, 1);
  is(
    'one',
    [m.title, m.state, m.author.username, m.source_branch, m.target_branch],
    ['Rotate the keys', 'opened', 'dev', 'rotate', 'main'],
  );
  is('more', [users(m.reviewers), m.merged_at, m.milestone.title, m.labels], [['ada'], null, 'Sprint 3', ['toil']]);
  is('diffs', (await ada.MergeRequests.allDiffs(infra, 1)).map((d) => d.new_path), ['keys.yaml']);
  is('its notes', await ada.MergeRequestNotes.all(infra, 1), []);
  if (edition === 'ce') {
    await refused('settings', 404, '404 Not Found', () => ada.MergeRequestApprovals.showConfiguration(infra));
  } else {
    is('settings', (await ada.MergeRequestApprovals.showConfiguration(infra)).approvals_before_merge, 0);
    is('approvals', (await ada.MergeRequestApprovals.showConfiguration(infra, { mergerequestIId: 1 })).approved_by, []);
  }
  await refused('none', 404, '404 Not found', () => ada.MergeRequests.show(infra, 99));
}

async function states() {
  const root = login('root');
  const read = (iid) => ada.Issues.show(iid, { projectId: production });
  const { iid } = await root.Issues.create(production, 'Stays');
  is('locked', (await root.Issues.edit(production, iid, { discussionLocked: true })).discussion_locked, true);
  const off = await root.Projects.edit(production, { issuesAccessLevel: 'disabled' });
  is('switched off', [off.issues_enabled, off.issues_access_level, 'issues' in off._links], [false, 'disabled', false]);
  is('nothing listed', await ada.Issues.all({ projectId: production }), []);
  await refused('nothing read', 404, '404 Not found', () => read(iid));
  await refused('nothing made', 403, '403 Forbidden', () => ada.Issues.create(production, 'x'));
  await root.Projects.edit(production, { issuesAccessLevel: 'enabled' });
  is('on again', (await read(iid)).title, 'Stays');
  is('archived', [(await root.Projects.archive(production)).archived, (await read(iid)).title], [true, 'Stays']);
  await refused('not written', 403, '403 Forbidden', () => ada.IssueNotes.create(production, iid, 'x'));
  const listed = await ada.Issues.all({ groupId: 'acme', perPage: 100 });
  is('not in the group', listed.some((i) => i.project_id === off.id), false);
  is('unarchived', (await root.Projects.unarchive(production)).archived, false);
  is('written again', (await ada.IssueNotes.create(production, iid, 'x')).body, 'x');
}

async function paid() {
  if (edition !== 'premium' && edition !== 'ultimate') return;
  const i = await ada.Issues.create(infra, 'Paid', { labels: 'ops::now', weight: 3 });
  is('weight', [i.weight, iids(await ada.Issues.all({ projectId: infra, weight: 3 }))], [3, [i.iid]]);
  is('labels with a scope', (await ada.Issues.edit(infra, i.iid, { addLabels: 'ops::later' })).labels, ['ops::later']);
  const rules = await ada.MergeRequestApprovals.allApprovalRules(infra);
  is('rules', rules.map((r) => [r.name, r.approvals_required, r.rule_type, users(r.users)]), [['Leads', 1, 'regular', ['dev']]]);
}

async function others() {
  is('search', iids(await ada.Search.all('issues', 'vault', { projectId: infra })), [4]);
  is('markdown', (await ada.Markdown.render('**x**')).html, /<strong/);
  const period = await ada.FreezePeriods.create(infra, '0 23 * * 5', '0 7 * * 1', { cronTimezone: 'UTC' });
  is('freeze period', [period.freeze_start, period.freeze_end, period.cron_timezone], ['0 23 * * 5', '0 7 * * 1', 'UTC']);
  is('freeze periods', (await ada.FreezePeriods.all(infra)).map((f) => f.id), [period.id]);
  is('token', (await ada.PersonalAccessTokens.show()).scopes, ['api']);
  is('groups', (await ada.Projects.allGroups(infra)).map((g) => g.full_path), ['acme']);
  is('namespace', (await ada.Namespaces.show('acme')).kind, 'group');
  is('environment', (await ada.Environments.create(infra, 'production')).slug, 'production');
}

const sections = [
  signIn, refusals, projects, members, pages, filters, oneIssue, labels, milestones,
  writing, comments, awards, links, boards, moving, tracking, mergeRequests, states, paid, others,
];
for (const tour of sections) {
  section = tour.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`); // as in the other tours
  try {
    await tour();
  } catch (e) { // the other sections still run
    counts.failed += 1;
    const line = e.stack.split('\n').find((at) => at.includes('tour.mjs')) ?? '';
    console.log(`${section}, ${line.trim()}: ${e.name}: ${e.message} ${e.cause?.request?.url ?? ''}`);
  }
}
console.log(`gitbeaker ${version}, ${edition}: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
