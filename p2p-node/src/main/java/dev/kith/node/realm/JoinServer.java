package dev.kith.node.realm;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.identity.Secp256k1PublicKey;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /kith/join/1}: lets strangers in who show a ticket. It is all that a stranger may
 * ask a member, so it is bounded: few at once, and a limited number of tries a minute.
 */
public final class JoinServer implements StreamHandler {
  /** The protocol that it serves. */
  public static final String PROTOCOL = JoinMessage.PROTOCOL;

  /** Strangers that are served at once. */
  static final int AT_ONCE_MAX = 4;

  /** Tries that are served in a minute, all strangers together. */
  static final int TRIES_A_MINUTE = 60;

  /** Tickets under way that are remembered; spent ones are on the ledger. */
  static final int GRANTED_MAX = 1_024;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FINAL_TIMEOUT = Duration.ofSeconds(30);
  private static final int REQUEST_BYTES_MAX = 512;
  private static final Logger log = LoggerFactory.getLogger(JoinServer.class);

  private final Realm realm;
  private final Semaphore places = new Semaphore(AT_ONCE_MAX);
  private final Tries tries = new Tries(TRIES_A_MINUTE, Duration.ofMinutes(1));

  /** Whom a ticket's grant was made for. Only tickets of the owner's own devices come in here. */
  private final Map<Bytes, PeerId> granted = Collections.synchronizedMap(new Granted());

  private static final class Granted extends LinkedHashMap<Bytes, PeerId> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Bytes, PeerId> eldest) {
      return size() > GRANTED_MAX;
    }
  }

  /** What the server asks of the realm. Thread-safe. */
  public interface Realm {
    Genesis genesis();

    LedgerView view();

    /** Brings a batch that its author signed on the ledger, and waits for its first outcome. */
    Outcome submit(Batch batch, Duration timeout) throws IOException, InterruptedException;

    /** Where members are reached, this one first, each with {@code /p2p}. */
    List<Multiaddr> peers();

    /** The owner's key, where this device holds it. */
    Optional<Secp256k1PrivateKey> ownerKey() throws IOException;
  }

  public JoinServer(Realm realm) {
    this.realm = realm;
  }

  @Override
  public void handle(Stream stream) throws IOException, InterruptedException {
    stream.timeout(PATIENCE);
    JoinStream messages = new JoinStream(stream);
    if (!tries.allowed(System.nanoTime()) || !places.tryAcquire()) {
      messages.send(
          new Refused(Problem.NO_PEERS, "too many devices try to join now; try again in a minute"));
      return;
    }
    try {
      serve(messages, stream.remotePeer());
    } catch (NodeException e) {
      log.info("{} may not join: {}", stream.remotePeer(), e.getMessage());
      messages.send(new Refused(e.problem(), shortened(String.valueOf(e.getMessage()))));
    } catch (LedgerStalledException e) {
      messages.send(
          new Refused(
              Problem.LEDGER_STALLED, "the realm's ledger is stalled: too few validators answer"));
    } finally {
      places.release();
    }
  }

  private void serve(JoinStream messages, PeerId joiner) throws IOException, InterruptedException {
    if (!(messages.receive(REQUEST_BYTES_MAX) instanceof Request request)) {
      throw new ProtocolViolationException("join: not a request");
    }
    check(request, joiner);
    Optional<Member> member = realm.view().member(joiner);
    messages.send(offer(request, joiner, member));
    if (!(messages.receive(Batch.BYTES_MAX + 16) instanceof Enrolment enrolment)) {
      throw new ProtocolViolationException("join: not an enrolment");
    }
    checkBatch(enrolment.batch(), request, joiner);
    if (member.isPresent()) {
      messages.send(new Enrolled(realm.view().height()));
      return;
    }
    switch (realm.submit(enrolment.batch(), FINAL_TIMEOUT)) {
      case Outcome.Applied applied -> {
        log.info("{} joined in block {}", joiner, applied.height());
        messages.send(new Enrolled(applied.height()));
      }
      case Outcome.Refused refused -> throw refusal(refused.refusal());
    }
  }

  private void check(Request request, PeerId joiner) throws NodeException {
    Bytes32 realmId = realm.genesis().realmId();
    if (!request.realmId().equals(realmId)) {
      throw new NodeException(Problem.TICKET_INVALID, "the ticket is for another realm");
    }
    MemberPut.Invitation invitation = request.invitation();
    if (realm.view().member(invitation.inviter()).isEmpty()) {
      throw new NodeException(Problem.TICKET_INVALID, "no member of this realm made the ticket");
    }
    Bytes invited =
        MemberPut.Invitation.message(
            realmId, invitation.key(), invitation.expiresMillis(), invitation.sameOwner());
    Bytes admitted = ticketMessage(realmId, joiner);
    if (!Signatures.verify(
            LedgerKey.of(invitation.inviter()), invited, invitation.inviterSignature())
        || !Signatures.verify(invitation.key(), admitted, request.ticketSignature())) {
      throw new NodeException(Problem.TICKET_INVALID, "the ticket's signatures do not fit");
    }
    if (invitation.expiresMillis() <= System.currentTimeMillis()) {
      throw new NodeException(Problem.TICKET_EXPIRED, "the ticket has expired");
    }
    if (realm.view().ticketSpent(invitation.key()) && realm.view().member(joiner).isEmpty()) {
      throw new NodeException(Problem.TICKET_INVALID, "the ticket was used already");
    }
  }

  private static Bytes ticketMessage(Bytes32 realmId, PeerId joiner) throws NodeException {
    try {
      return MemberPut.ticketMessage(realmId, joiner);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "members have secp256k1 keys", e);
    }
  }

  /**
   * A member that asks once more was cut off before it knew that it is one: it gets the grant that
   * stands on the ledger, and its ticket is not spent.
   */
  private Offer offer(Request request, PeerId joiner, Optional<Member> member) throws IOException {
    Optional<DeviceGrant> grant = member.map(Member::grant);
    if (grant.isEmpty() && !request.newOwner()) {
      grant = Optional.of(grant(request.invitation(), joiner));
    }
    List<Multiaddr> peers =
        realm.peers().stream()
            .filter(address -> address.encoded().size() <= JoinMessage.ADDRESS_BYTES_MAX)
            .limit(JoinMessage.PEERS_MAX)
            .toList();
    return new Offer(realm.genesis().encode(), realm.view().height(), grant, peers);
  }

  /**
   * The grant carries what opens all of the owner's files, wrapped for the joiner; so it is made
   * only where a device of that owner signed that it may, and for one joiner a ticket.
   */
  private DeviceGrant grant(MemberPut.Invitation invitation, PeerId joiner) throws IOException {
    Secp256k1PrivateKey owner =
        realm
            .ownerKey()
            .orElseThrow(
                () ->
                    new NodeException(
                        Problem.NOT_ALLOWED,
                        "the inviting device does not hold its owner's key; join with --owner"
                            + " new, or take a ticket from the device that does"));
    boolean ownersTicket =
        realm
            .view()
            .member(invitation.inviter())
            .filter(inviter -> inviter.grant().owner().equals(owner.publicKey().raw()))
            .isPresent();
    if (!ownersTicket || !invitation.sameOwner()) {
      throw new NodeException(
          Problem.NOT_ALLOWED,
          "the ticket does not admit a device of this owner; join with --owner new");
    }
    PeerId first = granted.putIfAbsent(invitation.key(), joiner);
    if (first != null && !first.equals(joiner)) {
      throw new NodeException(Problem.TICKET_INVALID, "the ticket was used already");
    }
    Secp256k1PublicKey device = Secp256k1PublicKey.ofCompressed(LedgerKey.of(joiner));
    return RealmFactory.grant(realm.genesis().realmId(), owner, device);
  }

  /** What a stranger sends to the ledger through us is its own membership, and nothing else. */
  private void checkBatch(Batch batch, Request request, PeerId joiner)
      throws ProtocolViolationException {
    boolean fits =
        batch.author().equals(joiner)
            && batch.facts().size() == 1
            && batch.facts().getFirst() instanceof MemberPut put
            && put.member().equals(joiner)
            && put.ticket().equals(request.invitation())
            && batch.verify(realm.genesis().realmId());
    if (!fits) {
      throw new ProtocolViolationException("join: the record is not the joiner's membership");
    }
  }

  private static NodeException refusal(Refusal refusal) {
    return switch (refusal) {
      case TICKET_SPENT -> new NodeException(Problem.TICKET_INVALID, "the ticket was used already");
      case TICKET_EXPIRED -> new NodeException(Problem.TICKET_EXPIRED, "the ticket has expired");
      case ALREADY_A_MEMBER ->
          new NodeException(Problem.ALREADY_EXISTS, "this device is a member already");
      default ->
          new NodeException(Problem.TICKET_INVALID, "the ledger refused the device: " + refusal);
    };
  }

  private static String shortened(String message) {
    return message.length() <= 160 ? message : message.substring(0, 160);
  }
}
