package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.AddressBook;
import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.MemoryAddressBook;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Makes a host over TCP. What is not said has a default that suits a daemon. */
public final class HostBuilder {
  private final PrivateKey key;
  private final List<Multiaddr> listen = new ArrayList<>();
  private AdmissionPolicy admission = AdmissionPolicy.OPEN;
  private AddressBook addressBook = new MemoryAddressBook(InstantSource.system());
  private SwarmLimits limits = SwarmLimits.STANDARD;
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
  public HostBuilder admission(AdmissionPolicy policy) {
    this.admission = policy;
    return this;
  }

  public HostBuilder addressBook(AddressBook book) {
    this.addressBook = book;
    return this;
  }

  /** What identify tells peers of this program. */
  public HostBuilder agentVersion(String version) {
    this.agentVersion = version;
    return this;
  }

  public HostBuilder limits(SwarmLimits bounds) {
    this.limits = bounds;
    return this;
  }

  /**
   * Starts it: it listens when this returns.
   *
   * @throws java.net.BindException when an address is in use, or not this machine's
   * @throws IllegalArgumentException when an address is not one of IP and TCP
   */
  public Host start() throws IOException, InterruptedException {
    return TcpHost.start(key, admission, addressBook, limits, agentVersion, List.copyOf(listen));
  }
}
