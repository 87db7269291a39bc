// Package contract holds the embedded GitLab, and any server, to what a real GitLab answered. Start with
// TestEmbeddedEqualsRecording.
//
// It has only tests: they send the recordings in testdata/gitlab to the embedded GitLab and, if PRODCTL_CONTRACT_URL is set, to a
// running server. No code that is linked into prodctl may be here.
package contract
