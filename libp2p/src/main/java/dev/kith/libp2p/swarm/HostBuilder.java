package dev.kith.libp2p.swarm;

import dev.kith.libp2p.connmgr.WaterMarks;
import dev.kith.libp2p.host.AddressPolicy;
import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.ConnectionGater;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostPolicy;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.peerstore.MemoryPeerStore;
import dev.kith.libp2p.quic.QuicLimits;
import dev.kith.libp2p.resource.ResourceLimits;
import dev.kith.libp2p.tls.TlsProvider;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes a host over TCP, QUIC and WebSocket. What is not said has a default that suits a daemon.
 */
public final class HostBuilder {
  private final PrivateKey key;
  private final List<Multiaddr> listen = new ArrayList<>();
  private HostPolicy policy = HostPolicy.OPEN;
  private PeerStore peerStore = new MemoryPeerStore(InstantSource.system());
  private SwarmLimits limits = SwarmLimits.STANDARD;
  private QuicLimits quicLimits = QuicLimits.STANDARD;
  private List<Security> securities = List.of(Security.TLS, Security.NOISE);
  private @Nullable TlsProvider tlsProvider;
  private @Nullable WebCertificate webCertificate;
  private @Nullable X509TrustManager webTrust;
  private String agentVersion = "kith/0.1.0";

  /** A host with this identity. */
  public HostBuilder(PrivateKey key) {
    this.key = key;
  }

  /** Listens here; port 0 takes a free one. Without any address the host only dials. */
  public HostBuilder listen(Multiaddr... addresses) {
    listen.addAll(List.of(addresses));
    return this;
  }

  /** As {@link #listen(Multiaddr...)}. */
  public HostBuilder listen(Collection<Multiaddr> addresses) {
    listen.addAll(addresses);
    return this;
  }

  /** Who may use which protocols; everybody all of them, if not said. */
  public HostBuilder admission(AdmissionPolicy admission) {
    this.policy = policy.withAdmission(admission);
    return this;
  }

  /** Which connections are refused; none, if not said. */
  public HostBuilder gater(ConnectionGater gater) {
    this.policy = policy.withGater(gater);
    return this;
  }

  /** Which addresses are believed that peers tell; {@link AddressPolicy#NEAR}, if not said. */
  public HostBuilder addresses(AddressPolicy addresses) {
    this.policy = policy.withAddresses(addresses);
    return this;
  }

  /** What peers may use; {@link ResourceLimits#STANDARD}, if not said. */
  public HostBuilder resources(ResourceLimits bounds) {
    this.policy = policy.withLimits(bounds);
    return this;
  }

  /** How many connections are wanted; {@link WaterMarks#STANDARD}, if not said. */
  public HostBuilder waterMarks(WaterMarks marks) {
    this.policy = policy.withMarks(marks);
    return this;
  }

  /** Where what is known of peers is kept; in memory, if not said. The caller closes it. */
  public HostBuilder peerStore(PeerStore store) {
    this.peerStore = store;
    return this;
  }

  /** What identify tells peers of this program. */
  public HostBuilder agentVersion(String version) {
    this.agentVersion = version;
    return this;
  }

  /** The bounds of each connection; {@link SwarmLimits#STANDARD}, if not said. */
  public HostBuilder limits(SwarmLimits bounds) {
    this.limits = bounds;
    return this;
  }

  /**
   * The bounds of each QUIC connection, but for the time of its handshake, which is that of {@link
   * #limits}; {@link QuicLimits#STANDARD}, if not said.
   */
  public HostBuilder quicLimits(QuicLimits bounds) {
    this.quicLimits = bounds;
    return this;
  }

  /**
   * Which secure channels are spoken over TCP. The dialler proposes them in this order, and the
   * listener takes the first that it speaks; TLS before Noise, if not said.
   *
   * @throws IllegalArgumentException when there is none, or one twice
   */
  public HostBuilder securities(Security... order) {
    List<Security> asked = List.of(order);
    if (asked.isEmpty() || EnumSet.copyOf(asked).size() < asked.size()) {
      throw new IllegalArgumentException("securities: " + asked);
    }
    this.securities = asked;
    return this;
  }

  /** Whose TLS is used; {@link TlsProvider#best}, if not said. */
  public HostBuilder tlsProvider(TlsProvider provider) {
    this.tlsProvider = provider;
    return this;
  }

  /** With what it listens on {@code /tls/ws}; without one it cannot. */
  public HostBuilder webCertificate(WebCertificate certificate) {
    this.webCertificate = certificate;
    return this;
  }

  /** Whose certificates are believed on {@code /tls/ws}; those of the system, if not said. */
  public HostBuilder webTrust(X509TrustManager trust) {
    this.webTrust = trust;
    return this;
  }

  /**
   * Starts it: it listens when this returns.
   *
   * @throws java.net.BindException when an address is in use, or not this machine's
   * @throws IllegalArgumentException when an address is of no transport, or of one that this
   *     machine lacks
   */
  public Host start() throws IOException, InterruptedException {
    TlsProvider provider = tlsProvider == null ? TlsProvider.best() : tlsProvider;
    Upgrader upgrader =
        new Upgrader(key, securities, provider, new SecureRandom(), InstantSource.system());
    return SwarmHost.start(
        key,
        policy,
        peerStore,
        limits,
        quicLimits.withHandshakeTimeout(limits.handshakeTimeout()),
        agentVersion,
        upgrader,
        new SecureWebSocketLayer(webCertificate, webTrust),
        List.copyOf(listen));
  }
}
