// Command peer is a go-libp2p peer that Kith's interop tests and benchmarks talk to.
//
//	peer listen [options]
//	peer dial [options] MULTIADDR CHECK...
//	peer bench [options] MULTIADDR MEASUREMENT...
//
// See listen.go, dial.go and bench.go.
package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/libp2p/go-libp2p"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	"github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/p2p/transport/websocket"
)

// The end of every Kademlia protocol id that go-libp2p can serve.
const kadSuffix = "/kad/1.0.0"

// options are those that all modes take.
type options struct {
	key       string
	security  string
	transport string
	kad       string
	topic     string
}

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: peer listen|dial|bench [options]"))
	}
	var o options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.StringVar(&o.key, "key", "ed25519", "ed25519 or secp256k1")
	flags.StringVar(&o.security, "security", "noise", "noise and tls, by commas, the best first")
	flags.StringVar(&o.transport, "transport", "tcp", "tcp, ws or quic")
	flags.StringVar(&o.kad, "kad", "", "take part in a DHT of this protocol id")
	flags.StringVar(&o.topic, "topic", "", "join this gossipsub topic")
	if err := flags.Parse(os.Args[2:]); err != nil {
		fail(err)
	}
	var err error
	switch os.Args[1] {
	case "listen":
		err = listen(o)
	case "dial":
		err = dial(o, flags.Args())
	case "bench":
		err = bench(o, flags.Args())
	default:
		err = fmt.Errorf("no mode %q", os.Args[1])
	}
	if err != nil {
		fail(err)
	}
}

// newHost makes a host under a new key; it listens on loopback, if not said otherwise.
func newHost(o options, more ...libp2p.Option) (host.Host, error) {
	var key crypto.PrivKey
	var err error
	switch o.key {
	case "ed25519":
		key, _, err = crypto.GenerateEd25519Key(rand.Reader)
	case "secp256k1":
		key, _, err = crypto.GenerateSecp256k1Key(rand.Reader)
	default:
		err = fmt.Errorf("no key type %q", o.key)
	}
	if err != nil {
		return nil, err
	}
	// Every test has many connections from one address, which the default limits take for an attack.
	set := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.UserAgent("go-libp2p"),
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.DisableRelay(),
		libp2p.DisableMetrics(),
	}
	for _, name := range strings.Split(o.security, ",") {
		switch name {
		case "noise":
			set = append(set, libp2p.Security(noise.ID, noise.New))
		case "tls":
			set = append(set, libp2p.Security(libp2ptls.ID, libp2ptls.New))
		default:
			return nil, fmt.Errorf("no security %q", name)
		}
	}
	switch o.transport {
	case "tcp":
		set = append(set, libp2p.Transport(tcp.NewTCPTransport), libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"))
	case "ws":
		set = append(set, libp2p.Transport(websocket.New), libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0/ws"))
	case "quic":
		set = append(set, libp2p.Transport(libp2pquic.NewTransport), libp2p.ListenAddrStrings("/ip4/127.0.0.1/udp/0/quic-v1"))
	default:
		return nil, fmt.Errorf("no transport %q", o.transport)
	}
	return libp2p.New(append(set, more...)...)
}

// newDHT takes part in a DHT whose values below /test/ are any bytes.
func newDHT(h host.Host, id string, mode dht.ModeOpt) (*dht.IpfsDHT, error) {
	prefix, fits := strings.CutSuffix(id, kadSuffix)
	if !fits {
		return nil, fmt.Errorf("no Kademlia protocol: %s", id)
	}
	return dht.New(h,
		dht.ProtocolPrefix(protocol.ID(prefix)),
		dht.Mode(mode),
		dht.NamespacedValidator("test", anyValue{}))
}

type anyValue struct{}

func (anyValue) Validate(string, []byte) error        { return nil }
func (anyValue) Select(string, [][]byte) (int, error) { return 0, nil }

// join joins a gossipsub topic.
func join(ctx context.Context, h host.Host, name string) (*pubsub.Topic, *pubsub.Subscription, error) {
	router, err := pubsub.NewGossipSub(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	topic, err := router.Join(name)
	if err != nil {
		return nil, nil, err
	}
	subscription, err := topic.Subscribe()
	return topic, subscription, err
}

var printing sync.Mutex

// fields is one JSON object.
type fields map[string]any

// say prints an object on a line of its own.
func say(f fields) {
	line, err := json.Marshal(f)
	if err != nil {
		fail(err)
	}
	printing.Lock()
	defer printing.Unlock()
	fmt.Println(string(line))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "peer:", err)
	os.Exit(1)
}

// stdin calls back with every line, until there is no more.
func stdin(each func(string)) {
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			if err != io.EOF {
				fail(err)
			}
			return
		}
		each(strings.TrimSuffix(line, "\n"))
	}
}
