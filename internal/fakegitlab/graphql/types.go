package graphql

// This file has the schema as data. What it names is resolved in the file of its subject.

// typeTable has a paragraph for each type: its kind and name, then its fields, one a line. A line that begins with "ee "
// is in the schema of the Enterprise Edition only. Connections are not listed: addConnection makes them.
const typeTable = `
type Query
currentUser: CurrentUser
project(fullPath: ID!): Project
group(fullPath: ID!): Group
namespace(fullPath: ID!): Namespace
issue(id: IssueID!): Issue
workItem(id: WorkItemID!): WorkItem
note(id: NoteID!): Note
user(id: UserID, username: String): UserCore
echo(text: String!): String!

type Mutation
issueSetSeverity(input: IssueSetSeverityInput!): IssueSetSeverityPayload
timelineEventCreate(input: TimelineEventCreateInput!): TimelineEventCreatePayload

input IssueSetSeverityInput
projectPath: ID!, iid: String!, severity: IssuableSeverity!, clientMutationId: String

input TimelineEventCreateInput
incidentId: IssueID!, note: String!, occurredAt: Time!, timelineEventTagNames: [String!], clientMutationId: String

type IssueSetSeverityPayload
issue: Issue
errors: [String!]!
clientMutationId: String

type TimelineEventCreatePayload
timelineEvent: TimelineEventType
errors: [String!]!
clientMutationId: String

interface User = UserCore CurrentUser
id: ID!
username: String!
name: String!
state: UserState!
bot: Boolean!
webUrl: String!
webPath: String!

type Project
id: ID!
name: String!
path: String!
fullPath: ID!
description: String
visibility: String
archived: Boolean
issuesEnabled: Boolean
openIssuesCount: Int
createdAt: Time
webUrl: String
group: Group
namespace: Namespace
issue(iid: String, iids: [String!]): Issue
incidentManagementTimelineEvents(PAGE, incidentId: IssueID!): TimelineEventTypeConnection
incidentManagementTimelineEventTags: [TimelineEventTagType!]
ee incidentManagementOncallSchedules(PAGE, iids: [ID!]): IncidentManagementOncallScheduleConnection
ee iterations(PAGE, iid: ID, title: String, includeAncestors: Boolean): IterationConnection

type Group
id: ID!
name: String!
path: String!
fullPath: ID!
fullName: String!
description: String
visibility: String
createdAt: Time
webUrl: String!
parent: Group
ee iterations(PAGE, iid: ID, title: String, includeAncestors: Boolean): IterationConnection

type Namespace
id: ID!
name: String!
path: String!
fullPath: ID!
fullName: String!
description: String
visibility: String
workItem(iid: String!): WorkItem

type Issue
id: ID!
iid: ID!
projectId: Int!
title: String!
description: String
state: IssueState!
type: IssueType
severity: IssuableSeverity
escalationStatus: IssueEscalationStatus
confidential: Boolean!
discussionLocked: Boolean!
author: UserCore!
createdAt: Time!
updatedAt: Time!
closedAt: Time
dueDate: Time
timeEstimate: Int!
totalTimeSpent: Int!
reference(full: Boolean = false): String!
webUrl: String!
webPath: String!
labels(PAGE): LabelConnection
assignees(PAGE): UserCoreConnection
milestone: Milestone
notes(PAGE): NoteConnection!
subscribed: Boolean!
moved: Boolean
movedTo: Issue
closedAsDuplicateOf: Issue
ee weight: Int

type WorkItem
id: WorkItemID!
iid: String!
title: String!
description: String
state: WorkItemState!
confidential: Boolean!
author: UserCore
createdAt: Time!
updatedAt: Time!
closedAt: Time
reference(full: Boolean = false): String!
webUrl: String!
webPath: String!
archived: Boolean!
project: Project
namespace: Namespace
workItemType: WorkItemType!
widgets(onlyTypes: [WorkItemWidgetType!], exceptTypes: [WorkItemWidgetType!]): [WorkItemWidget!]

type WorkItemType
id: WorkItemsTypeID!
name: String!

type Label
id: ID!
title: String!
color: String!
description: String
createdAt: Time!
updatedAt: Time!

type Milestone
id: ID!
iid: ID!
title: String!
description: String
state: MilestoneStateEnum!
startDate: Time
dueDate: Time
createdAt: Time!
updatedAt: Time!

type Note
id: NoteID!
body: String!
author: UserCore
system: Boolean!
internal: Boolean
createdAt: Time!
updatedAt: Time!
lastEditedAt: Time
lastEditedBy: UserCore
project: Project
url: String

type TimelineEventType
id: IncidentManagementTimelineEventID!
author: UserCore
incident: Issue!
note: String
action: String!
editable: Boolean!
occurredAt: Time!
createdAt: Time!
updatedAt: Time!
timelineEventTags(PAGE): TimelineEventTagTypeConnection

type TimelineEventTagType
name: String!

type PageInfo
hasNextPage: Boolean!
hasPreviousPage: Boolean!
startCursor: String
endCursor: String

ee type IncidentManagementOncallSchedule
iid: ID!
name: String!
description: String
timezone: String!

ee type Iteration
id: ID!
iid: ID!
title: String
startDate: Time
dueDate: Time

scalar String ID Int Float Boolean Time IssueID WorkItemID NoteID UserID IncidentManagementTimelineEventID WorkItemsTypeID

enum IssuableSeverity UNKNOWN LOW MEDIUM HIGH CRITICAL

enum IssueState opened closed locked all

enum IssueType ISSUE INCIDENT TEST_CASE REQUIREMENT TASK TICKET OBJECTIVE KEY_RESULT EPIC

enum IssueEscalationStatus TRIGGERED ACKNOWLEDGED RESOLVED IGNORED

enum MilestoneStateEnum active closed

enum UserState active blocked deactivated banned

enum WorkItemState OPEN CLOSED

enum WorkItemWidgetType ` + allWidgets

// pageArgs are the arguments of every connection: PAGE in the table.
const pageArgs = "after: String, before: String, first: Int, last: Int"

// allWidgets are the types of the widgets of work items, in the order of GitLab's lists.
const allWidgets = "ASSIGNEES AWARD_EMOJI CRM_CONTACTS CURRENT_USER_TODOS DESCRIPTION DESIGNS DEVELOPMENT EMAIL_PARTICIPANTS " +
	"ERROR_TRACKING HIERARCHY LABELS LINKED_ITEMS LINKED_RESOURCES MILESTONE NOTES NOTIFICATIONS PARTICIPANTS START_AND_DUE_DATE TIME_TRACKING"

// missingWidgets are the widgets that a kind of work item does not have. Other kinds have all.
func missingWidgets(kind string) string {
	switch kind {
	case "incident":
		return "DESIGNS ERROR_TRACKING START_AND_DUE_DATE"
	case "task":
		return "DESIGNS EMAIL_PARTICIPANTS ERROR_TRACKING"
	}
	return ""
}

// widgetFields has the fields that a widget has beside its type.
func widgetFields(kind string) string {
	switch kind {
	case "DESCRIPTION":
		return "description: String\nedited: Boolean!\nlastEditedAt: Time\nlastEditedBy: UserCore"
	case "LABELS":
		return "labels(PAGE): LabelConnection"
	case "ASSIGNEES":
		return "assignees(PAGE): UserCoreConnection"
	case "MILESTONE":
		return "milestone: Milestone"
	case "START_AND_DUE_DATE":
		return "dueDate: Time"
	}
	return ""
}

// models returns the names in global ids that a type of id accepts, none for another type.
func models(typ string) []string {
	switch typ {
	case "IssueID":
		return []string{"Issue", "WorkItem"}
	case "WorkItemID":
		return []string{"WorkItem", "Issue"}
	case "NoteID":
		return []string{"Note", "DiscussionNote"}
	case "UserID":
		return []string{"User"}
	}
	return nil
}

// problemTable has a line for each way in which a query can be invalid: its code, GitLab's sentence, and the names of
// the extensions. {1} is the first extension's value, {hint} is what no extension has. A code of its own follows the name.
const problemTable = `
undefinedField|Field '{2}' doesn't exist on type '{1}'{hint}|typeName fieldName
argumentNotAccepted|{2} '{1}' doesn't accept argument '{3}'{hint}|name typeName argumentName
missingRequiredArguments|{1} '{2}' is missing required arguments: {3}|className name arguments
` + "missingRequiredInputObjectAttribute|Argument '{1}' on InputObject '{3}' is required. Expected type {2}|" +
	"argumentName argumentType inputObjectType" + `
argumentLiteralsIncompatible|Argument '{2}' on {1} {hint}|typeName argumentName
variableMismatch|{4} on variable ${1} and argument {3} ({2} / {hint})|variableName typeName argumentName errorMessage
variableNotDefined|Variable ${1} is used by {hint} but not declared|variableName
variableNotUsed|Variable ${1} is declared by {hint} but not used|variableName
variableRequiresValidType|{1} isn't a defined input type (on ${2})|typeName variableName
selectionMismatch|{hint}|nodeName typeName
undefinedType|No such type {1}, so it can't be a fragment condition{hint}|typeName
fragmentOnNonCompositeType|Invalid fragment on type {1} (must be Union, Interface or Object)|typeName argumentName
cannotSpreadFragment|Fragment on {1} can't be spread inside {3}|typeName fragmentName parentName
undefinedFragment=useAndDefineFragment|Fragment {1} was used, but not defined|fragmentName
unusedFragment=useAndDefineFragment|Fragment {1} was defined, but not used|fragmentName
infiniteLoop|Fragment {1} contains an infinite loop|fragmentName
undefinedDirective|Directive @{1} is not defined{hint}|directiveName
fieldConflict|Field '{1}' has a field conflict: {2}?|fieldName conflicts
argumentConflict|Field '{1}' has an argument conflict: {2}?|fieldName conflicts
missingSubscriptionConfiguration|Schema is not configured for subscriptions|
`
