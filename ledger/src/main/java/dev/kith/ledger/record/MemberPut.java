package dev.kith.ledger.record;

import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;

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
  /**
   * What an inviting member signed.
   *
   * @param key the one-use key, 33 bytes compressed secp256k1; a spent key is refused
   * @param expiresMillis chain time, milliseconds since 1970
   * @param inviter the member that made the ticket
   * @param inviterSignature 64 bytes r‖s by the inviter over (realm id, key, expiry)
   */
  public record Invitation(Bytes key, long expiresMillis, PeerId inviter, Bytes inviterSignature) {}
}
