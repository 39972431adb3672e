// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// Administrator changes the organization on Udemy's pages. Its methods return errors, where the methods of Simulator panic.
type Administrator struct {
	organization *organization
}

// Administrator returns the administrator of the organization.
func (s *Simulator) Administrator() Administrator {
	return Administrator{s.organization}
}

// Invite invites a learner and returns the learner. The Status is set to invited.
func (a Administrator) Invite(l Learner) (Learner, error) {
	o := a.organization
	if !isAddress(l.Email) {
		return Learner{}, invalidAddress(l.Email)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	l.Status = StatusInvited
	added, err := o.lockedAdd(l)
	if err != nil {
		return Learner{}, err
	}
	o.lockedMail(added, MailInvitation, CausePage)
	return o.lockedCopy(added), nil
}

// Accept accepts an invitation as the learner, who types both names.
func (a Administrator) Accept(id, firstName, lastName string) error {
	return a.organization.edit(id, func(l *Learner) error {
		if l.Status != StatusInvited {
			return fmt.Errorf("the learner %q is not invited", l.Email)
		}
		l.Status, l.FirstName, l.LastName = StatusActive, firstName, lastName
		return nil
	})
}

// Edit calls change to edit a learner. change must not call the Simulator.
func (a Administrator) Edit(id string, change func(*Learner)) error {
	return a.organization.edit(id, func(l *Learner) error {
		change(l)
		if !isAddress(l.Email) {
			return invalidAddress(l.Email)
		}
		return nil
	})
}

// Deactivate deactivates a learner, which frees the seat.
func (a Administrator) Deactivate(id string) error {
	return a.organization.edit(id, func(l *Learner) error {
		if l.Status == StatusInvited {
			return fmt.Errorf("the learner %q is invited. Delete the learner to cancel the invitation", l.Email)
		}
		l.Status = StatusDeactivated
		return nil
	})
}

// Reactivate reactivates a learner, which takes a seat.
func (a Administrator) Reactivate(id string) error {
	o := a.organization
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.learnerByID[id]
	if l == nil {
		return errNotFound
	}
	if l.Status != StatusDeactivated {
		return fmt.Errorf("the learner %q is not deactivated", l.Email)
	}
	err := o.lockedEdit(l, func(l *Learner) error {
		l.Status = StatusActive
		return nil
	})
	if err == nil {
		o.lockedMail(l, MailReactivation, CausePage)
	}
	return err
}

// Resend sends the invitation of a learner again.
func (a Administrator) Resend(id string) error {
	return a.organization.resend(id, CausePage)
}

// Remove removes a learner from the organization and its groups.
func (a Administrator) Remove(id string) error {
	return a.organization.remove(id)
}

// AddGroup adds a group without members.
func (a Administrator) AddGroup(name string) (Group, error) {
	if strings.TrimSpace(name) == "" {
		return Group{}, errBlankName
	}
	return a.organization.createGroup(name)
}

// RenameGroup renames a group.
func (a Administrator) RenameGroup(id, name string) error {
	if strings.TrimSpace(name) == "" {
		return errBlankName
	}
	_, err := a.organization.editGroup(id, func(g *Group) { g.Name = name })
	return err
}

// RemoveGroup removes a group. Its learners stay.
func (a Administrator) RemoveGroup(id string) error {
	return a.organization.removeGroup(id)
}

// AddMember adds a learner to a group, by e-mail address.
func (a Administrator) AddMember(groupID, email string) error {
	l, err := a.organization.learnerWithEmail(email)
	if err != nil {
		return fmt.Errorf("no learner has the e-mail address %q", email)
	}
	if slices.Contains(l.Groups, groupID) {
		return fmt.Errorf("the learner %q is a member already", email)
	}
	return a.organization.addMembers(groupID, []string{l.ID})
}

// RemoveMember removes a learner from a group.
func (a Administrator) RemoveMember(groupID, learnerID string) error {
	return a.organization.removeMember(groupID, learnerID)
}

var errBlankName = &invalidError{field: "name", detail: "A group needs a name."}

func invalidAddress(email string) error {
	return &invalidError{field: "email", detail: fmt.Sprintf("%q is not an e-mail address.", email)}
}

// Reset restores the learners and groups of the start, and clears the logs of requests and mails. Seats, pace, faults and lag
// stay as they are.
func (s *Simulator) Reset() {
	o, fresh := s.organization, seeded(s.config)
	o.mu.Lock()
	// The ID of a learner who is gone never becomes the ID of another learner, for whom Terraform state would take it.
	fresh.learnerSerial, fresh.groupSerial = o.learnerSerial, o.groupSerial
	o.content, o.mails, o.mailTotal = fresh, nil, 0
	o.revision++
	o.mu.Unlock()
	s.ResetRequests()
	s.SetLag(s.Lag())
}
