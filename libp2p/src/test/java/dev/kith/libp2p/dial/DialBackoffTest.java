package dev.kith.libp2p.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DialBackoffTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.ED25519, 1).publicKey().peerId();
  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/1.1.1.1/tcp/1");

  private Instant now = Instant.EPOCH;
  private final DialBackoff backoff = new DialBackoff(() -> now);

  private Duration pause() {
    return backoff
        .until(PEER, ADDRESS)
        .map(until -> Duration.between(now, until))
        .orElse(Duration.ZERO);
  }

  @Test
  void pause_growsWithTheSquareOfFailuresUpToFiveMinutes() {
    for (int failures = 0; failures < 40; failures++) {
      backoff.failed(PEER, ADDRESS);
      assertThat(pause().toSeconds()).isEqualTo(Math.min(5 + failures * failures, 300));
      now = now.plus(pause());
      assertThat(pause()).isZero();
    }
  }

  @Test
  void success_clearsIt() {
    backoff.failed(PEER, ADDRESS);
    backoff.failed(PEER, ADDRESS);
    backoff.succeeded(PEER, ADDRESS);
    assertThat(pause()).isZero();
    assertThat(backoff.size()).isZero();
    backoff.failed(PEER, ADDRESS);
    assertThat(pause()).isEqualTo(DialBackoff.BASE);
  }

  @Test
  void otherPeerAndOtherAddress_areNotConcerned() {
    backoff.failed(PEER, ADDRESS);
    PeerId other = Keys.fromSeed(KeyType.ED25519, 2).publicKey().peerId();
    assertThat(backoff.until(other, ADDRESS)).isEmpty();
    assertThat(backoff.until(PEER, Multiaddr.parse("/ip4/1.1.1.1/tcp/2"))).isEmpty();
  }

  @Test
  void longQuiet_isForgottenFailures() {
    backoff.failed(PEER, ADDRESS);
    backoff.failed(PEER, ADDRESS);
    now = now.plus(Duration.ofMinutes(6));
    backoff.failed(PEER, ADDRESS);
    assertThat(pause()).isEqualTo(DialBackoff.BASE);
  }

  @Test
  void loopback_isAlwaysTried() {
    for (String loopback : new String[] {"/ip4/127.0.3.1/tcp/1", "/ip6/::1/udp/1/quic-v1"}) {
      backoff.failed(PEER, Multiaddr.parse(loopback));
      assertThat(backoff.until(PEER, Multiaddr.parse(loopback))).isEmpty();
    }
  }

  @Test
  void entries_areBounded() {
    for (int port = 1; port <= DialBackoff.ENTRIES_MAX + 10; port++) {
      backoff.failed(PEER, Multiaddr.parse("/ip4/1.1.1.1/tcp/" + port));
    }
    assertThat(backoff.size()).isEqualTo(DialBackoff.ENTRIES_MAX);
    assertThat(backoff.until(PEER, ADDRESS)).as("the oldest").isEmpty();
  }
}
