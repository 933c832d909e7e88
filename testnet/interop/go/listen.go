package main

import (
	"context"
	"fmt"

	dht "github.com/libp2p/go-libp2p-kad-dht"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/peer"
)

// listen serves identify, ping, echo and perf, and a DHT and a topic where asked. It prints its
// addresses, one a line, then `ready`; then each message of the topic as a JSON line. Each line of
// stdin is published.
func listen(o options) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h, err := newHost(o)
	if err != nil {
		return err
	}
	defer h.Close()
	h.SetStreamHandler(echoID, serveEcho)
	h.SetStreamHandler(perfID, servePerf)
	if o.kad != "" {
		d, err := newDHT(h, o.kad, dht.ModeServer)
		if err != nil {
			return err
		}
		defer d.Close()
	}
	var topic *pubsub.Topic
	if o.topic != "" {
		var subscription *pubsub.Subscription
		topic, subscription, err = join(ctx, h, o.topic)
		if err != nil {
			return err
		}
		go sayMessages(ctx, subscription, h.ID())
	}
	for _, address := range h.Addrs() {
		fmt.Printf("%s/p2p/%s\n", address, h.ID())
	}
	fmt.Println("ready")
	stdin(func(line string) {
		if err := topic.Publish(ctx, []byte(line)); err != nil {
			fail(err)
		}
	})
	return nil
}

func sayMessages(ctx context.Context, subscription *pubsub.Subscription, own peer.ID) {
	for {
		message, err := subscription.Next(ctx)
		if err != nil {
			return
		}
		if message.GetFrom() != own {
			say(fields{
				"topic": message.GetTopic(),
				"from":  message.GetFrom().String(),
				"data":  string(message.Data),
			})
		}
	}
}
