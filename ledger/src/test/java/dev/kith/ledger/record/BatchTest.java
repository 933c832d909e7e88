package dev.kith.ledger.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.TestFacts;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.codec.DecodeException;
import java.util.Collections;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class BatchTest {
  private static final Bytes32 REALM = Bytes32.repeat((byte) 1);
  private static final Bytes32 OTHER_REALM = Bytes32.repeat((byte) 2);

  private final Batch batch =
      Batch.sign(REALM, TestMembers.device(1), 5, 100, TestFacts.all(REALM));

  @Test
  void aSignedBatch_isTheAuthorsInItsRealmOnly() throws DecodeException {
    Batch received = Batch.decode(batch.encoded());
    assertThat(received).isEqualTo(batch);
    assertThat(received.verify(REALM)).isTrue();
    assertThat(received.verify(OTHER_REALM)).isFalse();
  }

  @Test
  void anotherSequenceOrFact_isAnotherDigest_andTheSignatureIsNoPartOfIt() throws Exception {
    assertThat(Batch.sign(REALM, TestMembers.device(1), 6, 100, batch.facts()).digest())
        .isNotEqualTo(batch.digest());
    Bytes forged =
        Bytes.concatenate(
            batch.encoded().slice(0, batch.encoded().size() - 64), Bytes.repeat((byte) 7, 64));
    Batch received = Batch.decode(forged);
    assertThat(received.digest()).isEqualTo(batch.digest());
    assertThat(received.verify(REALM)).isFalse();
  }

  @Test
  void records_carryTheirPlaceInTheBatch() {
    List<SignedRecord> records = batch.records();
    assertThat(records).hasSize(batch.facts().size());
    assertThat(records.get(3).index()).isEqualTo(3);
    assertThat(records.get(3).fact()).isEqualTo(batch.facts().get(3));
    assertThat(records.stream().map(SignedRecord::id).distinct()).hasSize(batch.facts().size());
  }

  @Test
  void tooManyFacts_orTooManyBytes_areRefused() {
    Fact small = new GroupDead(REALM, 1);
    assertThatThrownBy(
            () -> Batch.sign(REALM, TestMembers.device(1), 1, 1, Collections.nCopies(257, small)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("facts");
    Fact large = new PartDone(TestFacts.TASK, 1, Collections.nCopies(32, TestFacts.result(1, 1)));
    assertThatThrownBy(
            () -> Batch.sign(REALM, TestMembers.device(1), 1, 1, Collections.nCopies(64, large)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes");
  }
}
