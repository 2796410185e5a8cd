// An auth sidecar for a Catalyst node, made from the .proto files alone: see README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// Settings are what the flags say.
type Settings struct {
	Organization, Node, Issuer string
	StateDir                   string
	OrchestratorSocket         string
	GatewaySocket              string
	Listen                     string
	// How long a key is published before it signs.
	PublishAhead time.Duration
	// The longest life that a service token may be asked for.
	MaxTokenLifetime time.Duration
}

// Exit codes, the same as of the node's own processes.
const (
	exitFailure       = 1
	exitUsage         = 2
	exitConfiguration = 3
)

func main() {
	settings, err := readFlags(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitUsage)
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil)).With("organization", settings.Organization, "node", settings.Node)
	if err := run(settings, log, os.Stdout); err != nil {
		log.Error("ended", "error", err)
		if errors.As(err, new(unusable)) {
			os.Exit(exitConfiguration)
		}
		os.Exit(exitFailure)
	}
}

// unusable is what no restart mends: keys, folders or names that cannot be used.
type unusable struct{ error }

func readFlags(args []string) (Settings, error) {
	var s Settings
	flags := flag.NewFlagSet("auth-go", flag.ContinueOnError)
	flags.StringVar(&s.Organization, "organization", "", "whose tokens these are; a DNS label")
	flags.StringVar(&s.Node, "node", "", "the node that signs; a DNS label")
	flags.StringVar(&s.Issuer, "issuer", "", "iss of every token (default urn:catalyst:ORGANIZATION)")
	flags.StringVar(&s.StateDir, "state-dir", "auth-state", "keys, issued tokens and revocations; made 0700")
	flags.StringVar(&s.OrchestratorSocket, "orchestrator-socket", "", "may do everything (default STATE-DIR/auth-orchestrator.sock)")
	flags.StringVar(&s.GatewaySocket, "gateway-socket", "", "signs tokens of a minute (default STATE-DIR/auth-gateway.sock)")
	flags.StringVar(&s.Listen, "listen", "127.0.0.1:4300", "where /.well-known/jwks.json is")
	flags.DurationVar(&s.PublishAhead, "publish-ahead", 25*time.Minute, "how long a key is published before it signs")
	flags.DurationVar(&s.MaxTokenLifetime, "max-token-lifetime", time.Hour, "the longest life of a service token")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected: %s", flags.Arg(0))
	}
	if !isLabel(s.Organization) || !isLabel(s.Node) {
		return s, errors.New("-organization and -node are DNS labels, and needed")
	}
	if s.Issuer == "" {
		s.Issuer = "urn:catalyst:" + s.Organization
	}
	if s.OrchestratorSocket == "" {
		s.OrchestratorSocket = filepath.Join(s.StateDir, "auth-orchestrator.sock")
	}
	if s.GatewaySocket == "" {
		s.GatewaySocket = filepath.Join(s.StateDir, "auth-gateway.sock")
	}
	return s, nil
}

func run(settings Settings, log *slog.Logger, stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	// Whatever is made here is its owner's alone.
	syscall.Umask(0o077)
	vault, err := openVault(settings, time.Now)
	if err != nil {
		return err
	}
	defer vault.Close()
	go vault.keepTime(ctx, log)
	listeners, failed, err := serve(ctx, settings, vault, log)
	if err != nil {
		return err
	}
	if err := printReady(stdout, listeners); err != nil {
		return err
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		// A second signal ends it at once.
		stop()
	}
	return errors.Join(err, listeners.drain())
}

func printReady(stdout io.Writer, listeners servers) error {
	type document map[string]any
	return json.NewEncoder(stdout).Encode(document{
		"apiVersion": "catalyst/v1",
		"kind":       "Ready",
		"items":      []document{{"process": "auth", "pid": os.Getpid(), "listeners": listeners.told()}},
	})
}
