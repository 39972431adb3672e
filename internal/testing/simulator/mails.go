// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "time"

// keptMails is the number of stored mails; older ones are only counted.
const keptMails = 1000

// Mail is an e-mail that Udemy would have sent.
type Mail struct {
	Time  time.Time
	To    string
	Kind  MailKind
	Cause Cause
}

// MailKind is the kind of a Mail.
type MailKind string

// The kinds of a Mail. That a reactivation sends one is documented for SCIM, and assumed for the user-management API and for
// Udemy's pages. An account that SCIM creates gets none.
const (
	MailInvitation   MailKind = "invitation"
	MailReminder     MailKind = "invitation again"
	MailReactivation MailKind = "reactivation"
)

// Cause is where the change that sends a Mail was made.
type Cause string

// The causes of a Mail.
const (
	CauseAPI  Cause = "user-management API"
	CauseSCIM Cause = "SCIM"
	CausePage Cause = "page"
)

// Mails returns up to limit of the latest mails since the start or the last Reset, oldest first, and their total number.
func (s *Simulator) Mails(limit int) ([]Mail, int) {
	o := s.organization
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Mail(nil), window(o.mails, len(o.mails)-limit, limit)...), o.mailTotal
}

func (o *organization) lockedMail(l *Learner, kind MailKind, cause Cause) {
	o.mails = append(o.mails, Mail{Time: time.Now(), To: l.Email, Kind: kind, Cause: cause})
	if len(o.mails) > keptMails {
		o.mails = o.mails[1:]
	}
	o.mailTotal++
	o.revision++
}

// resend sends an invitation again.
func (o *organization) resend(id string, cause Cause) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	switch {
	case l == nil:
		return errNotFound
	case l.Status != StatusInvited:
		return &conflictError{id: l.ID, detail: "The user has no pending invitation."}
	}
	o.lockedMail(l, MailReminder, cause)
	return nil
}
