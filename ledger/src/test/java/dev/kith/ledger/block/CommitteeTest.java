package dev.kith.ledger.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.Signatures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommitteeTest {
  private static final Bytes32 REALM = Bytes32.repeat((byte) 1);
  private static final Bytes32 DIGEST = Bytes32.repeat((byte) 8);
  private static final Statement FINAL = Statement.finalize(0, 3, DIGEST);

  private final Committee four = committee(4);

  static Committee committee(int size) {
    List<Bytes> keys =
        IntStream.range(0, size).mapToObj(i -> TestMembers.device(i).publicKey().raw()).toList();
    return new Committee(REALM, 0, keys, REALM, Signatures::verifyHash);
  }

  /** The signature of the validator with this index, who need not be the device of that number. */
  static Vote vote(Committee committee, int signer, Statement statement) {
    for (int device = 0; ; device++) {
      if (TestMembers.device(device).publicKey().raw().equals(committee.keys().get(signer))) {
        Bytes32 hash = committee.signingHash(statement);
        return new Vote(statement, signer, Signatures.signHash(TestMembers.device(device), hash));
      }
    }
  }

  /** Bug list 8: a quorum of 2f + 1 is too small where n is not 3f + 1. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "3, 0, 2",
    "4, 1, 3",
    "6, 1, 4",
    "9, 2, 6",
    "12, 3, 8",
    "15, 4, 10",
    "21, 6, 14",
    "30, 9, 20"
  })
  void quorums_shareAnHonestMember(int size, int faults, int quorum) {
    Committee committee = committee(size);
    assertThat(committee.faults()).isEqualTo(faults);
    assertThat(committee.quorum()).isEqualTo(quorum);
    assertThat(2 * quorum - size).isGreaterThan(faults);
  }

  /** Bug list 9: leaders follow from the epoch's boundary alone, and everybody gets a turn. */
  @Test
  void leaders_areTheSameForAll_andEverybodyLeads() {
    for (int size : List.of(1, 3, 4, 9, 30)) {
      Committee committee = committee(size);
      List<Integer> term =
          LongStream.rangeClosed(1, size).mapToObj(committee::leader).sorted().toList();
      assertThat(term).containsExactlyElementsOf(IntStream.range(0, size).boxed().toList());
      List<Bytes> reversed = new ArrayList<>(committee.keys()).reversed();
      Committee same = new Committee(REALM, 0, reversed, REALM, Signatures::verifyHash);
      assertThat(LongStream.rangeClosed(1, 100).map(same::leader).toArray())
          .isEqualTo(LongStream.rangeClosed(1, 100).map(committee::leader).toArray());
    }
  }

  @Test
  void aCertificate_provesWhatAQuorumSigned() throws Exception {
    Certificate certificate = certificate(FINAL, 0, 2, 3);
    assertThat(four.verify(certificate)).isTrue();
    assertThat(certificate.votes()).allMatch(four::verify).hasSize(3);
    assertThat(certificate(FINAL, 0, 2).signatures()).hasSize(2);
    assertThat(four.verify(certificate(FINAL, 0, 2))).as("no quorum").isFalse();
  }

  @Test
  void forgedCertificates_proveNothing() {
    List<Bytes> good = certificate(FINAL, 0, 1, 2).signatures();
    assertThat(four.verify(new Certificate(FINAL, 0b1011, good))).as("other signers").isFalse();
    assertThat(four.verify(new Certificate(FINAL, 0b10011, good)))
        .as("a signer beyond the committee")
        .isFalse();
    Statement other = Statement.finalize(0, 4, DIGEST);
    assertThat(four.verify(new Certificate(other, 0b111, good))).as("other view").isFalse();
    Statement kind = Statement.notarize(0, 3, DIGEST);
    assertThat(four.verify(new Certificate(kind, 0b111, good))).as("other kind").isFalse();
    List<Bytes> oneBad = List.of(good.get(0), good.get(1), Bytes.repeat((byte) 1, 64));
    assertThat(four.verify(new Certificate(FINAL, 0b111, oneBad))).as("one bad").isFalse();
    Committee elsewhere = new Committee(DIGEST, 0, four.keys(), REALM, Signatures::verifyHash);
    assertThat(elsewhere.verify(certificate(FINAL, 0, 1, 2))).as("other realm").isFalse();
  }

  private Certificate certificate(Statement statement, int... signers) {
    List<Vote> votes = new ArrayList<>();
    for (int signer : signers) {
      votes.add(vote(four, signer, statement));
    }
    return Certificate.of(statement, votes);
  }
}
