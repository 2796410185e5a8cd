package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"connectrpc.com/connect"

	authv1 "auth-go/gen/catalyst/auth/v1"
	"auth-go/gen/catalyst/auth/v1/authv1connect"
	commonv1 "auth-go/gen/catalyst/common/v1"
	"auth-go/gen/grpc/health/v1/healthv1connect"
)

const (
	mostBytes    = 64 << 10
	mostDraining = 5 * time.Second
)

type server struct {
	name, url string
	http      *http.Server
	listener  net.Listener
}

type servers struct {
	all []server
	end context.CancelFunc
}

// serve opens a socket for each role and the public listener. It fails before anything is served, or tells later.
func serve(ctx context.Context, settings Settings, vault *Vault, log *slog.Logger) (servers, <-chan error, error) {
	ending, end := context.WithCancel(context.Background())
	opened, failed := servers{end: end}, make(chan error, 3)
	counts, started := &counts{refused: map[string]uint64{}}, time.Now()
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return opened, failed, err
	}
	status := func() *authv1.GetStatusResponse {
		return &authv1.GetStatusResponse{
			InstanceId: hex.EncodeToString(id), Version: "example", Pid: uint32(os.Getpid()), StartedAt: timestamp(started.UnixMilli()),
			Organization: settings.Organization, Node: settings.Node, Issuer: settings.Issuer, Listeners: opened.listeners(),
		}
	}
	for _, at := range []struct {
		role role
		path string
	}{{orchestrator, settings.OrchestratorSocket}, {gateway, settings.GatewaySocket}} {
		listener, err := listenUnix(at.path)
		if err != nil {
			return opened, failed, err
		}
		service := &AuthService{role: at.role, vault: vault, counts: counts, log: log, status: status, ending: ending}
		options := []connect.HandlerOption{
			connect.WithReadMaxBytes(mostBytes), connect.WithInterceptors(defaultDeny{at.role, counts}),
		}
		mux := http.NewServeMux()
		mux.Handle(authv1connect.NewAuthServiceHandler(service, options...))
		mux.Handle(healthv1connect.NewHealthHandler(&healthService{vault: vault, ending: ending}, options...))
		opened.add("auth-"+string(at.role), "unix:"+at.path, listener, mux)
	}
	listener, err := net.Listen("tcp", settings.Listen)
	if err != nil {
		return opened, failed, unusable{err}
	}
	opened.add("jwks", "http://"+listener.Addr().String(), listener, public{vault})
	// Nothing is answered before all of it is there.
	for _, each := range opened.all {
		go func() {
			if err := each.http.Serve(each.listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("%s: %w", each.name, err)
			}
		}()
	}
	return opened, failed, nil
}

func (s *servers) add(name, url string, listener net.Listener, handler http.Handler) {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	made := &http.Server{Handler: handler, Protocols: protocols, ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	s.all = append(s.all, server{name, url, made, listener})
}

// drain lets what is asked be answered, and no more.
func (s servers) drain() error {
	s.end()
	ctx, cancel := context.WithTimeout(context.Background(), mostDraining)
	defer cancel()
	var problems error
	for _, each := range s.all {
		problems = errors.Join(problems, each.http.Shutdown(ctx))
	}
	return problems
}

func (s servers) told() []map[string]string {
	told := []map[string]string{}
	for _, each := range s.all {
		told = append(told, map[string]string{"name": each.name, "url": each.url})
	}
	return told
}

func (s servers) listeners() []*commonv1.Listener {
	told := []*commonv1.Listener{}
	for _, each := range s.all {
		told = append(told, &commonv1.Listener{Name: each.name, Url: each.url})
	}
	return told
}

// listenUnix makes a socket for its owner alone, in a folder that is private before the socket is there. One that nobody
// listens on was left behind, and is replaced.
func listenUnix(path string) (net.Listener, error) {
	if err := privateFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if connection, err := net.DialTimeout("unix", path, time.Second); err == nil {
		connection.Close()
		return nil, unusable{fmt.Errorf("%s: somebody listens there", path)}
	}
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != fs.ModeSocket {
			return nil, unusable{fmt.Errorf("%s: not a socket", path)}
		}
		if err := os.Remove(path); err != nil {
			return nil, unusable{err}
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, unusable{err}
	}
	return listener, os.Chmod(path, 0o600)
}
