package dev.kith.node.realm;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.JoinMessage.Enrolled;
import dev.kith.node.realm.JoinMessage.Enrolment;
import dev.kith.node.realm.JoinMessage.Offer;
import dev.kith.node.realm.JoinMessage.Refused;
import dev.kith.node.realm.JoinMessage.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Brings this device into a realm with a ticket, over {@code /kith/join/1}. */
public final class JoinClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int EXPIRY_BLOCKS = 10_000;

  private final Host host;
  private final Secp256k1PrivateKey device;
  private volatile boolean underWay;

  /**
   * @param host with the device's key
   */
  public JoinClient(Host host, Secp256k1PrivateKey device) {
    this.host = host;
    this.device = device;
  }

  /**
   * A realm that was joined.
   *
   * @param height of the block in which the membership is final
   * @param peers where other members are reached
   */
  public record Joined(Genesis genesis, DeviceGrant grant, long height, List<Multiaddr> peers) {
    public Joined {
      peers = List.copyOf(peers);
    }
  }

  /**
   * Joins, and returns when the membership is final.
   *
   * @param newOwner the joiner's own owner; empty = enrol under the inviter's
   * @throws NodeException TICKET_EXPIRED, TICKET_INVALID, NO_PEERS, ...
   */
  public Joined join(
      Ticket ticket, String name, String site, Optional<Secp256k1PrivateKey> newOwner)
      throws IOException, InterruptedException {
    if (ticket.invitation().expiresMillis() <= System.currentTimeMillis()) {
      throw new NodeException(
          Problem.TICKET_EXPIRED, "the ticket has expired; ask for a new one (kith invite)");
    }
    if (!ticket.sameOwner() && newOwner.isEmpty()) {
      throw new NodeException(
          Problem.NOT_ALLOWED,
          "the ticket is for a device with an owner of its own; join with --owner new");
    }
    host.addressBook().add(ticket.inviter(), ticket.addresses(), Duration.ofMinutes(10));
    try (Stream stream = open(ticket)) {
      stream.timeout(ANSWER_TIMEOUT);
      return run(new JoinStream(stream), ticket, name, site, newOwner);
    } catch (ProtocolViolationException e) {
      throw e;
    } catch (NodeException e) {
      throw e;
    } catch (IOException e) {
      throw new NodeException(
          Problem.NO_PEERS, "the inviting device broke off: " + e.getMessage(), e);
    }
  }

  /**
   * Whether a join that failed may have bound the ticket to this device, or made it a member all
   * the same: then it must be tried again with the same keys.
   */
  public boolean underWay() {
    return underWay;
  }

  private Stream open(Ticket ticket) throws IOException, InterruptedException {
    try {
      return host.open(ticket.inviter(), CONNECT_TIMEOUT, JoinMessage.PROTOCOL);
    } catch (UnsupportedProtocolException e) {
      throw new NodeException(
          Problem.TICKET_INVALID, "the inviting device does not let devices join", e);
    } catch (IOException e) {
      throw new NodeException(
          Problem.NO_PEERS,
          "the inviting device is not reached at " + ticket.addresses() + "; is its daemon up?",
          e);
    }
  }

  private Joined run(
      JoinStream messages,
      Ticket ticket,
      String name,
      String site,
      Optional<Secp256k1PrivateKey> newOwner)
      throws IOException {
    PeerId self = device.publicKey().peerId();
    Bytes32 realmId = ticket.realmId();
    Bytes ticketSignature = Signatures.sign(ticket.key(), MemberPut.ticketMessage(realmId, self));
    messages.send(new Request(realmId, ticket.invitation(), ticketSignature, newOwner.isPresent()));
    Offer offer =
        switch (messages.receive(JoinMessage.BYTES_MAX)) {
          case Offer made -> made;
          case Refused refused -> throw refused(refused);
          case Request _, Enrolment _, Enrolled _ ->
              throw new ProtocolViolationException("join: not an offer");
        };
    underWay = true;
    Genesis genesis = genesis(offer, realmId);
    DeviceGrant grant = grant(offer, realmId, newOwner);
    MemberPut put = new MemberPut(self, name, site, grant, ticket.invitation(), ticketSignature);
    messages.send(
        new Enrolment(
            Batch.sign(realmId, device, 0, offer.height() + EXPIRY_BLOCKS, List.of(put))));
    return switch (messages.receive(JoinMessage.BYTES_MAX)) {
      case Enrolled enrolled ->
          new Joined(genesis, grant, enrolled.height(), peers(ticket, offer, self));
      case Refused refused -> {
        underWay = refused.problem() == Problem.LEDGER_STALLED;
        throw refused(refused);
      }
      case Request _, Offer _, Enrolment _ ->
          throw new ProtocolViolationException("join: not an end");
    };
  }

  /** The realm's id is the genesis' hash, so whoever sent it cannot have changed it. */
  private static Genesis genesis(Offer offer, Bytes32 realmId) throws ProtocolViolationException {
    try {
      Genesis genesis = Genesis.decode(offer.genesis());
      if (genesis.realmId().equals(realmId)) {
        return genesis;
      }
    } catch (DecodeException e) {
      throw new ProtocolViolationException("join: " + e.getMessage(), e);
    }
    throw new ProtocolViolationException("join: the genesis is of another realm");
  }

  private DeviceGrant grant(Offer offer, Bytes32 realmId, Optional<Secp256k1PrivateKey> newOwner)
      throws IOException {
    if (newOwner.isPresent() && offer.grant().isEmpty()) {
      return RealmFactory.grant(realmId, newOwner.get(), device.publicKey());
    }
    DeviceGrant grant =
        offer
            .grant()
            .orElseThrow(() -> new ProtocolViolationException("join: no grant was offered"));
    if (!RealmFactory.valid(grant, realmId, device.publicKey().peerId())) {
      throw new ProtocolViolationException("join: the grant's signature does not fit");
    }
    if (newOwner.isPresent() && !grant.owner().equals(newOwner.get().publicKey().raw())) {
      throw new NodeException(
          Problem.ALREADY_EXISTS, "this device is a member already, of another owner");
    }
    OwnerRoot.unwrap(device, grant.wrappedRoot()); // better to find out now than at the first put
    return grant;
  }

  private static List<Multiaddr> peers(Ticket ticket, Offer offer, PeerId self) {
    Set<Multiaddr> peers = new LinkedHashSet<>();
    ticket.addresses().forEach(address -> peers.add(address.withPeer(ticket.inviter())));
    for (Multiaddr address : offer.peers()) {
      if (address.peer().isPresent() && !address.peer().get().equals(self)) {
        peers.add(address);
      }
    }
    return new ArrayList<>(peers).subList(0, Math.min(peers.size(), HomeConfig.BOOTSTRAP_MAX));
  }

  private static NodeException refused(Refused refused) {
    return new NodeException(refused.problem(), refused.message());
  }
}
