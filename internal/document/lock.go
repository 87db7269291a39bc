package document

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Locks returns the document of all locks in the order of the file, each with its next times.
func Locks(locks []lock.Lock, now time.Time, next int) jsonv1.Locks {
	doc := jsonv1.NewLocks(Instant(now), nil)
	for _, l := range locks {
		periods := l.Next(now, next)
		doc.Locks = append(doc.Locks, Lock(l, periods, now))
		if len(periods) == 0 {
			doc.Notes = append(doc.Notes, fmt.Sprintf("Lock %q is over; you can remove it from the file", l.Name))
		}
	}
	return doc
}

// LockCheck returns the document of the locks that apply within a period, or at the instant of an empty one.
func LockCheck(c change.Criticality, during lock.Period, held []lock.Held) jsonv1.LockCheck {
	var list []jsonv1.Lock
	for _, h := range held {
		list = append(list, Lock(h.Lock, []lock.Period{h.Period}, during.From))
	}
	doc := jsonv1.NewLockCheck(Instant(during.From), list)
	if during.From.Before(during.To) {
		doc.Until = Instant(during.To)
	}
	doc.Criticality = string(c)
	return doc
}

// Lock returns the document of a lock with some of its periods. It is active if one of them contains the instant.
func Lock(l lock.Lock, periods []lock.Period, at time.Time) jsonv1.Lock {
	doc := jsonv1.Lock{Name: l.Name, Kind: string(l.Kind), From: Instant(l.From), To: Instant(l.To), Reason: l.Reason, Exempt: l.Exempt}
	if l.Weekly != nil {
		doc.Weekly = l.Weekly.String()
	}
	if l.Zone != nil && l.Zone != time.UTC {
		doc.Zone = l.Zone.String()
	}
	for _, p := range periods {
		doc.Active = doc.Active || p.Contains(at)
		doc.Next = append(doc.Next, jsonv1.Period{From: Instant(p.From), To: Instant(p.To)})
	}
	return doc
}
