package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
)

// go-libp2p itself has neither of these.
const (
	echoID = "/echo/1.0.0"
	perfID = "/perf/1.0.0"
)

const blockBytes = 64 << 10

// serveEcho sends back what comes.
func serveEcho(s network.Stream) {
	if _, err := io.Copy(s, s); err != nil {
		s.Reset()
		return
	}
	s.Close()
}

// echo sends random bytes, and tells whether the same came back.
func echo(ctx context.Context, h host.Host, p peer.ID, bytes int64) (bool, error) {
	s, err := h.NewStream(ctx, p, echoID)
	if err != nil {
		return false, err
	}
	defer s.Reset()
	sent, received := sha256.New(), sha256.New()
	failed := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.MultiWriter(s, sent), io.LimitReader(rand.Reader, bytes))
		if err == nil {
			err = s.CloseWrite()
		}
		failed <- err
	}()
	if _, err := io.Copy(received, s); err != nil {
		return false, err
	}
	if err := <-failed; err != nil {
		return false, err
	}
	return string(sent.Sum(nil)) == string(received.Sum(nil)), nil
}

// servePerf is the server of libp2p/specs perf: a number, what the client sends, then so many bytes.
func servePerf(s network.Stream) {
	if err := perfAnswer(s); err != nil {
		s.Reset()
		return
	}
	s.Close()
}

func perfAnswer(s network.Stream) error {
	var wanted [8]byte
	if _, err := io.ReadFull(s, wanted[:]); err != nil {
		return err
	}
	if _, err := drain(s); err != nil {
		return err
	}
	return sendZeros(s, binary.BigEndian.Uint64(wanted[:]))
}

// perf sends and receives so many bytes over a stream of its own.
func perf(ctx context.Context, c network.Conn, h host.Host, up, down uint64) error {
	s, err := h.NewStream(ctx, c.RemotePeer(), perfID)
	if err != nil {
		return err
	}
	defer s.Reset()
	var wanted [8]byte
	binary.BigEndian.PutUint64(wanted[:], down)
	if _, err := s.Write(wanted[:]); err != nil {
		return err
	}
	if err := sendZeros(s, up); err != nil {
		return err
	}
	if err := s.CloseWrite(); err != nil {
		return err
	}
	received, err := drain(s)
	if err == nil && received != down {
		err = fmt.Errorf("perf: %d of %d bytes came", received, down)
	}
	return err
}

func drain(r io.Reader) (uint64, error) {
	block := make([]byte, blockBytes)
	var count uint64
	for {
		n, err := r.Read(block)
		count += uint64(n)
		if err == io.EOF {
			return count, nil
		}
		if err != nil {
			return count, err
		}
	}
}

func sendZeros(w io.Writer, count uint64) error {
	block := make([]byte, blockBytes)
	for count > 0 {
		n, err := w.Write(block[:min(count, blockBytes)])
		if err != nil {
			return err
		}
		count -= uint64(n)
	}
	return nil
}
