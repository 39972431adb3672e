// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package user_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"

	"github.com/udemy-iac/terraform-provider-udemy/internal/provider"
	"github.com/udemy-iac/terraform-provider-udemy/internal/testing/simulator"
)

// BenchmarkUsers reads the udemy_users data source after all learners are in memory, so it measures the time that the
// framework takes for the state. The context has a logger, as in a served provider.
func BenchmarkUsers(b *testing.B) {
	for _, learners := range []int{1_000, 3_000, 10_000, 30_000} {
		b.Run(fmt.Sprint(learners), func(b *testing.B) {
			organization := httptest.NewServer(simulator.New(simulator.Config{Learners: learners}))
			defer organization.Close()
			ctx := tfsdklog.ContextWithTestLogging(b.Context(), b.Name())
			server := providerserver.NewProtocol6(provider.New("test")())()
			schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				b.Fatal(err)
			}
			config := func(schema *tfprotov6.Schema, values map[string]string) *tfprotov6.DynamicValue {
				attributes := map[string]tftypes.Value{}
				for _, attribute := range schema.Block.Attributes {
					attributes[attribute.Name] = tftypes.NewValue(attribute.ValueType(), nil)
				}
				for name, value := range values {
					attributes[name] = tftypes.NewValue(tftypes.String, value)
				}
				config, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), attributes))
				if err != nil {
					b.Fatal(err)
				}
				return &config
			}
			_, err = server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config(schemas.Provider, map[string]string{
				"token": simulator.DefaultToken, "organization_uuid": simulator.DefaultOrganization, "endpoint": organization.URL + "/api-2.0",
			})})
			if err != nil {
				b.Fatal(err)
			}
			req := &tfprotov6.ReadDataSourceRequest{TypeName: udemyUsers, Config: config(schemas.DataSourceSchemas[udemyUsers], nil)}
			read := func() {
				resp, err := server.ReadDataSource(ctx, req)
				if err != nil || len(resp.Diagnostics) > 0 {
					b.Fatal(err, resp.Diagnostics)
				}
			}
			read()
			b.ReportAllocs()
			for b.Loop() {
				read()
			}
		})
	}
}
