package dev.kith.node.realm;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.MemberPut;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.Problem;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The messages of {@code /kith/join/1}, in this order: the joiner's {@link Request}, the inviter's
 * {@link Offer}, the joiner's {@link Enrolment}, the inviter's {@link Enrolled}; the inviter may
 * answer with {@link Refused} at either turn. On the wire each has its length as u32 before it and
 * its kind as its first byte.
 */
sealed interface JoinMessage {
  String PROTOCOL = "/kith/join/1";

  /** The longest message: a genesis, a grant and addresses. */
  int BYTES_MAX = Genesis.BYTES_MAX + 32 * 1024;

  /** The most addresses of peers that an inviter tells. */
  int PEERS_MAX = HomeConfig.BOOTSTRAP_MAX;

  int ADDRESS_BYTES_MAX = 256;
  int TEXT_BYTES_MAX = 512;

  /**
   * Shows the ticket: the ticket's key signed the joiner's peer id.
   *
   * @param newOwner whether the joiner brings an owner of its own, and wants no grant
   */
  record Request(
      Bytes32 realmId, MemberPut.Invitation invitation, Bytes ticketSignature, boolean newOwner)
      implements JoinMessage {}

  /**
   * What the joiner needs in order to sign its record.
   *
   * @param height of the newest final block
   * @param grant under the inviter's owner; absent where the joiner brings its own
   * @param peers where other members are reached, each with {@code /p2p}
   */
  record Offer(Bytes genesis, long height, Optional<DeviceGrant> grant, List<Multiaddr> peers)
      implements JoinMessage {
    public Offer {
      peers = List.copyOf(peers);
    }
  }

  /** The joiner's record, signed by it. */
  record Enrolment(Batch batch) implements JoinMessage {}

  /**
   * The joiner is a member.
   *
   * @param height of the block in which its record is final
   */
  record Enrolled(long height) implements JoinMessage {}

  /** The inviter cannot or will not. */
  record Refused(Problem problem, String message) implements JoinMessage {}

  /** The kind as u8, then its fields. */
  default Bytes encode() {
    Writer to = new Writer();
    switch (this) {
      case Request request -> {
        to.u8(1).fixed(request.realmId);
        request.invitation.write(to);
        to.fixed(request.ticketSignature).u8(request.newOwner ? 1 : 0);
      }
      case Offer offer -> {
        to.u8(2).bytes32(offer.genesis).u63(offer.height).u8(offer.grant.isPresent() ? 1 : 0);
        offer.grant.ifPresent(grant -> grant.write(to));
        to.u8(offer.peers.size());
        offer.peers.forEach(address -> to.bytes16(address.encoded()));
      }
      case Enrolment enrolment -> to.u8(3).bytes32(enrolment.batch.encoded());
      case Enrolled enrolled -> to.u8(4).u63(enrolled.height);
      case Refused refused -> to.u8(5).text(refused.problem.name()).text(refused.message);
    }
    return to.toBytes();
  }

  static JoinMessage decode(Bytes bytes) throws ProtocolViolationException {
    try {
      return Reader.whole(bytes, JoinMessage::read);
    } catch (DecodeException e) {
      throw new ProtocolViolationException("join: " + e.getMessage(), e);
    }
  }

  private static JoinMessage read(Reader from) throws DecodeException {
    int kind = from.u8();
    return switch (kind) {
      case 1 ->
          new Request(from.hash(), MemberPut.Invitation.read(from), from.fixed(64), from.flag());
      case 2 ->
          new Offer(
              from.bytes32(Genesis.BYTES_MAX),
              from.u63(),
              from.flag() ? Optional.of(DeviceGrant.read(from)) : Optional.empty(),
              from.list8(PEERS_MAX, JoinMessage::address));
      case 3 -> new Enrolment(Batch.decode(from.bytes32(Batch.BYTES_MAX)));
      case 4 -> new Enrolled(from.u63());
      case 5 -> new Refused(problem(from.text(64)), from.text(TEXT_BYTES_MAX));
      default -> throw new DecodeException("a message of kind " + kind);
    };
  }

  private static Multiaddr address(Reader from) throws DecodeException {
    try {
      return Multiaddr.decode(from.bytes16(ADDRESS_BYTES_MAX));
    } catch (ProtocolViolationException e) {
      throw new DecodeException("not an address", e);
    }
  }

  private static Problem problem(String name) throws DecodeException {
    for (Problem problem : Problem.values()) {
      if (problem.name().equals(name)) {
        return problem;
      }
    }
    throw new DecodeException("an unknown problem");
  }
}
