// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package seats

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
	Address         string              `json:"address"`
	Mode            tfjson.ResourceMode `json:"mode"`
	Type            string              `json:"type"`
	DeposedKey      string              `json:"deposed_key"`
	Values          map[string]any      `json:"values"`
	SensitiveValues marks               `json:"sensitive_values"`
}

type stateModule struct {
	Resources    []*stateResource `json:"resources"`
	ChildModules []stateModule    `json:"child_modules"`
}

// ours reports whether a type of resources is of this provider.
func ours(resourceType string) bool { return strings.HasPrefix(resourceType, "udemy_") }

func readPlan(in io.Reader) (*plan, error) {
	input := bufio.NewReader(in)
	if start, _ := input.Peek(4); string(start) == "PK\x03\x04" { // A saved plan is a zip archive.
		return nil, &notAPlanError{errors.New("it is a saved plan file")}
	}
	p := &plan{}
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
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		switch name {
		case "format_version":
			err = decoder.Decode(&version)
		case "errored":
			err = decoder.Decode(&p.errored)
		case "complete":
			err = decoder.Decode(&p.complete)
		case "resource_changes":
			isPlan = true
			err = eachElement(decoder, func(c *resourceChange) {
				p.managed = p.managed || c.Mode == tfjson.ManagedResourceMode
				p.changes = appendOurs(p.changes, c)
			})
		case "resource_drift":
			err = eachElement(decoder, func(c *resourceChange) { p.drift = appendOurs(p.drift, c) })
		case "deferred_changes":
			err = eachElement(decoder, func(c *struct {
				ResourceChange struct{ Address string } `json:"resource_change"`
			},
			) {
				p.deferred = append(p.deferred, c.ResourceChange.Address)
			})
		case "action_invocations":
			err = decoder.Decode(&p.invocations)
		case "prior_state":
			var state struct {
				Values struct {
					RootModule stateModule `json:"root_module"`
				}
			}
			err = decoder.Decode(&state)
			p.addState(state.Values.RootModule)
		case "configuration":
			err = decoder.Decode(&p.config)
		default:
			isPlan = isPlan || name == "planned_values" // A state has no changes. Every plan has planned values.
			err = decoder.Decode(&skipped{})
		}
		if err != nil {
			return fmt.Errorf("%v: %w", name, err)
		}
	}
	if _, err := decoder.Token(); err != nil { // The end of the object.
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

// skipped is a JSON value that is not decoded.
type skipped struct{}

func (*skipped) UnmarshalJSON([]byte) error { return nil }

// eachElement decodes one element of an array at a time.
func eachElement[T any](decoder *json.Decoder, visit func(*T)) error {
	switch start, err := decoder.Token(); {
	case err != nil || start == nil:
		return err
	case start != json.Delim('['):
		return errors.New("it is not an array")
	}
	for decoder.More() {
		element := new(T)
		if err := decoder.Decode(element); err != nil {
			return err
		}
		visit(element)
	}
	_, err := decoder.Token()
	return err
}

func appendOurs(changes []*resourceChange, c *resourceChange) []*resourceChange {
	if !ours(c.Type) || c.Change == nil {
		return changes
	}
	if c.Change.Actions.NoOp() {
		c.Change.After = c.Change.Before // One copy is enough.
	}
	return append(changes, c)
}

// addState adds the resources of a module and of its child modules.
func (p *plan) addState(module stateModule) {
	for _, resource := range module.Resources {
		if resource != nil && ours(resource.Type) {
			if resource.Mode == tfjson.DataResourceMode {
				delete(resource.Values, "ids") // The lists have them, too.
			}
			p.prior = append(p.prior, resource)
		}
	}
	for _, child := range module.ChildModules {
		p.addState(child)
	}
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
