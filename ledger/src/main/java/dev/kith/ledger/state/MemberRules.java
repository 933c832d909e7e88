package dev.kith.ledger.state;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.FactCodec;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.Signatures;
import java.io.IOException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Members and what they offer. */
final class MemberRules {
  private static final int MEMBERS_MAX = 65_535;

  private MemberRules() {}

  /**
   * Anybody whom a member invited may join, once a ticket, before it expires, with the consent of
   * the owner whom the device will act for.
   */
  static @Nullable Refusal apply(MemberPut fact, Transition at) throws IOException {
    Bytes key = LedgerKey.of(fact.member());
    if (at.index(key).isPresent()) {
      return Refusal.ALREADY_A_MEMBER;
    }
    MemberPut.Invitation ticket = fact.ticket();
    Optional<Integer> inviter = at.index(LedgerKey.of(ticket.inviter()));
    if (inviter.isEmpty()) {
      return Refusal.NOT_A_MEMBER;
    }
    if (at.timeMillis() > ticket.expiresMillis()) {
      return Refusal.TICKET_EXPIRED;
    }
    if (at.row(StateKeys.ticket(ticket.key())) != null) {
      return Refusal.TICKET_SPENT;
    }
    Bytes invitation =
        MemberPut.Invitation.message(
            at.realmId(), ticket.key(), ticket.expiresMillis(), ticket.sameOwner());
    Bytes admission = MemberPut.ticketMessage(at.realmId(), fact.member());
    DeviceGrant grant = fact.grant();
    if (!at.author().equals(key)
        || !at.signed(inviter.get(), invitation, ticket.inviterSignature())
        || !Signatures.verify(ticket.key(), admission, fact.ticketSignature())
        || !Signatures.verify(grant.owner(), grant.message(at.realmId()), grant.ownerSignature())) {
      return Refusal.BAD_SIGNATURE;
    }
    if (count(at.state()) >= MEMBERS_MAX) {
      return Refusal.OUT_OF_BOUNDS;
    }
    at.state().put(StateKeys.ticket(ticket.key()), Bytes.ofUnsignedLong(at.height()));
    add(at.state(), new MemberRow(fact.member(), fact.name(), fact.site(), grant, at.height()));
    return null;
  }

  static @Nullable Refusal apply(OfferPut fact, int author, Transition at) {
    at.state().put(StateKeys.offer(author), FactCodec.encode(fact));
    return null;
  }

  /** Gives a new member the next index. */
  static void add(Overlay state, MemberRow member) throws IOException {
    int index = count(state);
    state.put(StateKeys.MEMBER_COUNT, Bytes.ofUnsignedInt(index + 1));
    state.put(StateKeys.member(index), member.encode());
    state.put(StateKeys.memberIndex(LedgerKey.of(member.peer())), Bytes.ofUnsignedInt(index));
  }

  static int count(StateReader state) throws IOException {
    Bytes count = state.get(StateKeys.MEMBER_COUNT);
    return count == null ? 0 : count.toInt();
  }
}
