package dev.kith.node.realm;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Multibase;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.util.List;
import java.util.Locale;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Admits one device to a realm. Its text is {@code kith1} and base 32 of: version u8 ‖ realm id
 * (32) ‖ one-use private key (32) ‖ invitation ‖ addresses (u8 count, each u16 length) ‖ the first
 * four bytes of the SHA-256 of all that. Case does not matter, so that a QR code can hold it in its
 * compact alphabet.
 *
 * @param key the one-use key: who has it may join, once
 * @param invitation what the inviting member signed
 * @param addresses where the inviter was reached when it made the ticket; at most 8
 */
public record Ticket(
    Bytes32 realmId,
    Secp256k1PrivateKey key,
    MemberPut.Invitation invitation,
    List<Multiaddr> addresses) {
  /** The most addresses in a ticket. */
  public static final int ADDRESSES_MAX = 8;

  private static final String PREFIX = "kith1";
  private static final int VERSION = 2;
  private static final int ADDRESS_BYTES_MAX = 128;
  private static final int CHECKSUM_BYTES = 4;

  public Ticket {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > ADDRESSES_MAX) {
      throw new IllegalArgumentException("addresses: " + addresses.size());
    }
    if (!invitation.key().equals(key.publicKey().raw())) {
      throw new IllegalArgumentException("key: not the one of the invitation");
    }
  }

  /**
   * A new ticket.
   *
   * @param sameOwner whether the device may read the inviter's owner's files; only a device that
   *     holds the owner's key can keep that promise
   * @param addresses of the inviter; those beyond {@link #ADDRESSES_MAX} are left out
   */
  public static Ticket issue(
      Bytes32 realmId,
      Secp256k1PrivateKey inviter,
      Secp256k1PrivateKey oneUse,
      long expiresMillis,
      boolean sameOwner,
      List<Multiaddr> addresses) {
    Bytes oneUseKey = oneUse.publicKey().raw();
    Bytes message = MemberPut.Invitation.message(realmId, oneUseKey, expiresMillis, sameOwner);
    MemberPut.Invitation invitation =
        new MemberPut.Invitation(
            oneUseKey,
            expiresMillis,
            inviter.publicKey().peerId(),
            sameOwner,
            Signatures.sign(inviter, message));
    return new Ticket(
        realmId,
        oneUse,
        invitation,
        addresses.stream()
            .map(Multiaddr::withoutPeer)
            .filter(address -> address.encoded().size() <= ADDRESS_BYTES_MAX)
            .limit(ADDRESSES_MAX)
            .toList());
  }

  /** Whether the device may be enrolled under the inviter's owner. */
  public boolean sameOwner() {
    return invitation.sameOwner();
  }

  public PeerId inviter() {
    return invitation.inviter();
  }

  public String encode() {
    Writer to = new Writer(512);
    to.u8(VERSION).fixed(realmId).fixed(key.raw());
    invitation.write(to);
    to.u8(addresses.size());
    addresses.forEach(address -> to.bytes16(address.encoded()));
    Bytes content = to.toBytes();
    return PREFIX + Multibase.BASE32.encode(Bytes.concatenate(content, checksum(content)));
  }

  /**
   * Reads a ticket that a person may have copied: white space is dropped.
   *
   * @throws NodeException TICKET_INVALID
   */
  public static Ticket decode(String text) throws NodeException {
    String compact = text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
    if (!compact.startsWith(PREFIX)) {
      throw invalid("it does not begin with " + PREFIX, null);
    }
    try {
      Bytes bytes = Multibase.BASE32.decode(compact.substring(PREFIX.length()));
      int contentBytes = Math.max(0, bytes.size() - CHECKSUM_BYTES);
      Bytes content = bytes.slice(0, contentBytes);
      if (!bytes.slice(contentBytes).equals(checksum(content))) {
        throw invalid("a part of it is missing or misspelt", null);
      }
      return Reader.whole(content, Ticket::read);
    } catch (IllegalArgumentException | DecodeException e) {
      throw invalid("a part of it is missing or misspelt", e);
    }
  }

  private static Ticket read(Reader from) throws DecodeException {
    int version = from.u8();
    if (version != VERSION) {
      throw new DecodeException("a ticket of version " + version);
    }
    Bytes32 realmId = from.hash();
    Secp256k1PrivateKey key = Secp256k1PrivateKey.ofScalar(from.fixed(32));
    MemberPut.Invitation invitation = MemberPut.Invitation.read(from);
    List<Multiaddr> addresses = from.list8(ADDRESSES_MAX, Ticket::address);
    return new Ticket(realmId, key, invitation, addresses);
  }

  private static Multiaddr address(Reader from) throws DecodeException {
    try {
      return Multiaddr.decode(from.bytes16(ADDRESS_BYTES_MAX));
    } catch (ProtocolViolationException e) {
      throw new DecodeException("not an address", e);
    }
  }

  private static Bytes checksum(Bytes content) {
    return Hash.sha256(content).slice(0, CHECKSUM_BYTES);
  }

  private static NodeException invalid(String why, @org.jspecify.annotations.Nullable Exception e) {
    String message = "this is no ticket: " + why;
    return e == null
        ? new NodeException(Problem.TICKET_INVALID, message)
        : new NodeException(Problem.TICKET_INVALID, message, e);
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "Ticket[of " + inviter() + "]";
  }
}
