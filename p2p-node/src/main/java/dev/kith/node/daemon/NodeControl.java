package dev.kith.node.daemon;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.dht.blockstore.StoreUsage;
import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.Member;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.api.PeerControl;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.Ticket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Answers the API for the peer as a whole. */
final class NodeControl implements PeerControl {
  private final Home home;
  private final HomeConfig config;
  private final Genesis genesis;
  private final Bytes owner;
  private final Secp256k1PrivateKey device;
  private final Host host;
  private final Ledger ledger;
  private final BlockStore store;
  private final Runnable shutdown;
  private final long startedMillis = System.currentTimeMillis();

  NodeControl(
      Home home,
      HomeConfig config,
      Genesis genesis,
      Bytes owner,
      Secp256k1PrivateKey device,
      Host host,
      Ledger ledger,
      BlockStore store,
      Runnable shutdown) {
    this.home = home;
    this.config = config;
    this.genesis = genesis;
    this.owner = owner;
    this.device = device;
    this.host = host;
    this.ledger = ledger;
    this.store = store;
    this.shutdown = shutdown;
  }

  @Override
  public Status status() {
    StoreUsage usage = store.usage();
    return new Status(
        host.id(),
        config.name(),
        Version.text(),
        home.folder().toString(),
        genesis.name(),
        owner,
        home.holdsOwnerKey(),
        startedMillis,
        addresses(),
        (int) host.connections().stream().map(Connection::remotePeer).distinct().count(),
        usage.live(),
        usage.quota(),
        config.computeSlots());
  }

  private List<Multiaddr> addresses() {
    return host.listenAddresses().stream().map(address -> address.withPeer(host.id())).toList();
  }

  @Override
  public List<PeerLine> peers() {
    return ledger.view().members().stream().map(this::line).toList();
  }

  private PeerLine line(Member member) {
    boolean self = member.peer().equals(host.id());
    return new PeerLine(
        member,
        self,
        !self && host.connectedTo(member.peer()),
        self ? host.listenAddresses() : host.addressBook().addresses(member.peer()));
  }

  @Override
  public Invitation invite(Duration expires, boolean guest) {
    boolean sameOwner = !guest && home.holdsOwnerKey();
    long expiresMillis = System.currentTimeMillis() + expires.toMillis();
    Ticket ticket =
        Ticket.issue(
            genesis.realmId(),
            device,
            Secp256k1PrivateKey.generate(new SecureRandom()),
            expiresMillis,
            sameOwner,
            host.listenAddresses());
    return new Invitation(ticket.encode(), expiresMillis, sameOwner);
  }

  @Override
  public List<String> log(int lines) throws IOException {
    try {
      List<String> all = tail(home.logFile());
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** The log is bounded, and so is what is read of it. */
  private static List<String> tail(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      long start = Math.max(0, channel.size() - (4 << 20));
      channel.position(start);
      byte[] bytes = java.nio.channels.Channels.newInputStream(channel).readNBytes(4 << 20);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Override
  public void shutdown() {
    shutdown.run();
  }
}
