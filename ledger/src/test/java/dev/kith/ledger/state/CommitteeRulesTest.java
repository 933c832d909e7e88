package dev.kith.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.record.ValidatorReady;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

/** A realm of four members that its first one founded. */
final class CommitteeRulesTest extends StateTest {
  private static ValidatorReady ready(long epoch, int journal) {
    return new ValidatorReady(epoch, Bytes.repeat((byte) journal, 16));
  }

  private List<Integer> seats() {
    return view.committee().seats().stream().map(CommitteeRow.Seat::member).sorted().toList();
  }

  @Test
  void theThirdDeviceThatIsReady_makesACommitteeOfThree_theFourthOneOfFour() throws IOException {
    assertThat(apply(1, ready(0, 1))).isEmpty();
    assertThat(seats()).containsExactly(0);
    assertThat(apply(2, ready(0, 2))).isEmpty();
    assertThat(seats()).containsExactly(0, 1, 2);
    assertThat(view.committee().epoch()).isEqualTo(1);
    assertThat(apply(3, ready(0, 3))).contains(Refusal.WRONG_EPOCH);
    assertThat(apply(3, ready(1, 3))).isEmpty();
    assertThat(seats()).containsExactly(0, 1, 2, 3);
    assertThat(apply(1, ready(2, 1))).contains(Refusal.NOTHING_NEW);
  }

  /** The ready gate: power is never given to devices that may be asleep. */
  @Test
  void whoWasReadyLongAgo_getsNoSeat() throws IOException {
    apply(1, ready(0, 1));
    now += Epochs.READY_MILLIS + 1;
    apply(2, ready(0, 2));
    assertThat(seats()).containsExactly(0);
    now += 1;
    apply(1, ready(0, 1));
    assertThat(seats()).containsExactly(0, 1, 2);
  }

  @Test
  void theSeatNamesTheJournal_withWhichItsHolderWasReady() throws IOException {
    apply(1, ready(0, 1));
    apply(1, ready(0, 7));
    apply(2, ready(0, 2));
    EpochRow epoch = Epochs.current(store);
    assertThat(epoch.seats().get(epoch.seatOf(1)).journal()).isEqualTo(Bytes.repeat((byte) 7, 16));
    assertThat(epoch.seats().get(epoch.seatOf(0)).journal().isZero()).isTrue();
  }

  @Test
  void whoLeaves_losesTheSeatAtOnce_toWhomIsReady() throws IOException {
    assertThat(apply(0, new Leaving(0))).as("nobody is ready").isEmpty();
    assertThat(seats()).containsExactly(0);
    assertThat(apply(1, ready(0, 1))).isEmpty();
    assertThat(seats()).containsExactly(1);
    assertThat(apply(2, new Leaving(1))).contains(Refusal.NOTHING_NEW);
  }

  @Test
  void whoTakesBackThatItLeaves_stays() throws IOException {
    assertThat(apply(0, new Leaving(0))).isEmpty();
    assertThat(apply(0, ready(0, 9))).isEmpty();
    assertThat(apply(1, ready(0, 1))).isEmpty();
    assertThat(seats()).containsExactly(0);
  }

  private Evidence.Said said(int member, Statement statement) {
    return new Evidence.Said(
        statement.kind().number(),
        statement.digest(),
        Signatures.signHash(TestMembers.device(member), Committee.signingHash(realmId, statement)));
  }

  private Evidence lie(int member, long epoch) throws IOException {
    return Evidence.of(
        epoch,
        5,
        Epochs.of(store, epoch).orElseThrow().seatOf(member),
        said(member, Statement.nullify(epoch, 5)),
        said(member, Statement.finalize(epoch, 5, Bytes32.repeat((byte) 1))));
  }

  @Test
  void aProvedLiar_losesItsSeat_andGetsNoneForDays() throws IOException {
    apply(1, ready(0, 1));
    apply(2, ready(0, 2));
    apply(3, ready(1, 3));
    assertThat(seats()).hasSize(4);
    assertThat(apply(0, lie(2, 2))).isEmpty();
    assertThat(seats()).containsExactly(0, 1, 3);
    assertThat(apply(1, lie(2, 2))).contains(Refusal.NOTHING_NEW);
    assertThat(apply(2, ready(3, 2))).contains(Refusal.BANNED);
    now += Ban.PROOF_MILLIS;
    assertThat(apply(2, ready(3, 2))).contains(Refusal.BANNED);
    now += Ban.PROOF_MILLIS + 1;
    assertThat(apply(2, ready(3, 2))).isEmpty();
  }

  /** Whatever somebody makes of an honest validator's votes, it proves nothing. */
  @Test
  void noEvidenceEverBlamesAnHonestValidator() throws IOException {
    apply(1, ready(0, 1));
    apply(2, ready(0, 2));
    Random random = new Random(11);
    int seat = Epochs.current(store).seatOf(1);
    for (int round = 0; round < 200; round++) {
      long viewNumber = 1L + random.nextInt(3);
      Bytes32 block = Bytes32.leftPad(Bytes.of((int) viewNumber));
      Bytes32 other = Bytes32.repeat((byte) 9);
      // What an honest validator says of one view: notarize and finalize of one block, or nullify.
      boolean nullifies = viewNumber == 2;
      Evidence.Said own =
          said(
              1,
              nullifies
                  ? Statement.nullify(1, viewNumber)
                  : Statement.finalize(1, viewNumber, block));
      Evidence.Said forged =
          switch (random.nextInt(3)) {
            case 0 -> // another validator's vote
                said(2, Statement.finalize(1, viewNumber, other));
            case 1 -> // its own of another view
                new Evidence.Said(
                    3, other, said(1, Statement.finalize(1, viewNumber + 1, other)).signature());
            default -> // its own of another epoch
                new Evidence.Said(
                    3, other, said(1, Statement.finalize(0, viewNumber, other)).signature());
          };
      assertThat(apply(0, Evidence.of(1, viewNumber, seat, own, forged)))
          .as("round %s", round)
          .contains(Refusal.NO_OFFENCE);
    }
    assertThat(seats()).containsExactly(0, 1, 2);
  }
}
