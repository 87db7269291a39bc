package document

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Lock is the published form of a lock, with some of its periods; it holds where one of them contains the instant.
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
