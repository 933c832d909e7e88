package dev.kith.libp2p.swarm;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multistream.Multistream;
import dev.kith.libp2p.noise.NoiseIdentity;
import dev.kith.libp2p.tls.TlsContext;
import dev.kith.libp2p.tls.TlsIdentity;
import dev.kith.libp2p.tls.TlsProvider;
import dev.kith.libp2p.yamux.YamuxMuxer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections of bare sockets: agreement on a secure channel, its handshake, and agreement on
 * yamux where the handshake did not bring it along. Straight-line, on a virtual thread; the wire's
 * deadline ends it. Thread-safe.
 */
final class Upgrader implements AutoCloseable {
  private static final List<String> MUXERS = List.of(YamuxMuxer.PROTOCOL);

  /** By its name in multistream. */
  private final Map<String, Channels> securities = new TreeMap<>();

  /** The best first. */
  private final List<String> proposals;

  private final @Nullable TlsContext tls;

  /** Runs the handshakes of one secure channel. */
  private interface Channels {
    SecureChannel dial(Wire wire, PeerId expected) throws IOException;

    SecureChannel accept(Wire wire) throws IOException;
  }

  /** Asked once the remote has proved who it is; throws to end the connection. */
  @FunctionalInterface
  interface Secured {
    void check(PeerId peer) throws IOException;
  }

  /**
   * A connection whose muxer may begin.
   *
   * @param earlyMuxer whether the handshake agreed on the muxer
   */
  record Upgraded(Wire wire, SecureChannel channel, boolean earlyMuxer) {
    PeerId remotePeer() {
      return channel.remoteKey().peerId();
    }
  }

  /**
   * @param securities what is spoken, the best first
   * @param random of static keys and certificates
   */
  Upgrader(
      PrivateKey key,
      List<Security> securities,
      TlsProvider provider,
      SecureRandom random,
      InstantSource clock) {
    List<String> names = new ArrayList<>();
    TlsContext context = null;
    for (Security security : securities) {
      names.add(security.protocol());
      switch (security) {
        case NOISE -> {
          this.securities.put(
              security.protocol(), new Noise(new NoiseIdentity(key, random, MUXERS)));
        }
        case TLS -> {
          TlsIdentity identity = new TlsIdentity(key, random, clock.instant());
          context = new TlsContext(identity, MUXERS, provider, clock);
          this.securities.put(security.protocol(), new Tls(context));
        }
      }
    }
    this.proposals = List.copyOf(names);
    this.tls = context;
  }

  /**
   * The dialler's side.
   *
   * @throws IOException when the remote is not {@code expected}; it learns nothing of this host
   */
  Upgraded dial(Wire wire, PeerId expected, Secured secured) throws IOException {
    String agreed = Multistream.dial(wire.input(), wire.output(), proposals);
    SecureChannel channel = channels(agreed).dial(wire, expected);
    secured.check(channel.remoteKey().peerId());
    if (channel.muxer().isEmpty()) {
      Multistream.dial(channel.input(), channel.output(), MUXERS);
    }
    return new Upgraded(wire, channel, channel.muxer().isPresent());
  }

  /** The listener's side. */
  Upgraded accept(Wire wire, Secured secured) throws IOException {
    String agreed = Multistream.accept(wire.input(), wire.output(), securities::containsKey);
    SecureChannel channel = channels(agreed).accept(wire);
    secured.check(channel.remoteKey().peerId());
    if (channel.muxer().isEmpty()) {
      Multistream.accept(channel.input(), channel.output(), MUXERS::contains);
    }
    return new Upgraded(wire, channel, channel.muxer().isPresent());
  }

  private Channels channels(String protocol) {
    Channels channels = securities.get(protocol);
    if (channels == null) {
      throw new IllegalStateException("agreed on what is not spoken: " + protocol);
    }
    return channels;
  }

  /** Connections that stand go on. */
  @Override
  public void close() {
    if (tls != null) {
      tls.close();
    }
  }

  private record Noise(NoiseIdentity self) implements Channels {
    @Override
    public SecureChannel dial(Wire wire, PeerId expected) throws IOException {
      return NoiseChannel.dial(wire, self, expected);
    }

    @Override
    public SecureChannel accept(Wire wire) throws IOException {
      return NoiseChannel.accept(wire, self);
    }
  }

  private record Tls(TlsContext context) implements Channels {
    @Override
    public SecureChannel dial(Wire wire, PeerId expected) throws IOException {
      return TlsChannel.dial(wire, context, expected);
    }

    @Override
    public SecureChannel accept(Wire wire) throws IOException {
      return TlsChannel.accept(wire, context);
    }
  }
}
