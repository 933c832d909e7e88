package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ipfs/go-cid"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	"github.com/multiformats/go-multihash"
)

const (
	patience   = 45 * time.Second
	pings      = 3
	kadRetries = 100 * time.Millisecond
)

// dialling is a connection that is checked.
type dialling struct {
	host       host.Host
	connection network.Conn
	remote     peer.ID
	dht        *dht.IpfsDHT
	topic      string
	identified event.Subscription
}

// dial connects to an address that ends in /p2p/PEER, and makes each check over that connection:
//
//	identify, ping, echo=BYTES, perf=UP:DOWN, gossip=COUNT,
//	find-peer=PEER, find-providers=HEX, provide=HEX, put=KEY=VALUE, get=KEY
//
// HEX is a multihash. It prints one JSON object a line: of the connection, then of every check.
func dial(o options, arguments []string) error {
	if len(arguments) == 0 {
		return fmt.Errorf("dial: an address is missing")
	}
	target, err := peer.AddrInfoFromString(arguments[0])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	d := dialling{remote: target.ID, topic: o.topic}
	if d.host, err = newHost(o); err != nil {
		return err
	}
	defer d.host.Close()
	if d.identified, err = d.host.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted)); err != nil {
		return err
	}
	if o.kad != "" {
		if d.dht, err = newDHT(d.host, o.kad, dht.ModeClient); err != nil {
			return err
		}
		defer d.dht.Close()
	}
	if err := d.host.Connect(ctx, *target); err != nil {
		return err
	}
	d.connection = d.host.Network().ConnsToPeer(target.ID)[0]
	state := d.connection.ConnState()
	say(fields{
		"check":      "connect",
		"localPeer":  d.host.ID().String(),
		"remotePeer": d.connection.RemotePeer().String(),
		"transport":  state.Transport,
		"security":   string(state.Security),
		"muxer":      string(state.StreamMultiplexer),
		"earlyMuxer": state.UsedEarlyMuxerNegotiation,
	})
	for _, check := range arguments[1:] {
		name, value, _ := strings.Cut(check, "=")
		result, err := d.check(ctx, name, value)
		if err != nil {
			return fmt.Errorf("%s: %w", check, err)
		}
		result["check"] = name
		say(result)
	}
	return nil
}

func (d *dialling) check(ctx context.Context, name, value string) (fields, error) {
	switch name {
	case "identify":
		return d.identify(ctx)
	case "ping":
		return d.ping(ctx)
	case "echo":
		bytes, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, err
		}
		equal, err := echo(ctx, d.host, d.remote, bytes)
		return fields{"bytes": bytes, "equal": equal}, err
	case "perf":
		var up, down uint64
		if _, err := fmt.Sscanf(value, "%d:%d", &up, &down); err != nil {
			return nil, err
		}
		start := time.Now()
		err := perf(ctx, d.connection, d.host, up, down)
		return fields{"up": up, "down": down, "seconds": time.Since(start).Seconds()}, err
	case "gossip":
		count, err := strconv.Atoi(value)
		if err != nil {
			return nil, err
		}
		return d.gossip(ctx, count)
	default:
		return d.kad(ctx, name, value)
	}
}

func (d *dialling) identify(ctx context.Context) (fields, error) {
	for {
		select {
		case e := <-d.identified.Out():
			about := e.(event.EvtPeerIdentificationCompleted)
			if about.Peer != d.remote {
				continue
			}
			return fields{
				"agentVersion":     about.AgentVersion,
				"protocols":        about.Protocols,
				"listenAddresses":  about.ListenAddrs,
				"observedAddress":  about.ObservedAddr,
				"signedPeerRecord": about.SignedPeerRecord != nil,
			}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *dialling) ping(ctx context.Context) (fields, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := ping.Ping(ctx, d.host, d.remote)
	micros := make([]float64, 0, pings)
	for range pings {
		result := <-results
		if result.Error != nil {
			return nil, result.Error
		}
		micros = append(micros, float64(result.RTT.Nanoseconds())/1e3)
	}
	return fields{"micros": micros}, nil
}

// gossip publishes messages, and waits for the answer to each: the same text behind "re: ".
func (d *dialling) gossip(ctx context.Context, count int) (fields, error) {
	topic, subscription, err := join(ctx, d.host, d.topic)
	if err != nil {
		return nil, err
	}
	for len(topic.ListPeers()) == 0 {
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	for i := range count {
		text := gossipText(i)
		if err := topic.Publish(ctx, []byte(text)); err != nil {
			return nil, err
		}
		for {
			answer, err := subscription.Next(ctx)
			if err != nil {
				return nil, fmt.Errorf("message %d is not answered: %w", i, err)
			}
			if answer.GetFrom() == d.remote && string(answer.Data) == "re: "+text {
				break
			}
		}
	}
	return fields{"messages": count}, nil
}

// gossipText is of every other message beyond what IDONTWANT is sent for.
func gossipText(i int) string {
	return fmt.Sprintf("message %d%s", i, strings.Repeat(".", i%2*5_000))
}

func (d *dialling) kad(ctx context.Context, name, value string) (fields, error) {
	if d.dht == nil {
		return nil, fmt.Errorf("no check, or no --kad")
	}
	for d.dht.RoutingTable().Size() == 0 {
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("the peer is no server of the DHT: %w", err)
		}
	}
	switch name {
	case "find-peer":
		id, err := peer.Decode(value)
		if err != nil {
			return nil, err
		}
		found, err := d.dht.FindPeer(ctx, id)
		return fields{"addresses": found.Addrs}, err
	case "find-providers":
		key, err := cidOf(value)
		if err != nil {
			return nil, err
		}
		providers := []string{}
		for found := range d.dht.FindProvidersAsync(ctx, key, 1) {
			providers = append(providers, found.ID.String())
		}
		return fields{"providers": providers}, nil
	case "provide":
		key, err := cidOf(value)
		if err != nil {
			return nil, err
		}
		return fields{}, d.dht.Provide(ctx, key, true)
	case "put":
		key, content, _ := strings.Cut(value, "=")
		return fields{}, d.dht.PutValue(ctx, key, []byte(content))
	case "get":
		content, err := d.dht.GetValue(ctx, value)
		return fields{"value": string(content)}, err
	default:
		return nil, fmt.Errorf("no such check")
	}
}

func cidOf(text string) (cid.Cid, error) {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		return cid.Undef, err
	}
	hash, err := multihash.Cast(bytes)
	if err != nil {
		return cid.Undef, err
	}
	return cid.NewCidV1(cid.Raw, hash), nil
}

func pause(ctx context.Context) error {
	select {
	case <-time.After(kadRetries):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
