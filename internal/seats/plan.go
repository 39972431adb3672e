// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

type notAPlanError struct {
	reason error
}

func (e *notAPlanError) Error() string {
	return "standard input is not the JSON of a plan: " + e.reason.Error() + ". Save the plan and print its JSON:\n\n" +
		"  terraform plan -out=udemy.tfplan\n  terraform show -json udemy.tfplan | terraform-provider-udemy seats\n\n" +
		"With OpenTofu, run tofu instead of terraform."
}

func (e *notAPlanError) Unwrap() error { return e.reason }

// plan holds the parts of a plan that the report uses. The rest is skipped while the plan is read: the plan of a large organization has
// tens of megabytes.
type plan struct {
	errored  bool
	complete *bool
	deferred []string
	changes  []*resourceChange // of the provider's resources and data sources
	drift    []*resourceChange
	// managed is set if the plan has a change or a no-op of any managed resource.
	managed     bool
	invocations []*tfjson.ActionInvocation
	prior       []*stateResource
	config      configuration
	rosters     map[[sha256.Size]byte]lines // by the checksum of their texts: a plan contains the same ones several times
}

// resourceChange is a member of resource_changes or resource_drift.
type resourceChange struct {
	Address       string              `json:"address"`
	ModuleAddress string              `json:"module_address"`
	Mode          tfjson.ResourceMode `json:"mode"`
	Type          string              `json:"type"`
	Name          string              `json:"name"`
	DeposedKey    string              `json:"deposed"`
	Change        *change             `json:"change"`
}

// change has the objects before and after a change with their marks; see object.
type change struct {
	Actions         tfjson.Actions    `json:"actions"`
	Before          map[string]any    `json:"before"`
	After           map[string]any    `json:"after"`
	AfterUnknown    marks             `json:"after_unknown"`
	BeforeSensitive marks             `json:"before_sensitive"`
	AfterSensitive  marks             `json:"after_sensitive"`
	Importing       *tfjson.Importing `json:"importing"`
}

// setsUnknown reports whether values of other resources can be unknown because of this one. What is unknown of a learner or group is not:
// its role is configured, or Udemy's default.
func (c *resourceChange) setsUnknown() bool {
	return c.Change != nil && c.Change.AfterUnknown.value != nil && (c.Mode == tfjson.DataResourceMode || !ours(c.Type))
}

// marks are true for a whole object, or map attributes to marks. They are nil if nothing is marked, as in most objects.
type marks struct{ value any }

func (m *marks) UnmarshalJSON(content []byte) error {
	if !bytes.Contains(content, []byte("true")) {
		return nil
	}
	return json.Unmarshal(content, &m.value)
}

// stateResource is a resource or data source of the state before the plan.
type stateResource struct {
	Address         string
	Mode            tfjson.ResourceMode
	Type            string
	DeposedKey      string
	Values          map[string]any
	SensitiveValues marks
	Users           []*user // of a udemy_users
}

// ours reports whether a type of resources is of this provider.
func ours(resourceType string) bool { return strings.HasPrefix(resourceType, "udemy_") }

func readPlan(in io.Reader) (*plan, error) {
	input := bufio.NewReader(in)
	if start, _ := input.Peek(4); string(start) == "PK\x03\x04" { // A saved plan is a zip archive.
		return nil, &notAPlanError{errors.New("it is a saved plan file")}
	}
	p := &plan{rosters: map[[sha256.Size]byte]lines{}}
	decoder := json.NewDecoder(input)
	err := p.read(decoder)
	if err == nil {
		if _, err = decoder.Token(); err == nil {
			err = errors.New("it has more than one JSON value")
		} else if errors.Is(err, io.EOF) {
			return p, nil
		}
	}
	return nil, &notAPlanError{err}
}

// read reads the members of a plan.
func (p *plan) read(decoder *json.Decoder) error {
	switch start, err := decoder.Token(); {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case err != nil:
		return err
	case start != json.Delim('{'):
		return errors.New("it is not a JSON object")
	}
	var version string
	isPlan := false
	err := visitRest(decoder, func(name string) error {
		switch name {
		case "format_version":
			return decoder.Decode(&version)
		case "errored":
			return decoder.Decode(&p.errored)
		case "complete":
			return decoder.Decode(&p.complete)
		case "planned_values":
			isPlan = true // A state has no changes. Every plan has planned values.
			return visitModules(decoder, func() error { return skip(decoder) })
		case "resource_changes":
			isPlan = true
			return decodeEach(decoder, func(c *resourceChange) {
				p.managed = p.managed || c.Mode == tfjson.ManagedResourceMode
				p.config.hasUnknown = p.config.hasUnknown || c.setsUnknown()
				p.changes = p.appendOurs(p.changes, c)
			})
		case "resource_drift":
			return decodeEach(decoder, func(c *resourceChange) { p.drift = p.appendOurs(p.drift, c) })
		case "deferred_changes":
			return decodeEach(decoder, func(c *struct {
				ResourceChange struct{ Address string } `json:"resource_change"`
			},
			) {
				p.deferred = append(p.deferred, c.ResourceChange.Address)
				p.config.hasUnknown = true
			})
		case "action_invocations":
			return decoder.Decode(&p.invocations)
		case "prior_state":
			return visitMembers(decoder, func(name string) error {
				if name != "values" {
					return skip(decoder)
				}
				return visitModules(decoder, func() error { return p.readResource(decoder) })
			})
		case "configuration":
			return decoder.Decode(&p.config)
		default:
			return skip(decoder)
		}
	})
	if err != nil {
		return err
	}
	if err := (&tfjson.Plan{FormatVersion: version}).Validate(); err != nil {
		return err
	}
	if !isPlan {
		return errors.New("it is the JSON of a state")
	}
	return nil
}

// visitModules visits the resources of all modules in the values of a state or a plan.
func visitModules(decoder *json.Decoder, visit func() error) error {
	return visitMembers(decoder, func(name string) error {
		if name != "root_module" {
			return skip(decoder)
		}
		return visitResources(decoder, visit)
	})
}

// visitResources visits the resources of a module and of its child modules. A visit reads the resource.
func visitResources(decoder *json.Decoder, visit func() error) error {
	return visitMembers(decoder, func(name string) error {
		switch name {
		case "resources":
			return visitElements(decoder, visit)
		case "child_modules":
			return visitElements(decoder, func() error { return visitResources(decoder, visit) })
		default:
			return skip(decoder)
		}
	})
}

// readResource reads a resource of the state. The members before its values name the type.
func (p *plan) readResource(decoder *json.Decoder) error {
	r := &stateResource{}
	err := visitMembers(decoder, func(name string) error {
		switch name {
		case "address":
			return decoder.Decode(&r.Address)
		case "mode":
			return decoder.Decode(&r.Mode)
		case "type":
			return decoder.Decode(&r.Type)
		case "deposed_key":
			return decoder.Decode(&r.DeposedKey)
		case "values":
			if r.Mode == tfjson.DataResourceMode {
				return r.readData(decoder)
			}
			return decoder.Decode(&r.Values)
		case "sensitive_values":
			return decoder.Decode(&r.SensitiveValues)
		default:
			return skip(decoder)
		}
	})
	if err == nil && ours(r.Type) {
		p.readLines(r.Values)
		p.prior = append(p.prior, r)
	}
	return err
}

// readData reads the attributes of a data source. It can have all learners of an organization, so it is read one learner at a time.
func (r *stateResource) readData(decoder *json.Decoder) error {
	r.Values = map[string]any{}
	return visitMembers(decoder, func(name string) error {
		switch {
		case name == "ids": // The lists have them, too.
			return skip(decoder)
		case name == "users" && r.Type == "udemy_users":
			return decodeEach(decoder, func(u *user) {
				u.share()
				r.Users = append(r.Users, u)
			})
		default:
			var value any
			err := decoder.Decode(&value)
			r.Values[name] = value
			return err
		}
	})
}

func (p *plan) appendOurs(changes []*resourceChange, c *resourceChange) []*resourceChange {
	if !ours(c.Type) || c.Change == nil {
		return changes
	}
	if c.Change.Actions.NoOp() {
		c.Change.After = c.Change.Before // One copy is enough.
	}
	p.readLines(c.Change.Before)
	p.readLines(c.Change.After)
	return append(changes, c)
}

// isRefreshOnly reports whether the plan changes only the state. The JSON does not contain the mode of a plan: any other plan has at
// least a no-op for each managed resource.
func (p *plan) isRefreshOnly() bool {
	isManaged := func() bool {
		for _, resource := range p.prior {
			if resource.Mode == tfjson.ManagedResourceMode {
				return true
			}
		}
		return false
	}
	return !p.errored && !p.managed && isManaged()
}
