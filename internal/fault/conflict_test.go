package fault

import (
	"errors"
	"testing"
)

func TestFirst(t *testing.T) {
	t.Parallel()
	err := Wrap(Refused, NewConflict("look", "taken by @%s", "dev"), "", "")
	if err.Error() != "taken by @dev" || !errors.Is(err, Conflict) || errors.Is(err, Dropped) || KindOf(err) != Refused || HintOf(err) != "look" {
		t.Errorf("%v, %q", err, HintOf(err))
	}
}
