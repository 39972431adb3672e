// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package logging provides one logger for each layer of the provider, with a log level of its own.
//
// INFO entries report the progress of long work. DEBUG entries describe events. They may contain IDs, but no e-mail addresses and no
// names. Entries that may contain personal data, such as error texts and response bodies, use TRACE. No entry contains a credential.
package logging

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Layer is a part of the provider. Each layer is a subsystem of tflog.
type Layer string

// The layers. TF_LOG_PROVIDER_UDEMY_TRANSPORT sets the level of Transport; the other variables are named likewise.
const (
	Transport Layer = "transport"
	Reader    Layer = "reader"
	User      Layer = "user"
	Group     Layer = "group"
	Roster    Layer = "roster"
)

// Debug logs an event. The fields must not contain personal data.
func (l Layer) Debug(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemDebug(l.context(ctx), string(l), message, fields)
}

// Info logs the progress of long work. The fields must not contain personal data.
func (l Layer) Info(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemInfo(l.context(ctx), string(l), message, fields)
}

// Trace logs an event with fields that may contain personal data.
func (l Layer) Trace(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemTrace(l.context(ctx), string(l), message, fields)
}

func (l Layer) context(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, string(l), tflog.WithLevelFromEnv("TF_LOG_PROVIDER_UDEMY", string(l)),
		tflog.WithRootFields(), tflog.WithAdditionalLocationOffset(1))
}
