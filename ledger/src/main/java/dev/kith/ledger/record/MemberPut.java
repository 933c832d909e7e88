package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A device becomes a member of the realm. Signed twice: by the new member (the record), and by the
 * one-use key of the ticket that invited it.
 *
 * @param member the device's secp256k1 PeerId
 * @param name what people call the device; at most 64 bytes of UTF-8
 * @param site the declared site, or empty; peers of one site share a network segment
 * @param grant the owner's consent that this device acts for the owner
 * @param ticket the invitation
 * @param ticketSignature 64 bytes r‖s by the ticket's key over (realm id, member)
 */
public record MemberPut(
    PeerId member,
    String name,
    String site,
    DeviceGrant grant,
    Invitation ticket,
    Bytes ticketSignature)
    implements Fact {
  private static final Bytes TICKET_DOMAIN =
      Bytes.wrap("kith/ticket/1".getBytes(StandardCharsets.US_ASCII));
  private static final Bytes INVITE_DOMAIN =
      Bytes.wrap("kith/invite/1".getBytes(StandardCharsets.US_ASCII));

  public MemberPut {
    LedgerKey.of(member);
    Bounds.text("name", name, Bounds.NAME_BYTES_MAX);
    Bounds.text("site", site, Bounds.NAME_BYTES_MAX);
    Bounds.exactly("ticketSignature", ticketSignature, Bounds.SIGNATURE_BYTES);
    if (!grant.device().equals(member)) {
      throw new IllegalArgumentException("grant: for another device");
    }
  }

  /** What the ticket's key signs to admit a member: domain ‖ realm id (32) ‖ member (33). */
  public static Bytes ticketMessage(Bytes32 realmId, PeerId member) {
    return Bytes.concatenate(TICKET_DOMAIN, realmId, LedgerKey.of(member));
  }

  /** member (33) ‖ name ‖ site (u16 length, UTF-8) ‖ grant ‖ invitation ‖ ticket signature (64). */
  void write(Writer to) {
    LedgerKey.write(to, member);
    to.text(name).text(site);
    grant.write(to);
    ticket.write(to);
    to.fixed(ticketSignature);
  }

  static MemberPut read(Reader from) throws DecodeException {
    return new MemberPut(
        LedgerKey.read(from),
        from.text(Bounds.NAME_BYTES_MAX),
        from.text(Bounds.NAME_BYTES_MAX),
        DeviceGrant.read(from),
        Invitation.read(from),
        from.fixed(Bounds.SIGNATURE_BYTES));
  }

  /**
   * What an inviting member signed.
   *
   * @param key the one-use key, 33 bytes compressed secp256k1; a spent key is refused
   * @param expiresMillis chain time, milliseconds since 1970
   * @param inviter the member that made the ticket
   * @param sameOwner whether the device may be enrolled under the inviter's owner, whose files it
   *     then reads; otherwise it joins with an owner of its own
   * @param inviterSignature 64 bytes r‖s by the inviter over (realm id, key, expiry, same owner)
   */
  public record Invitation(
      Bytes key, long expiresMillis, PeerId inviter, boolean sameOwner, Bytes inviterSignature) {
    public Invitation {
      LedgerKey.require("key", key);
      LedgerKey.of(inviter);
      Bounds.range("expiresMillis", expiresMillis, 0, Long.MAX_VALUE);
      Bounds.exactly("inviterSignature", inviterSignature, Bounds.SIGNATURE_BYTES);
    }

    /** What an inviting member signs: domain ‖ realm id (32) ‖ key (33) ‖ expiry (8) ‖ u8. */
    public static Bytes message(Bytes32 realmId, Bytes key, long expiresMillis, boolean sameOwner) {
      return Bytes.concatenate(
          INVITE_DOMAIN,
          realmId,
          key,
          Bytes.ofUnsignedLong(expiresMillis),
          Bytes.of(sameOwner ? 1 : 0));
    }

    /** key (33) ‖ expiry u64 ‖ inviter (33) ‖ same owner u8 ‖ signature (64). */
    public void write(Writer to) {
      to.fixed(key).u63(expiresMillis);
      LedgerKey.write(to, inviter);
      to.u8(sameOwner ? 1 : 0).fixed(inviterSignature);
    }

    /** Reads what {@link #write} wrote. */
    public static Invitation read(Reader from) throws DecodeException {
      return new Invitation(
          from.fixed(LedgerKey.BYTES),
          from.u63(),
          LedgerKey.read(from),
          from.flag(),
          from.fixed(Bounds.SIGNATURE_BYTES));
    }
  }
}
