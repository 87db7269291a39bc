package jsonv1_test

import (
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestVerdictsFollowFromTheirReasons(t *testing.T) {
	t.Parallel()
	const at = "2018-08-24T10:00:00Z"
	if !jsonv1.NewGate(at, nil).Open || jsonv1.NewGate(at, []jsonv1.Reason{{Kind: "lock"}}).Open {
		t.Error("a gate is open when there is no reason, and only then")
	}
	if jsonv1.NewLockCheck(at, nil).Locked || !jsonv1.NewLockCheck(at, []jsonv1.Lock{{Name: "weekend"}}).Locked {
		t.Error("it is locked when there is a lock, and only then")
	}
	audit := jsonv1.NewApprovalAudit([]jsonv1.ApprovalRepository{{Project: "a"}, {Project: "b", OK: true, Findings: jsonv1.List[jsonv1.Finding]{{ID: "x"}}}})
	if audit.OK || !audit.Repositories[0].OK || audit.Repositories[1].OK {
		t.Errorf("projects are OK without findings, and only then: %+v", audit)
	}
	if !jsonv1.NewApprovalAudit(audit.Repositories[:1]).OK {
		t.Error("an audit without findings is not OK")
	}
}
