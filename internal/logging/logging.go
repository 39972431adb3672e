// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package logging gives each layer of the provider a log level of its own, below the one that TF_LOG sets.
//
// DEBUG is for what happens; it may hold ids, but no e-mail address and no name. What holds those, such as the text of an
// error and the body of an answer, is for TRACE. A credential is for neither.
package logging

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Layer is a part of the provider, as a subsystem of tflog.
type Layer string

// The layers. Their levels are set by TF_LOG_PROVIDER_UDEMY_TRANSPORT and so on.
const (
	Transport Layer = "transport"
	Reader    Layer = "reader"
	User      Layer = "user"
	Group     Layer = "group"
)

// Debug logs what happens, without personal data.
func (l Layer) Debug(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemDebug(l.context(ctx), string(l), message, fields)
}

// Trace logs what may be personal.
func (l Layer) Trace(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemTrace(l.context(ctx), string(l), message, fields)
}

func (l Layer) context(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, string(l), tflog.WithLevelFromEnv("TF_LOG_PROVIDER_UDEMY", string(l)),
		tflog.WithRootFields(), tflog.WithAdditionalLocationOffset(1))
}
