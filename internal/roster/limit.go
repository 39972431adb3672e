// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"strconv"
	"strings"
)

// neverTooMany is the number of removals below which a limit never applies: a percentage of a small roster is less than one person.
const neverTooMany = 10

// limit is the value of max_removals: a number of people, or a percentage of the learners in state.
type limit struct {
	number    int
	isPercent bool
}

func parseLimit(text string) (limit, error) {
	digits, isPercent := strings.CutSuffix(text, "%")
	number, err := strconv.Atoi(digits)
	if err != nil || number < 0 || isPercent && number > 100 || digits != strconv.Itoa(number) {
		return limit{}, fmt.Errorf("%q is neither a percentage from 0%% to 100%%, such as 20%%, nor a number of people, such as 25", text)
	}
	return limit{number, isPercent}, nil
}

// of returns how many of a number of learners may be removed.
func (l limit) of(learners int) int {
	allowed := l.number
	if l.isPercent {
		allowed = learners * l.number / 100
	}
	return max(allowed, neverTooMany-1)
}
