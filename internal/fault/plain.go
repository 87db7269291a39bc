package fault

import (
	"errors"
	"fmt"
	"io/fs"
)

// Plain drops the system call's name from a file error.
func Plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}
