package main

import (
	"context"
	"log/slog"
	"time"
)

// keepTime lets keys, tokens and revocations come to their end.
func (v *Vault) keepTime(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := v.change(func(next *Record) error { next.pass(v.now()); return nil }); err != nil {
				log.Error("the record could not be written", "error", err)
			}
		}
	}
}

// longest is the longest life of any token, with what clocks may differ by.
func (v *Vault) longest() time.Duration {
	return max(v.settings.MaxTokenLifetime, time.Minute) + clockSkew
}
