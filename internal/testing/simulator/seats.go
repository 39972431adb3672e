// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package simulator

import "fmt"

// SetSeats changes Seats of the Config. Learners who have a seat keep it, even if there are more of them.
func (s *Simulator) SetSeats(seats int) {
	o := s.organization
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seats = seats
	s.switches.Add(1)
}

// lockedSeat checks that a seat is left for a learner who takes one by the change to a status. Udemy documents that a change without
// a free license is refused and changes nothing. Assumptions: the status is 400 with this text, and an invitation takes a seat (Udemy's
// pages contradict each other). A learner whom SCIM creates takes one at once, because the simulator has no first login.
func (o *organization) lockedSeat(self *Learner, status string) error {
	takes := status != StatusDeactivated && (self == nil || self.Status == StatusDeactivated)
	if o.seats == 0 || !takes {
		return nil
	}
	used := 0
	for _, l := range o.learners {
		if l.Status != StatusDeactivated {
			used++
		}
	}
	if used >= o.seats {
		return &invalidError{detail: fmt.Sprintf("No seat is left: %d of %d seats are in use.", used, o.seats)}
	}
	return nil
}
