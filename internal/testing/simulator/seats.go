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

// lockedSeat checks that a seat is left for a learner who takes one by the change to a status. Assumptions: an invitation takes a
// seat (Udemy's pages contradict each other), and creating and reactivating without a seat is refused with status 400 and this text.
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
