// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"maps"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
)

// Values are the attributes of one object: string, bool, int, []string, map[string]string, Values, Unknown, or nil for null.
// Values that are read may also be []Values or map[string]int.
type Values map[string]any

// Unknown is a value that is known only after apply.
var Unknown any = unknown{}

type unknown struct{}

// Protocol is a provider in process, called over the plugin protocol like Terraform does.
type Protocol struct {
	t       *testing.T
	block   Values
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
	// defers is true if Terraform allows the provider to defer changes.
	defers bool
}

// Object is one managed resource as Terraform stores it in state.
type Object struct {
	Type     string
	Values   Values
	Identity Values

	raw     tftypes.Value
	private []byte
}

// Plan is the planned change of one resource.
type Plan struct {
	Object      *Object // the planned values; nil if the plan destroys
	Replaces    bool
	Deferred    bool
	Diagnostics Diagnostics

	prior  *Object
	config tftypes.Value
}

// Protocol configures a provider for the organization. The block adds attributes to the provider block.
func (org *Organization) Protocol(t *testing.T, block Values) *Protocol {
	t.Helper()
	values := org.block()
	maps.Copy(values, block)
	protocol, diags := Configure(t, values)
	diags.ExpectNoErrors(t)
	return protocol
}

// Configure starts a provider in process and configures it with a provider block.
func Configure(t *testing.T, block Values) (*Protocol, Diagnostics) {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	p := &Protocol{t: t, block: block, server: server, schemas: schemas}
	config := p.dynamic(p.object(schemas.Provider, block))
	validated, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if diags := Diagnostics(validated.Diagnostics); diags.hasError() {
		return p, diags
	}
	return p, p.configure()
}

// configure begins a run with a new server, like Terraform starts a new process, so nothing of the last run is cached.
func (p *Protocol) configure() Diagnostics {
	p.t.Helper()
	p.server = providerserver.NewProtocol6(provider.New("test")())()
	return p.configureServer()
}

// Alias configures the server of the last Plan again, as Terraform does for each provider block if it is attached to a running
// provider.
func (p *Protocol) Alias() {
	p.t.Helper()
	p.configureServer().ExpectNoErrors(p.t)
}

func (p *Protocol) configureServer() Diagnostics {
	p.t.Helper()
	config := p.dynamic(p.object(p.schemas.Provider, p.block))
	resp, err := p.server.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion:   "1.11.4",
		Config:             config,
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: p.defers},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// AllowDeferral returns the provider as configured with -allow-deferral and in Stacks.
func (p *Protocol) AllowDeferral() *Protocol {
	p.t.Helper()
	deferring := *p
	deferring.defers = true
	deferring.configure().ExpectNoErrors(p.t)
	return &deferring
}

// NextRun returns a new provider, as the next command starts it, so nothing of the last run is cached.
func (p *Protocol) NextRun() *Protocol {
	p.t.Helper()
	next, diags := Configure(p.t, p.block)
	diags.ExpectNoErrors(p.t)
	return next
}

// Validate validates the configuration of a resource.
func (p *Protocol) Validate(resourceType string, config Values) Diagnostics {
	p.t.Helper()
	resp, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: resourceType,
		Config:   p.dynamic(p.object(p.schema(resourceType), config)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

// Create plans and applies a new resource. The object is nil if the provider stored no state.
func (p *Protocol) Create(resourceType string, config Values) (*Object, Diagnostics) {
	p.t.Helper()
	plan := p.Plan(nil, resourceType, config)
	plan.Diagnostics.ExpectNoErrors(p.t)
	return p.Apply(plan)
}

// Update plans and applies another configuration of a resource.
func (p *Protocol) Update(prior *Object, config Values) (*Object, Diagnostics) {
	p.t.Helper()
	plan := p.Plan(prior, prior.Type, config)
	plan.Diagnostics.ExpectNoErrors(p.t)
	return p.Apply(plan)
}

// Destroy plans and applies the removal of a resource. The object is nil if it was removed from state.
func (p *Protocol) Destroy(prior *Object) (*Object, Diagnostics) {
	p.t.Helper()
	return p.Apply(p.Plan(prior, prior.Type, nil))
}

// Plan plans a configuration in a new run. A nil prior creates the resource, a nil configuration destroys it.
func (p *Protocol) Plan(prior *Object, resourceType string, config Values) *Plan {
	p.t.Helper()
	p.configure().ExpectNoErrors(p.t)
	return p.PlanToo(prior, resourceType, config)
}

// PlanToo is Plan in the run of the last Plan.
func (p *Protocol) PlanToo(prior *Object, resourceType string, config Values) *Plan {
	p.t.Helper()
	schema := p.schema(resourceType)
	null := tftypes.NewValue(schema.ValueType(), nil)
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName:           resourceType,
		PriorState:         p.dynamic(null),
		ProposedNewState:   p.dynamic(null),
		Config:             p.dynamic(null),
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: p.defers},
	}
	plan := &Plan{prior: prior, config: null}
	if prior != nil {
		req.PriorState = p.dynamic(prior.raw)
		req.PriorPrivate = prior.private
		req.PriorIdentity = p.identityData(prior)
	}
	if config != nil {
		plan.config = p.object(schema, config)
		req.Config = p.dynamic(plan.config)
		req.ProposedNewState = p.dynamic(p.object(schema, proposed(schema, prior, config)))
	}

	resp, err := p.server.PlanResourceChange(p.t.Context(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	plan.Diagnostics = resp.Diagnostics
	plan.Deferred = resp.Deferred != nil
	plan.Replaces = len(resp.RequiresReplace) > 0
	plan.Object = p.objectFrom(resourceType, resp.PlannedState, resp.PlannedPrivate, resp.PlannedIdentity)
	if plan.Object == nil {
		plan.Object = &Object{Type: resourceType, raw: null, private: resp.PlannedPrivate}
	}
	return plan
}

// proposed merges prior state and configuration like Terraform does before it calls the provider.
func proposed(schema *tfprotov6.Schema, prior *Object, config Values) Values {
	merged := Values{}
	for _, attribute := range schema.Block.Attributes {
		merged[attribute.Name] = config[attribute.Name]
		if config[attribute.Name] == nil && attribute.Computed && prior != nil {
			merged[attribute.Name] = prior.Values[attribute.Name]
		}
	}
	return merged
}

// Apply applies a plan. The object is the state that Terraform would store, also after an error.
func (p *Protocol) Apply(plan *Plan) (*Object, Diagnostics) {
	p.t.Helper()
	resourceType := plan.Object.Type
	schema := p.schema(resourceType)
	prior := tftypes.NewValue(schema.ValueType(), nil)
	if plan.prior != nil {
		prior = plan.prior.raw
	}
	resp, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        resourceType,
		PriorState:      p.dynamic(prior),
		PlannedState:    p.dynamic(plan.Object.raw),
		Config:          p.dynamic(plan.config),
		PlannedPrivate:  plan.Object.private,
		PlannedIdentity: p.identityData(plan.Object),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return p.objectFrom(resourceType, resp.NewState, resp.Private, resp.NewIdentity), resp.Diagnostics
}

// Read refreshes a resource. The object is nil if the provider removed it from state.
func (p *Protocol) Read(object *Object) (*Object, Diagnostics) {
	p.t.Helper()
	resp, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName:        object.Type,
		CurrentState:    p.dynamic(object.raw),
		Private:         object.private,
		CurrentIdentity: p.identityData(object),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return p.objectFrom(object.Type, resp.NewState, resp.Private, resp.NewIdentity), resp.Diagnostics
}

// Import imports by ID and refreshes, like Terraform does.
func (p *Protocol) Import(resourceType, id string) (*Object, Diagnostics) {
	p.t.Helper()
	return p.importResource(&tfprotov6.ImportResourceStateRequest{TypeName: resourceType, ID: id})
}

// ImportByIdentity imports by resource identity and refreshes.
func (p *Protocol) ImportByIdentity(resourceType string, identity Values) (*Object, Diagnostics) {
	p.t.Helper()
	return p.importResource(&tfprotov6.ImportResourceStateRequest{
		TypeName: resourceType,
		Identity: p.identityData(&Object{Type: resourceType, Identity: identity}),
	})
}

func (p *Protocol) importResource(req *tfprotov6.ImportResourceStateRequest) (*Object, Diagnostics) {
	p.t.Helper()
	resp, err := p.server.ImportResourceState(p.t.Context(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	if len(resp.ImportedResources) == 0 {
		return nil, resp.Diagnostics
	}
	imported := resp.ImportedResources[0]
	object, diags := p.Read(p.objectFrom(imported.TypeName, imported.State, imported.Private, imported.Identity))
	return object, append(resp.Diagnostics, diags...)
}

// ReadData reads a data source.
func (p *Protocol) ReadData(dataType string, config Values) (Values, Diagnostics) {
	p.t.Helper()
	schema := p.schemas.DataSourceSchemas[dataType]
	value := p.dynamic(p.object(schema, config))
	validated, err := p.server.ValidateDataResourceConfig(p.t.Context(),
		&tfprotov6.ValidateDataResourceConfigRequest{TypeName: dataType, Config: value})
	if err != nil {
		p.t.Fatal(err)
	}
	if diags := Diagnostics(validated.Diagnostics); diags.hasError() {
		return nil, diags
	}
	resp, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: dataType, Config: value})
	if err != nil {
		p.t.Fatal(err)
	}
	raw, err := resp.State.Unmarshal(schema.ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	return p.values(raw), resp.Diagnostics
}

// State returns an object with these values, as if it had been read from a state file. Its identity is its ID.
func (p *Protocol) State(resourceType string, values Values) *Object {
	p.t.Helper()
	raw := p.object(p.schema(resourceType), values)
	return &Object{Type: resourceType, Values: p.values(raw), Identity: Values{"id": values["id"]}, raw: raw}
}

// Changes returns the names of the changed attributes of a plan, sorted.
func (plan *Plan) Changes() []string {
	var names []string
	for name, planned := range plan.Object.Values {
		if !reflect.DeepEqual(planned, plan.prior.Values[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ExpectCleanPlan refreshes an object and plans a configuration in the next run. The plan must be empty.
func (p *Protocol) ExpectCleanPlan(object *Object, config Values) {
	p.t.Helper()
	next := p.NextRun()
	refreshed, diags := next.Read(object)
	diags.ExpectNone(p.t)
	refreshed.Expect(p.t, object.Values)
	plan := next.Plan(refreshed, object.Type, config)
	plan.Diagnostics.ExpectNone(p.t)
	plan.Object.Expect(p.t, refreshed.Values)
}

// Expect compares the attributes in want.
func (object *Object) Expect(t *testing.T, want Values) {
	t.Helper()
	if object == nil {
		t.Fatal("the object is not in state")
	}
	for name, value := range want {
		if !reflect.DeepEqual(object.Values[name], value) {
			t.Errorf("%s is %#v, want %#v", name, object.Values[name], value)
		}
	}
}

// ExpectGone fails the test if the object is still in state.
func (object *Object) ExpectGone(t *testing.T) {
	t.Helper()
	if object != nil {
		t.Errorf("state still contains %v", object.Values)
	}
}

// Attributes returns the configurable attributes of a resource.
func (p *Protocol) Attributes(resourceType string) []*tfprotov6.SchemaAttribute {
	return slices.DeleteFunc(slices.Clone(p.schema(resourceType).Block.Attributes), func(a *tfprotov6.SchemaAttribute) bool {
		return !a.Required && !a.Optional
	})
}

func (p *Protocol) schema(resourceType string) *tfprotov6.Schema {
	p.t.Helper()
	schema, ok := p.schemas.ResourceSchemas[resourceType]
	if !ok {
		p.t.Fatalf("the provider has no resource %s", resourceType)
	}
	return schema
}

// object builds a value of a schema's type; attributes without a value are null.
func (p *Protocol) object(schema *tfprotov6.Schema, values Values) tftypes.Value {
	p.t.Helper()
	attributes := map[string]tftypes.Value{}
	for _, attribute := range schema.Block.Attributes {
		attributes[attribute.Name] = value(attribute.ValueType(), values[attribute.Name])
	}
	for name := range values {
		if _, ok := attributes[name]; !ok {
			p.t.Fatalf("the schema has no attribute %s", name)
		}
	}
	return tftypes.NewValue(schema.ValueType(), attributes)
}

func value(attributeType tftypes.Type, plain any) tftypes.Value {
	switch plain := plain.(type) {
	case unknown:
		return tftypes.NewValue(attributeType, tftypes.UnknownValue)
	case []string:
		elements := []tftypes.Value{}
		for _, element := range plain {
			elements = append(elements, tftypes.NewValue(tftypes.String, element))
		}
		return tftypes.NewValue(attributeType, elements)
	case map[string]string:
		elements := map[string]tftypes.Value{}
		for key, element := range plain {
			elements[key] = tftypes.NewValue(tftypes.String, element)
		}
		return tftypes.NewValue(attributeType, elements)
	case Values:
		object, _ := attributeType.(tftypes.Object) // NewValue panics on any other type.
		attributes := map[string]tftypes.Value{}
		for name, attribute := range object.AttributeTypes {
			attributes[name] = value(attribute, plain[name])
		}
		return tftypes.NewValue(attributeType, attributes)
	default:
		return tftypes.NewValue(attributeType, plain)
	}
}

// values converts an object to plain Go values. Sets are sorted.
func (p *Protocol) values(raw tftypes.Value) Values {
	p.t.Helper()
	attributes := map[string]tftypes.Value{}
	if raw.IsNull() {
		return nil
	}
	if err := raw.As(&attributes); err != nil {
		p.t.Fatal(err)
	}
	values := Values{}
	for name, attribute := range attributes {
		values[name] = p.plain(attribute)
	}
	return values
}

func (p *Protocol) plain(attribute tftypes.Value) any {
	p.t.Helper()
	switch {
	case attribute.IsNull():
		return nil
	case !attribute.IsKnown():
		return Unknown
	case attribute.Type().Is(tftypes.String):
		return as[string](p.t, attribute)
	case attribute.Type().Is(tftypes.Bool):
		return as[bool](p.t, attribute)
	case attribute.Type().Is(tftypes.Number):
		number, _ := as[*big.Float](p.t, attribute).Int64()
		return int(number)
	case attribute.Type().Is(tftypes.Set{}):
		set := list[string](p, attribute)
		slices.Sort(set)
		return set
	case attribute.Type().Equal(tftypes.List{ElementType: tftypes.String}):
		return list[string](p, attribute)
	case attribute.Type().Is(tftypes.List{}):
		return list[Values](p, attribute)
	case attribute.Type().Is(tftypes.Object{}):
		return p.values(attribute)
	case attribute.Type().Equal(tftypes.Map{ElementType: tftypes.Number}):
		return mapping[int](p, attribute)
	case attribute.Type().Is(tftypes.Map{}):
		return mapping[string](p, attribute)
	default:
		p.t.Fatalf("values of type %s are not supported", attribute.Type())
		return nil
	}
}

func list[T any](p *Protocol, attribute tftypes.Value) []T {
	p.t.Helper()
	plain := []T{}
	for _, element := range as[[]tftypes.Value](p.t, attribute) {
		plain = append(plain, p.plain(element).(T)) //nolint:forcetypeassert // The schema guarantees the type.
	}
	return plain
}

func mapping[T any](p *Protocol, attribute tftypes.Value) map[string]T {
	p.t.Helper()
	plain := map[string]T{}
	for key, element := range as[map[string]tftypes.Value](p.t, attribute) {
		plain[key] = p.plain(element).(T) //nolint:forcetypeassert // The schema guarantees the type.
	}
	return plain
}

func as[T any](t *testing.T, value tftypes.Value) T {
	t.Helper()
	var plain T
	if err := value.As(&plain); err != nil {
		t.Fatal(err)
	}
	return plain
}

func (p *Protocol) dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		p.t.Fatal(err)
	}
	return &dynamic
}

func (p *Protocol) objectFrom(resourceType string, state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) *Object {
	p.t.Helper()
	if state == nil {
		return nil
	}
	raw, err := state.Unmarshal(p.schema(resourceType).ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	if raw.IsNull() {
		return nil
	}
	object := &Object{Type: resourceType, Values: p.values(raw), raw: raw, private: private}
	if identity != nil && identity.IdentityData != nil {
		object.Identity = p.identity(resourceType, identity)
	}
	return object
}

func (p *Protocol) identity(resourceType string, identity *tfprotov6.ResourceIdentityData) Values {
	p.t.Helper()
	raw, err := identity.IdentityData.Unmarshal(p.identityType(resourceType))
	if err != nil {
		p.t.Fatal(err)
	}
	return p.values(raw)
}

func (p *Protocol) identityType(resourceType string) tftypes.Type {
	p.t.Helper()
	resp, err := p.server.GetResourceIdentitySchemas(p.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.IdentitySchemas[resourceType].ValueType()
}

// identityData returns nil for an object without identity: state written by an older CLI has none.
func (p *Protocol) identityData(object *Object) *tfprotov6.ResourceIdentityData {
	p.t.Helper()
	if object.Identity == nil {
		return nil
	}
	identityType, ok := p.identityType(object.Type).(tftypes.Object)
	if !ok {
		p.t.Fatalf("the identity of %s is not an object", object.Type)
	}
	attributes := map[string]tftypes.Value{}
	for name, attributeType := range identityType.AttributeTypes {
		attributes[name] = value(attributeType, object.Identity[name])
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(tftypes.NewValue(identityType, attributes))}
}
