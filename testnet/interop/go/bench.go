package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

// bench makes each measurement of a peer, given by its address, and prints one JSON object a line:
//
//	throughput=STREAMS:UP:DOWN  perf on one connection; bytes of all streams together
//	pings=COUNT                 round trips over one stream
//	dials=COUNT                 a new connection and a first ping each, one after another
//	handshakes=MILLIS:HOSTS     how many connections so many hosts make, each one after another
//	idle=COUNT                  so many connections of as many hosts, until stdin ends
func bench(o options, arguments []string) error {
	if len(arguments) == 0 {
		return fmt.Errorf("bench: an address is missing")
	}
	target, err := peer.AddrInfoFromString(arguments[0])
	if err != nil {
		return err
	}
	ctx := context.Background()
	for _, measurement := range arguments[1:] {
		name, value, _ := strings.Cut(measurement, "=")
		result, err := measure(ctx, o, *target, name, value)
		if err != nil {
			return fmt.Errorf("%s: %w", measurement, err)
		}
		result["measurement"] = measurement
		say(result)
	}
	return nil
}

func measure(ctx context.Context, o options, target peer.AddrInfo, name, value string) (fields, error) {
	var first, second, third uint64
	fmt.Sscanf(value, "%d:%d:%d", &first, &second, &third)
	switch name {
	case "handshakes":
		return handshakes(ctx, o, target, time.Duration(first)*time.Millisecond, int(second))
	case "idle":
		return idle(ctx, o, target, int(first))
	}
	h, err := dialler(o)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	switch name {
	case "throughput":
		return throughput(ctx, h, target, first, second, third)
	case "pings":
		return pingTimes(ctx, h, target, int(first))
	case "dials":
		return dials(ctx, h, target, int(first))
	default:
		return nil, fmt.Errorf("no such measurement")
	}
}

// dialler is a host that listens nowhere.
func dialler(o options) (host.Host, error) {
	return newHost(o, libp2p.NoListenAddrs)
}

func throughput(ctx context.Context, h host.Host, target peer.AddrInfo, streams, up, down uint64) (fields, error) {
	if err := h.Connect(ctx, target); err != nil {
		return nil, err
	}
	connection := h.Network().ConnsToPeer(target.ID)[0]
	start := time.Now()
	failed := make(chan error, streams)
	for range streams {
		go func() { failed <- perf(ctx, connection, h, up/streams, down/streams) }()
	}
	for range streams {
		if err := <-failed; err != nil {
			return nil, err
		}
	}
	return fields{"seconds": time.Since(start).Seconds()}, nil
}

func pingTimes(ctx context.Context, h host.Host, target peer.AddrInfo, count int) (fields, error) {
	if err := h.Connect(ctx, target); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := ping.Ping(ctx, h, target.ID)
	micros := make([]float64, 0, count)
	for range count {
		result := <-results
		if result.Error != nil {
			return nil, result.Error
		}
		micros = append(micros, float64(result.RTT.Nanoseconds())/1e3)
	}
	return fields{"micros": micros}, nil
}

func dials(ctx context.Context, h host.Host, target peer.AddrInfo, count int) (fields, error) {
	micros := make([]float64, 0, count)
	for range count {
		start := time.Now()
		if err := h.Connect(ctx, target); err != nil {
			return nil, err
		}
		pinging, cancel := context.WithCancel(ctx)
		result := <-ping.Ping(pinging, h, target.ID)
		micros = append(micros, float64(time.Since(start).Nanoseconds())/1e3)
		cancel()
		if result.Error != nil {
			return nil, result.Error
		}
		if err := h.Network().ClosePeer(target.ID); err != nil {
			return nil, err
		}
	}
	return fields{"micros": micros}, nil
}

func handshakes(ctx context.Context, o options, target peer.AddrInfo, length time.Duration, hosts int) (fields, error) {
	diallers := make([]host.Host, hosts)
	for i := range diallers {
		h, err := dialler(o)
		if err != nil {
			return nil, err
		}
		defer h.Close()
		h.Peerstore().AddAddrs(target.ID, target.Addrs, peerstore.PermanentAddrTTL)
		diallers[i] = h
	}
	var count atomic.Int64
	var all sync.WaitGroup
	failed := make(chan error, hosts)
	start := time.Now()
	for _, h := range diallers {
		all.Go(func() {
			for time.Since(start) < length {
				connection, err := h.Network().DialPeer(ctx, target.ID)
				if err == nil {
					count.Add(1)
					err = connection.Close()
				}
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	seconds := time.Since(start).Seconds()
	select {
	case err := <-failed:
		return nil, err
	default:
		return fields{"count": count.Load(), "seconds": seconds}, nil
	}
}

func idle(ctx context.Context, o options, target peer.AddrInfo, count int) (fields, error) {
	connections := make([]network.Conn, 0, count)
	for range count {
		h, err := dialler(o)
		if err != nil {
			return nil, err
		}
		defer h.Close()
		h.Peerstore().AddAddrs(target.ID, target.Addrs, peerstore.PermanentAddrTTL)
		connection, err := h.Network().DialPeer(ctx, target.ID)
		if err != nil {
			return nil, err
		}
		connections = append(connections, connection)
	}
	say(fields{"idle": len(connections)})
	stdin(func(string) {})
	open := 0
	for _, connection := range connections {
		if !connection.IsClosed() {
			open++
		}
	}
	return fields{"open": open}, nil
}
