package dev.kith.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.Member;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.OfferPut;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class MemberRulesTest extends StateTest {
  private static final OfferPut OFFER = new OfferPut(4, 512, 1L << 30, List.of("gpu"), 60);

  private MemberPut join(int device, int inviter, int ticket) {
    return TestMembers.join(realmId, device, inviter, ticket, 2_000_000);
  }

  @Test
  void founders_haveTheirIndices_andTheCommitteeIsMarked() {
    assertThat(view.members()).extracting(Member::index).containsExactly(0, 1, 2, 3);
    assertThat(view.member(TestMembers.peer(2)).orElseThrow().name()).isEqualTo("peer-2");
    assertThat(view.members()).filteredOn(Member::validator).extracting(Member::index).contains(0);
    assertThat(view.member(4)).isEmpty();
  }

  @Test
  void aNewcomer_joinsOnceWithOneTicket() throws IOException {
    assertThat(apply(8, join(8, 1, 1))).isEmpty();
    assertThat(view.member(TestMembers.peer(8)).orElseThrow().index()).isEqualTo(4);
    assertThat(apply(8, join(8, 1, 2))).contains(Refusal.ALREADY_A_MEMBER);
    assertThat(apply(9, join(9, 1, 1))).contains(Refusal.TICKET_SPENT);
    assertThat(apply(9, join(9, 8, 3))).as("members invite on").isEmpty();
  }

  @Test
  void aTicket_isWorthNothingAfterItsExpiry_orFromAStranger() throws IOException {
    now = 2_000_001;
    assertThat(apply(8, join(8, 1, 1))).contains(Refusal.TICKET_EXPIRED);
    now = 2_000_000;
    assertThat(apply(8, join(8, 50, 1))).contains(Refusal.NOT_A_MEMBER);
    assertThat(apply(8, join(8, 1, 1))).isEmpty();
  }

  @Test
  void everySignatureOfAMemberPut_counts() throws IOException {
    MemberPut good = join(8, 1, 1);
    Bytes bad = Bytes.repeat((byte) 1, 64);
    assertThat(apply(9, good)).as("sent by another").contains(Refusal.BAD_SIGNATURE);
    MemberPut.Invitation ticket = good.ticket();
    List<MemberPut> forged =
        List.of(
            new MemberPut(good.member(), good.name(), good.site(), good.grant(), ticket, bad),
            new MemberPut(
                good.member(),
                good.name(),
                good.site(),
                good.grant(),
                new MemberPut.Invitation(
                    ticket.key(), ticket.expiresMillis() + 1, ticket.inviter(), true, bad),
                good.ticketSignature()),
            new MemberPut(
                good.member(),
                good.name(),
                good.site(),
                good.grant(),
                new MemberPut.Invitation(
                    ticket.key(),
                    ticket.expiresMillis(),
                    ticket.inviter(),
                    false,
                    ticket.inviterSignature()),
                good.ticketSignature()),
            new MemberPut(
                good.member(),
                good.name(),
                good.site(),
                TestMembers.grant(Bytes32.ZERO, TestMembers.OWNER, good.member()),
                ticket,
                good.ticketSignature()));
    for (MemberPut put : forged) {
      assertThat(apply(8, put)).contains(Refusal.BAD_SIGNATURE);
    }
    assertThat(apply(8, good)).isEmpty();
  }

  @Test
  void strangers_haveNoSay() throws IOException {
    assertThat(apply(9, OFFER)).contains(Refusal.NOT_A_MEMBER);
    assertThat(apply(9, new GroupDead(realmId, 1))).contains(Refusal.NOT_A_MEMBER);
  }

  @Test
  void anOffer_replacesTheLast() throws IOException {
    apply(2, OFFER);
    OfferPut next = new OfferPut(1, 64, 0, List.of(), 60);
    assertThat(apply(2, next)).isEmpty();
    assertThat(view.member(2).orElseThrow().offer()).contains(next);
  }

  @Test
  void aBatch_countsOnce_whateverTheOrder_andNotAfterItsExpiry() throws IOException {
    Batch high = batch(1, 2_000, List.<Fact>of(OFFER));
    Batch low = batch(1, 1_500, List.<Fact>of(OFFER, OFFER));
    Batch ancient = batch(1, 900, List.<Fact>of(OFFER));
    assertThat(apply(high)).containsExactly(Optional.empty());
    assertThat(apply(high)).containsExactly(Optional.of(Refusal.REPLAYED));
    assertThat(apply(low)).containsExactly(Optional.empty(), Optional.empty());
    assertThat(apply(low, low)).hasSize(4).allMatch(Optional.of(Refusal.REPLAYED)::equals);
    assertThat(apply(ancient)).containsExactly(Optional.of(Refusal.REPLAYED));
    Batch expired = Batch.sign(realmId, TestMembers.device(1), 2_001, 5, List.<Fact>of(OFFER));
    assertThat(apply(expired)).containsExactly(Optional.of(Refusal.EXPIRED));
    assertThat(Executor.fits(store, high, 1)).isFalse();
    assertThat(Executor.fits(store, batch(1, 1_501, List.<Fact>of(OFFER)), 1)).isTrue();
  }
}
