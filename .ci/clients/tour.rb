# frozen_string_literal: true

# A tour of a GitLab with ruby-gitlab: every value that it gets is checked.
#
# tour.rb URL EDITION, against the sandbox with world.yaml. It stops with 1 if an answer is wrong.

require 'gitlab'

URL, EDITION = ARGV
COUNTS = { passed: 0, failed: 0 }
INFRA = 'acme/infrastructure'
PRODUCTION = 'acme/production'
TIME = /\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z/.freeze
PERSON = %w[avatar_url id locked name public_email state username web_url].freeze

# is checks one value.
def is(what, got, want)
  COUNTS[want === got ? :passed : :failed] += 1 # === also matches a pattern
  puts "#{$section}: #{what}: got #{got.inspect}, want #{want.inspect}" unless want === got
end

# refused checks that a request is refused with this class of error and message.
def refused(what, error, text)
  yield
  is what, 'no error', [error, text]
rescue Gitlab::Error::ResponseError => e
  message = e.message[/\AServer responded with code \d+, message: (.*)\. Request URI: /m, 1]
  is what, [e.class, message], text.is_a?(Regexp) ? ->(got) { got[0] == error && text.match?(got[1]) } : [error, text]
end

# login gives a client with the token of a user.
def login(name)
  Gitlab.client(endpoint: "#{URL}/api/v4", private_token: "sandbox-#{name}")
end

def keys(object)
  object.to_h.keys.sort
end

def iids(rows)
  rows.map(&:iid)
end

def titles(rows)
  rows.map(&:title)
end

def sign_in
  me = $ada.user
  is 'user', [me.username, me.name, me.state, me.bot], ['ada', 'Ada Winter', 'active', false]
  is 'no administrator', keys(me).include?('is_admin'), false
  is 'administrator', login('root').user.is_admin, true
  is 'bearer, as all long tokens are sent', login('bea-with-a-long-token').user.username, 'bea'
  is 'version', $ada.version.version, EDITION == 'ce' ? /\A18\.9\.\d+\z/ : /\A18\.9\.\d+-ee\z/
  is 'revision', $ada.version.revision, /\A[0-9a-f]{11}\z/
  found = $ada.users(username: 'DEV')
  is 'user by name', found.map { |u| [u.username, keys(u)] }, [['dev', PERSON]]
  is 'user by id', $ada.user(found.first.id).username, 'dev'
  is 'nobody', $ada.users(username: 'nobody').length, 0
end

def refusals
  refused('unknown token', Gitlab::Error::Unauthorized, '401 Unauthorized') { login('nobody').user }
  refused('revoked', Gitlab::Error::Unauthorized, 'Token was revoked. You have to re-authorize from the user.') { login('old').user }
  refused('expired', Gitlab::Error::Unauthorized, /\AToken is expired\. /) { login('exp').user }
  refused('scope', Gitlab::Error::Forbidden, /requires higher privileges than provided by the access token/) do
    login('eva').create_issue(INFRA, 'x')
  end
  refused('project of others', Gitlab::Error::NotFound, '404 Project Not Found') { login('out').project(INFRA) }
  refused('no project', Gitlab::Error::NotFound, '404 Project Not Found') { $ada.project('acme/nothing') }
  refused('no group', Gitlab::Error::NotFound, '404 Group Not Found') { $ada.group('nothing') }
  refused('no route', Gitlab::Error::NotFound, '404 Not Found') { $ada.get('/nothing') }
  refused('no issue', Gitlab::Error::NotFound, '404 Not found') { $ada.issue(INFRA, 999) }
  refused('iid of letters', Gitlab::Error::BadRequest, 'issue_iid is invalid') { $ada.issue(INFRA, 'abc') }
  refused('no milestone', Gitlab::Error::NotFound, '404 Not found') { $ada.milestone(INFRA, 999_999) }
  refused('no label', Gitlab::Error::NotFound, '404 Label Not Found') { $ada.delete_label(INFRA, 'nothing') }
  refused('blank title', Gitlab::Error::BadRequest, "'title' can't be blank") { $ada.create_issue(INFRA, ' ') }
  refused('long title', Gitlab::Error::BadRequest, "'title' is too long (maximum is 255 characters)") do
    $ada.create_issue(INFRA, 'x' * 256)
  end
  refused('boolean', Gitlab::Error::BadRequest, 'confidential is invalid') { $ada.create_issue(INFRA, 'x', confidential: 'maybe') }
  refused('state', Gitlab::Error::BadRequest, 'state does not have a valid value') { $ada.issues(INFRA, state: 'open') }
  refused('page size', Gitlab::Error::BadRequest, 'per_page has a value not allowed') { $ada.issues(INFRA, per_page: 0) }
  refused('nothing to change', Gitlab::Error::BadRequest, / are missing, at least one parameter must be provided\z/) do
    $ada.edit_issue(INFRA, 2)
  end
  refused('guest creates a label', Gitlab::Error::Forbidden, '403 Forbidden') { login('gus').create_label(INFRA, 'x', 'red') }
  refused('guest reads the secret', Gitlab::Error::NotFound, '404 Not found') { login('gus').issue(INFRA, 4) }
  refused('maintainer deletes an issue', Gitlab::Error::Forbidden, '403 Forbidden') { $ada.delete_issue(INFRA, 23) }
end

def projects
  p = $ada.project(INFRA)
  is 'project', [p.path_with_namespace, p.description, p.visibility, p.archived], [INFRA, 'Servers and networks', 'private', false]
  is 'switches', [p.issues_enabled, p.issues_access_level, p.open_issues_count], [true, 'enabled', 21]
  is 'namespace', [p.namespace.kind, p.namespace.full_path], %w[group acme]
  is 'rights', [p.permissions.project_access, p.permissions.group_access.access_level], [nil, 40]
  is 'by number', $ada.project(p.id).path_with_namespace, INFRA
  is 'projects', $ada.projects(membership: true, order_by: 'id', sort: 'asc').map(&:path), %w[infrastructure production]
  is 'pages', $ada.projects(order_by: 'id', sort: 'asc', per_page: 1).auto_paginate.map(&:path), %w[infrastructure production]
  g = $ada.group('acme')
  is 'group', [g.full_path, g.parent_id, g.visibility, g.web_url], ['acme', nil, 'private', "#{URL}/groups/acme"]
  is 'its projects', $ada.group_projects('acme').map(&:path).sort, %w[infrastructure production]
  is 'its subgroups', $ada.group_subgroups('acme').map(&:full_path), ['acme/sre']
end

def members
  is 'direct', $ada.team_members(INFRA).length, 0
  all = $ada.all_members(INFRA).to_h { |m| [m.username, m.access_level] }
  is 'all', all, { 'root' => 50, 'ada' => 40, 'dev' => 30, 'rep' => 20, 'gus' => 10, 'bea' => 40, 'eva' => 40 }
  group = $ada.group_members('acme', per_page: 2).auto_paginate
  is 'group', group.map(&:username), %w[root ada dev rep gus bea eva]
  one = $ada.group_member('acme', group[3].id)
  is 'one', [one.username, one.access_level, one.expires_at, one.state], ['rep', 20, nil, 'active']
  is 'state of the membership', keys(one).include?('membership_state'), EDITION != 'ce'
  is 'since', one.created_at, TIME
end

def pages
  first = $ada.issues(INFRA, per_page: 5)
  is 'first page', iids(first), [23, 22, 21, 20, 19]
  is 'has', [first.next_page?, first.prev_page?, first.first_page?, first.last_page?], [true, false, true, true]
  is 'next page', iids(first.next_page), [18, 17, 16, 15, 14]
  is 'back again', iids(first.next_page.prev_page), [23, 22, 21, 20, 19]
  is 'last page', iids(first.last_page), [3, 2, 1]
  is 'no next page', first.last_page.next_page, nil
  is 'all', iids(first.auto_paginate), 23.downto(1).to_a
  is 'some', iids(first.paginate_with_limit(7)), 23.downto(17).to_a
  is 'ascending', iids($ada.issues(INFRA, order_by: 'created_at', sort: 'asc', per_page: 7).auto_paginate), 1.upto(23).to_a
  keyset = $ada.issues(INFRA, pagination: 'keyset', order_by: 'created_at', sort: 'asc', per_page: 4)
  is 'keyset', [keyset.last_page?, iids(keyset.auto_paginate)], [false, 1.upto(23).to_a]
  is 'filtered pages', iids($ada.issues(INFRA, labels: 'toil', sort: 'asc', per_page: 1).auto_paginate), [1, 3, 7]
  is 'filtered by arrays', iids($ada.issues(INFRA, iids: [2, 4, 6], per_page: 1).auto_paginate), [6, 4, 2]
  is 'filtered by hashes', iids($ada.issues(INFRA, not: { labels: 'toil' }, per_page: 8).auto_paginate).length, 20
  is 'past the end', $ada.issues(INFRA, page: 9, per_page: 10).length, 0
  is 'group', $ada.group_issues('acme', per_page: 6).auto_paginate.length, 23
end

def found(**query)
  iids($ada.issues(INFRA, order_by: 'created_at', sort: 'asc', per_page: 100, **query))
end

def filters
  is 'opened', found(state: 'opened').length, 22
  is 'closed', found(state: 'closed'), [1]
  is 'two labels', found(labels: 'bug,toil'), [7]
  is 'labels as an array', found(labels: %w[bug toil]), [7]
  is 'any label', found(labels: 'Any'), [1, 2, 3, 7]
  is 'no label', found(labels: 'None').length, 19
  is 'milestone', found(milestone: 'Sprint 3'), [3]
  is 'upcoming, of the project and of the group', found(milestone_id: 'Upcoming'), [3, 5]
  is 'without milestone', found(not: { milestone: 'Sprint 3' }).length, 22
  is 'author', found(author_username: 'rep'), [5]
  is 'assignee', found(assignee_username: ['rep']), [2]
  is 'nobody', found(assignee_id: 'None').length, 22
  is 'confidential', found(confidential: true), [4]
  is 'created', found(created_after: '2026-02-05T08:00:00Z', created_before: '2026-02-06T08:00:00Z'), [5, 6]
  is 'overdue', found(due_date: 'overdue'), [3]
  is 'search', found(search: 'regist'), [2]
  is 'end of a word', found(search: 'istry'), []
  is 'accents', found(search: 'Storung'), [5]
  is 'not ASCII', found(search: 'Köln'), [5]
  is 'in the title', found(search: 'page', in: 'title'), [3]
  is 'mine', iids($ada.issues(nil, per_page: 1)), [23]
  is "everybody's", $ada.issues(nil, scope: 'all', per_page: 100).length, 23
  is 'guest sees', login('gus').issues(INFRA, per_page: 100).length, 22
  is 'details', $ada.issues(INFRA, labels: 'toil', with_labels_details: true).first.labels.map(&:color), ['#d9534f', '#fc9403']
end

def one_issue
  i = $ada.issue(INFRA, 2)
  is 'texts', [i.iid, i.title, i.description, i.state],
     [2, 'Registry returns 500s', "The registry fails.\n\n- [x] page\n- [ ] fix", 'opened']
  is 'people', [i.author.username, i.assignee.username, i.assignees.map(&:username), keys(i.author)], ['dev', 'rep', ['rep'], PERSON]
  is 'kind', [i.labels, i['type'], i.issue_type, i.severity, i.discussion_locked], [%w[bug incident], 'ISSUE', 'issue', 'UNKNOWN', nil]
  is 'tasks', [i.task_completion_status.to_h, i.has_tasks], [{ 'count' => 2, 'completed_count' => 1 }, false]
  is 'references', i.references.to_h, { 'short' => '#2', 'relative' => '#2', 'full' => "#{INFRA}#2" }
  is 'nothing', [i.milestone, i.due_date, i.start_date, i.closed_at, i.closed_by, i.moved_to_id], [nil] * 6
  is 'address', [i.web_url, i._links.self], ["#{URL}/#{INFRA}/-/issues/2", "#{URL}/api/v4/projects/#{i.project_id}/issues/2"]
  is 'of Enterprise', keys(i).include?('blocking_issues_count'), EDITION != 'ce'
  closed = $ada.issue(INFRA, 1)
  is 'closed', [closed.state, closed.closed_at, closed.milestone.title, closed.milestone.expired],
     ['closed', '2026-02-10T08:00:00.000Z', 'Sprint 1', true]
end

def labels
  is 'names', $ada.labels(INFRA).map(&:name), ['bug', 'incident', 'ops::now', 'toil']
  toil = $ada.labels(INFRA, with_counts: true).find { |l| l.name == 'toil' }
  is 'counts', [toil.open_issues_count, toil.closed_issues_count, toil.open_merge_requests_count], [2, 1, 1]
  is 'one', [toil.color, toil.description, toil.priority, toil.subscribed], ['#fc9403', 'Work by hand', nil, false]
  made = $ada.create_label(INFRA, 'team::red & blue', 'red', priority: 0)
  is 'made', [made.name, made.color, made.text_color, made.priority], ['team::red & blue', '#FF0000', '#FFFFFF', 0]
  refused('taken', Gitlab::Error::Conflict, 'Label already exists') { $ada.create_label(INFRA, 'toil', 'red') }
  refused('taken by the group', Gitlab::Error::Conflict, 'Label already exists') { $ada.create_label(INFRA, 'incident', 'red') }
  refused('color', Gitlab::Error::BadRequest, "'color' must be a valid color code") { $ada.create_label(INFRA, 'y', 'reddish') }
  refused('comma', Gitlab::Error::BadRequest, "'title' is invalid") { $ada.create_label(INFRA, 'a,b', 'red') }
  changed = $ada.edit_label(INFRA, made.name, new_name: 'team::red', description: 'Ours')
  is 'renamed', [changed.id, changed.name, changed.description, changed.priority], [made.id, 'team::red', 'Ours', 0]
  is 'subscribed', $ada.subscribe_to_label(INFRA, 'team::red').subscribed, true
  is 'subscribed already', keys($ada.subscribe_to_label(INFRA, 'team::red')), []
  is 'deleted', keys($ada.delete_label(INFRA, made.id)), []
  refused('deleted again', Gitlab::Error::NotFound, '404 Label Not Found') { $ada.delete_label(INFRA, made.id) }
  shared = $ada.create_group_label('acme', 'shared', '#0f0')
  is 'of the group', [shared.color, keys(shared).include?('priority'), $ada.group_labels('acme').map(&:name)],
     ['#0f0', false, %w[incident shared]]
  is 'inherited', $ada.labels(INFRA).find { |l| l.name == 'shared' }.is_project_label, false
  $ada.delete_group_label('acme', 'shared')
end

def milestones
  is 'order', titles($ada.milestones(INFRA)), ['Sprint 1', 'Sprint 2', 'Sprint 3', 'Sprint 4']
  is 'active', titles($ada.milestones(INFRA, state: 'active', include_ancestors: true)), ['Sprint 2', 'Sprint 3', 'Sprint 4', 'Quarter 1']
  made = $ada.create_milestone(INFRA, ' Sprint 5 ', start_date: '2026-03-30', due_date: '2026-04-10')
  is 'made', [made.title, made.iid, made.state, made.expired, made.start_date, made.description],
     ['Sprint 5', 5, 'active', false, '2026-03-30', nil]
  taken = 'Failed to create milestone {:title=>["already being used for another group or project milestone."]}'
  refused('taken', Gitlab::Error::BadRequest, taken) { $ada.create_milestone(INFRA, 'Sprint 1') }
  refused('taken by the group', Gitlab::Error::BadRequest, taken) { $ada.create_milestone(INFRA, 'Quarter 1') }
  order = 'Failed to create milestone {:due_date=>["must be greater than start date"]}'
  refused('order', Gitlab::Error::BadRequest, order) { $ada.create_milestone(INFRA, 'x', start_date: '2026-03-02', due_date: '2026-03-02') }
  closed = $ada.edit_milestone(INFRA, made.id, state_event: 'close', title: 'Sprint V')
  is 'closed', [closed.state, closed.title, $ada.milestone(INFRA, made.id).state], ['closed', 'Sprint V', 'closed']
  third = $ada.milestones(INFRA, title: 'Sprint 3').first
  is 'its issues', iids($ada.milestone_issues(INFRA, third.id)), [3]
  is 'its merge requests', titles($ada.milestone_merge_requests(INFRA, third.id)), ['Rotate the keys']
  is 'deleted', keys($ada.delete_milestone(INFRA, made.id)), []
  refused('deleted again', Gitlab::Error::NotFound, '404 Not found') { $ada.delete_milestone(INFRA, made.id) }
  quarter = $ada.group_milestones('acme').first
  is 'of the group', [quarter.title, keys(quarter).include?('project_id')], ['Quarter 1', false]
  is 'issues of the group', iids($ada.group_milestone_issues('acme', quarter.id)), [5]
end

def writing
  sprint = $ada.milestones(INFRA, title: 'Sprint 3').first
  rep = $ada.users(username: 'rep').first
  i = $ada.create_issue(INFRA, '  From Ruby ', description: "Ä text + more & so\non", labels: 'toil,fresh', milestone_id: sprint.id,
                                               assignee_ids: [rep.id], due_date: '2026-03-10', confidential: true)
  is 'made', [i.iid, i.title, i.description, i.state, i.confidential], [24, 'From Ruby', "Ä text + more & so\non", 'opened', true]
  is 'its parts', [i.labels, i.milestone.title, i.assignee.username, i.due_date], [%w[fresh toil], 'Sprint 3', 'rep', '2026-03-10']
  i = $ada.edit_issue(INFRA, 24, title: 'Changed', confidential: false, add_labels: 'bug', remove_labels: 'fresh')
  is 'changed', [i.title, i.confidential, i.labels], ['Changed', false, %w[bug toil]]
  i = $ada.edit_issue(INFRA, 24, labels: '', milestone_id: 0, assignee_ids: [0], due_date: '')
  is 'emptied', [i.labels, i.milestone, i.assignees, i.due_date], [[], nil, [], nil]
  is 'closed', [$ada.close_issue(INFRA, 24).state, $ada.issue(INFRA, 24).closed_by.username], %w[closed ada]
  is 'closed again', $ada.close_issue(INFRA, 24).state, 'closed'
  is 'reopened', [$ada.reopen_issue(INFRA, 24).state, $ada.issue(INFRA, 24).closed_at], ['opened', nil]
  events = $ada.issue_label_events(INFRA, 24)
  is 'label events', events.first(2).map { |e| [e.label.name, e.action] }.sort, [%w[fresh add], %w[toil add]]
  is 'later label events', events.drop(2).map { |e| [e.label.name, e.action] }.sort,
     [%w[bug add], %w[bug remove], %w[fresh remove], %w[toil remove]]
  is 'one event', $ada.issue_label_event(INFRA, 24, events.first.id).created_at, events.first.created_at
  is 'state events', $ada.issue_state_events(INFRA, 24).map { |e| [e.state, e.user.username] }, [%w[closed ada], %w[reopened ada]]
  root = login('root')
  old = root.create_issue(INFRA, 'Old', created_at: '2020-01-01T00:00:00Z', iid: 77)
  is 'back-dated', [old.created_at, old.iid], ['2020-01-01T00:00:00.000Z', 77]
  refused('iid taken', Gitlab::Error::Conflict, 'Duplicated issue') { root.create_issue(INFRA, 'x', iid: 77) }
  is 'deleted', keys(root.delete_issue(INFRA, 77)), []
  refused('deleted again', Gitlab::Error::NotFound, '404 Issue Not Found') { root.delete_issue(INFRA, 77) }
  is 'incident', $ada.create_issue(INFRA, 'Fire', issue_type: 'incident')['type'], 'INCIDENT'
end

def comments
  i = $ada.create_issue(INFRA, 'Talk').iid
  note = $ada.create_issue_note(INFRA, i, 'Hello')
  is 'made', [note.body, note.author.username, note['system'], note.internal, note.noteable_iid], ['Hello', 'ada', false, false, i]
  is 'changed', $ada.edit_issue_note(INFRA, i, note.id, 'Hello again').body, 'Hello again'
  $ada.create_issue_note(INFRA, i, 'Second')
  is 'order', $ada.issue_notes(INFRA, i).map(&:body), ['Second', 'Hello again']
  is 'pages', $ada.issue_notes(INFRA, i, sort: 'asc', per_page: 1).auto_paginate.map(&:body), ['Hello again', 'Second']
  is 'one', $ada.issue_note(INFRA, i, note.id).body, 'Hello again'
  refused("another's", Gitlab::Error::Forbidden, '403 Forbidden') { login('dev').edit_issue_note(INFRA, i, note.id, 'x') }
  refused('empty', Gitlab::Error::BadRequest, %q(400 Bad request - Note {:note=>["can't be blank"]})) do
    $ada.create_issue_note(INFRA, i, '')
  end
  done = $ada.create_issue_note(INFRA, i, "/label ~toil\n/due 2026-03-20")
  is 'commands only', [keys(done), done.commands_changes.to_h['due_date']], [%w[commands_changes summary], '2026-03-20']
  is 'carried out', [$ada.issue(INFRA, i).labels, $ada.issue(INFRA, i).due_date], [['toil'], '2026-03-20']
  is 'text and command', [$ada.create_issue_note(INFRA, i, "Done.\n/close").body, $ada.issue(INFRA, i).state], %w[Done. closed]
  is 'deleted', keys($ada.delete_issue_note(INFRA, i, note.id)), []
  refused('deleted again', Gitlab::Error::NotFound, '404 Not found') { $ada.delete_issue_note(INFRA, i, note.id) }
end

def awards
  i = $ada.create_issue(INFRA, 'Liked').iid
  award = $ada.create_award_emoji(INFRA, i, 'issue', 'thumbsup')
  is 'made', [award.name, award.user.username, award.awardable_type], %w[thumbsup ada Issue]
  is 'votes', $ada.issue(INFRA, i).upvotes, 1
  taken = '404 Award Emoji Name has already been taken Not Found'
  refused('twice', Gitlab::Error::NotFound, taken) { $ada.create_award_emoji(INFRA, i, 'issue', 'thumbsup') }
  is 'one', $ada.award_emoji(INFRA, i, 'issue', award.id).name, 'thumbsup'
  note = $ada.create_issue_note(INFRA, i, 'Also')
  other = login('dev').create_note_award_emoji(INFRA, i, 'issue', note.id, 'tada')
  is 'on a note', $ada.note_award_emojis(INFRA, i, 'issue', note.id).map(&:name), ['tada']
  refused("another's", Gitlab::Error::Unauthorized, '401 Unauthorized') do
    $ada.delete_note_award_emoji(INFRA, i, 'issue', note.id, other.id)
  end
  $ada.delete_award_emoji(INFRA, i, 'issue', award.id)
  is 'taken back', [$ada.award_emojis(INFRA, i, 'issue').length, $ada.issue(INFRA, i).upvotes], [0, 0]
end

def links
  a = $ada.create_issue(INFRA, 'Here').iid
  b = $ada.create_issue(PRODUCTION, 'There').iid
  made = $ada.create_issue_link(INFRA, a, PRODUCTION, b)
  is 'made', [made.source_issue.title, made.target_issue.title, made.link_type], %w[Here There relates_to]
  row = $ada.issue_links(INFRA, a).first
  is 'row', [row.title, row.link_type, row.issue_link_id], ['There', 'relates_to', made.id]
  is 'other side', titles($ada.issue_links(PRODUCTION, b)), ['Here']
  refused('twice', Gitlab::Error::Conflict, 'Issue(s) already assigned') { $ada.create_issue_link(PRODUCTION, b, INFRA, a) }
  refused('itself', Gitlab::Error::Unprocessable, "##{a} cannot be added: cannot be related to itself") do
    $ada.create_issue_link(INFRA, a, INFRA, a)
  end
  is 'deleted', $ada.delete_issue_link(INFRA, a, made.id).link_type, 'relates_to'
  is 'gone', [$ada.issue_links(INFRA, a).length, $ada.issue_links(PRODUCTION, b).length], [0, 0]
end

def boards
  team = $ada.boards(INFRA).first
  is 'board', [team.name, team.project.path, team.lists.map { |l| [l.label.name, l.position] }],
     ['Team', 'infrastructure', [['toil', 0], ['bug', 1]]]
  made = $ada.create_board(INFRA, 'Second').id
  ids = $ada.labels(INFRA).to_h { |l| [l.name, l.id] }
  column = $ada.create_board_list(INFRA, made, ids['ops::now'])
  is 'column', [column.label.name, column.position], ['ops::now', 0]
  refused('twice', Gitlab::Error::BadRequest, "'error' Label has already been taken") do
    $ada.create_board_list(INFRA, made, ids['ops::now'])
  end
  refused('no label', Gitlab::Error::BadRequest, "'error' Label not found") { $ada.create_board_list(INFRA, made, 999_999) }
  other = $ada.create_board_list(INFRA, made, ids['toil'])
  $ada.edit_board_list(INFRA, made, other.id, 0)
  is 'moved', $ada.board_lists(INFRA, made).map { |l| l.label.name }, ['toil', 'ops::now']
  is 'renamed', $ada.edit_board(INFRA, made, name: 'Renamed').name, 'Renamed'
  $ada.delete_board_list(INFRA, made, column.id)
  is 'shorter', $ada.board(INFRA, made).lists.map { |l| l.label.name }, ['toil']
  is 'deleted', keys($ada.delete_board(INFRA, made)), []
  refused('deleted again', Gitlab::Error::NotFound, '404 Not found') { $ada.board(INFRA, made) }
end

def moving
  sprint = $ada.milestones(INFRA, title: 'Sprint 3').first
  i = $ada.create_issue(INFRA, 'Wanders', description: 'See #2', labels: 'toil,bug', milestone_id: sprint.id).iid
  $ada.create_issue_note(INFRA, i, 'Along')
  target = $ada.project(PRODUCTION).id
  new = $ada.move_issue(INFRA, i, to_project_id: target)
  is 'target', [new.title, new.state, new.labels, new.description, new.project_id],
     ['Wanders', 'opened', ['toil'], 'See infrastructure#2', target]
  old = $ada.issue(INFRA, i)
  is 'source', [old.state, old.moved_to_id, old.labels], ['closed', new.id, %w[bug toil]]
  is 'milestone', [new.milestone.title, new.milestone.project_id], ['Sprint 3', target]
  is 'note', $ada.issue_notes(PRODUCTION, new.iid, activity_filter: 'only_comments').map(&:body), ['Along']
  refused('again', Gitlab::Error::BadRequest, 'Unable to move. You have insufficient permissions.') do
    $ada.move_issue(INFRA, i, to_project_id: target)
  end
  refused('nowhere', Gitlab::Error::NotFound, '404 Project Not Found') { $ada.move_issue(INFRA, 2, to_project_id: 999_999) }
end

def tracking
  i = $ada.create_issue(INFRA, 'Time').iid
  is 'estimate', $ada.estimate_time_of_issue(INFRA, i, '3h30m').human_time_estimate, '3h 30m'
  is 'spent', $ada.add_time_spent_on_issue(INFRA, i, '1d').total_time_spent, 28_800
  is 'stats', $ada.time_stats_for_issue(INFRA, i).to_h.values, [12_600, 28_800, '3h 30m', '1d']
  is 'reset', $ada.reset_time_spent_on_issue(INFRA, i).human_total_time_spent, nil
  is 'unsubscribed', $ada.unsubscribe_from_issue(INFRA, i).subscribed, false
  is 'subscribed', $ada.subscribe_to_issue(INFRA, i).subscribed, true
  is 'subscribed already', keys($ada.subscribe_to_issue(INFRA, i)), []
  is 'participants', $ada.participants_on_issue(INFRA, i).map(&:username), ['ada']
  is 'closed by', $ada.merge_requests_closing_issue_on_merge(INFRA, i).length, 0
end

def merge_requests
  is 'all', titles($ada.merge_requests(INFRA)), ['Drop the cache', 'Raise the limits', 'Rotate the keys']
  is 'pages', iids($ada.merge_requests(INFRA, per_page: 1).auto_paginate), [3, 2, 1]
  is 'merged', iids($ada.merge_requests(INFRA, state: 'merged')), [2]
  is 'label', iids($ada.merge_requests(INFRA, labels: 'toil')), [1]
  is 'branch', iids($ada.merge_requests(INFRA, source_branch: 'limits')), [2]
  is 'reviewer', iids($ada.merge_requests(INFRA, reviewer_username: 'ada')), [1]
  is 'group', $ada.group_merge_requests('acme').length, 3
  m = $ada.merge_request(INFRA, 1)
  is 'one', [m.title, m.state, m.author.username, m.source_branch, m.target_branch], ['Rotate the keys', 'opened', 'dev', 'rotate', 'main']
  is 'more', [m.reviewers.map(&:username), m.merged_at, m.milestone.title, m.labels], [['ada'], nil, 'Sprint 3', ['toil']]
  merged = $ada.merge_request(INFRA, 2)
  is 'merged by', [merged.merge_user.username, merged.merged_at], ['dev', '2026-02-14T08:00:00.000Z']
  is 'its notes', $ada.merge_request_notes(INFRA, 1).length, 0
  if EDITION == 'ce'
    refused('settings', Gitlab::Error::NotFound, '404 Not Found') { $ada.project_merge_request_approvals(INFRA) }
  else
    is 'settings', $ada.project_merge_request_approvals(INFRA).approvals_before_merge, 0
  end
  refused('none', Gitlab::Error::NotFound, '404 Not found') { $ada.merge_request(INFRA, 99) }
end

def states
  root = login('root')
  i = root.create_issue(PRODUCTION, 'Stays').iid
  is 'locked', root.edit_issue(PRODUCTION, i, discussion_locked: true).discussion_locked, true
  p = root.edit_project(PRODUCTION, issues_access_level: 'disabled')
  is 'switched off', [p.issues_enabled, p.issues_access_level], [false, 'disabled']
  is 'nothing listed', $ada.issues(PRODUCTION).length, 0
  refused('nothing read', Gitlab::Error::NotFound, '404 Not found') { $ada.issue(PRODUCTION, i) }
  refused('nothing made', Gitlab::Error::Forbidden, '403 Forbidden') { $ada.create_issue(PRODUCTION, 'x') }
  root.edit_project(PRODUCTION, issues_access_level: 'enabled')
  is 'on again', $ada.issue(PRODUCTION, i).title, 'Stays'
  is 'archived', [root.archive_project(PRODUCTION).archived, $ada.issue(PRODUCTION, i).title], [true, 'Stays']
  refused('not written', Gitlab::Error::Forbidden, '403 Forbidden') { $ada.edit_issue(PRODUCTION, i, title: 'x') }
  is 'not in the group', $ada.group_issues('acme', per_page: 100).none? { |x| x.project_id == p.id }, true
  is 'unarchived', [root.unarchive_project(PRODUCTION).archived, $ada.edit_issue(PRODUCTION, i, title: 'x').title], [false, 'x']
end

def paid
  return unless %w[premium ultimate].include?(EDITION)

  i = $ada.create_issue(INFRA, 'Paid', labels: 'ops::now', weight: 3)
  is 'weight', [i.weight, iids($ada.issues(INFRA, weight: 3))], [3, [i.iid]]
  is 'labels with a scope', $ada.edit_issue(INFRA, i.iid, add_labels: 'ops::later').labels, ['ops::later']
  rules = $ada.project_merge_request_approval_rules(INFRA)
  is 'rules', rules.map { |r| [r.name, r.approvals_required, r.users.map(&:username)] }, [['Leads', 1, ['dev']]]
end

def others
  is 'search', iids($ada.search_in_project(INFRA, 'issues', 'vault')), [4]
  is 'markdown', $ada.markdown('**x**').html, /<strong/
  is 'events', $ada.project_events(INFRA, per_page: 1).first.author_username, 'ada'
  is 'environment', $ada.create_environment(INFRA, 'production').slug, 'production'
end

$ada = login('ada')
%i[
  sign_in refusals projects members pages filters one_issue labels milestones
  writing comments awards links boards moving tracking merge_requests states paid others
].each do |tour|
  $section = tour
  send(tour)
rescue StandardError => e # the other sections still run
  COUNTS[:failed] += 1
  puts "#{tour}, #{e.backtrace.find { |line| line.start_with?(__FILE__) }}: #{e.class}: #{e.message}"
end
puts "ruby-gitlab #{Gitlab::VERSION}, #{EDITION}: #{COUNTS[:passed]} passed, #{COUNTS[:failed]} failed"
exit COUNTS[:failed].zero?
