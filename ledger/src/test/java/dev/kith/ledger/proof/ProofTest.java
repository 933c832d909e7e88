package dev.kith.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.TestFacts;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.tree.Change;
import dev.kith.ledger.tree.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class ProofTest {
  private static final List<Bytes> ROWS =
      IntStream.range(0, 256).mapToObj(i -> Bytes.repeat((byte) i, 150)).toList();

  private final TestChain chain = new TestChain();
  private final Tree tree = tree(1_000);

  private static Bytes key(int number) {
    return Bytes.concatenate(Bytes.of('g'), Bytes32.leftPad(Bytes.ofUnsignedInt(number)));
  }

  private static Bytes row(int number) {
    return ROWS.get(number & 0xFF);
  }

  private static Tree tree(int rows) {
    List<Change> changes = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      changes.add(new Change(key(i), Optional.of(row(i))));
    }
    try {
      return Tree.empty(node -> null).update(0, changes).tree();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private StateProof state(FinalHeader at, int number) throws IOException {
    Optional<Bytes> row = number < 1_000 ? Optional.of(row(number)) : Optional.empty();
    return new StateProof(at, key(number), row, tree.prove(key(number)));
  }

  private Batch batch(int author, int facts) {
    List<Fact> all = new ArrayList<>();
    for (int i = 0; i < facts; i++) {
      all.add(new OfferPut(i + 1, 1, 1, List.of("a" + author), 1));
    }
    return Batch.sign(chain.genesis.realmId(), TestMembers.device(author), 1, 1_000, all);
  }

  @Test
  void rows_areProvedUnderTheirHeader_orUnderALaterOne() throws IOException {
    chain.add(tree.root());
    for (int i = 0; i < 20; i++) {
      chain.add(Bytes32.repeat((byte) i));
    }
    for (FinalHeader at : List.of(chain.at(1), chain.at(1, 2), chain.at(1, 21))) {
      for (int number : new int[] {0, 7, 999, 1_000, 5_000}) {
        StateProof proof = state(at, number);
        assertThat(proof.verify(chain.committee)).isTrue();
        assertThat(Proof.decode(proof.encode())).isEqualTo(proof);
      }
    }
    assertThat(state(chain.at(2), 1).verify(chain.committee)).as("another state").isFalse();
    FinalHeader wrong =
        new FinalHeader(chain.header(3), chain.at(1, 9).descent(), chain.at(9).finalization());
    assertThat(wrong.verify(chain.committee)).as("another header's path").isFalse();
  }

  @Test
  void everyRecordOfABlock_isProved() throws IOException {
    Bytes32 realm = chain.genesis.realmId();
    Batch kinds = Batch.sign(realm, TestMembers.device(0), 9, 9, TestFacts.all(realm));
    FinalBlock block = chain.add(Bytes32.ZERO, batch(1, 3), batch(2, 1), batch(3, 60), kinds);
    chain.add(Bytes32.ZERO);
    int records = block.block().header().records();
    for (int position = 0; position < records; position++) {
      FinalHeader at = position % 2 == 0 ? chain.at(1) : chain.at(1, 2);
      RecordProof proof = RecordProof.of(at, block, position);
      assertThat(proof.verify(chain.committee)).as("record %s", position).isTrue();
      assertThat(Proof.decode(proof.encode()).encode()).isEqualTo(proof.encode());
    }
    assertThatThrownBy(() -> RecordProof.of(chain.at(1), block, records))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RecordProof.of(chain.at(1), block, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRecordOfAnotherAuthorOrPlace_isNotProved() {
    FinalBlock block = chain.add(Bytes32.ZERO, batch(1, 3), batch(2, 3));
    RecordProof one = RecordProof.of(chain.at(1), block, 0);
    RecordProof other = RecordProof.of(chain.at(1), block, 4);
    RecordProof swapped =
        new RecordProof(one.at(), other.record(), one.batch(), one.inBatch(), 0, 2, one.inBody());
    assertThat(swapped.verify(chain.committee)).isFalse();
    RecordProof moved =
        new RecordProof(one.at(), one.record(), one.batch(), one.inBatch(), 1, 2, one.inBody());
    assertThat(moved.verify(chain.committee)).isFalse();
  }

  @Test
  void everyFlippedBit_isNoticed() throws IOException {
    FinalBlock block = chain.add(tree.root(), batch(1, 5), batch(2, 2));
    chain.add(Bytes32.ZERO);
    Random random = new Random(8);
    for (Proof proof :
        List.of(
            state(chain.at(1), 3),
            state(chain.at(1, 2), 2_000),
            RecordProof.of(chain.at(1, 2), block, 2))) {
      byte[] sound = proof.encode().toArrayUnsafe();
      for (int i = 0; i < 400; i++) {
        byte[] bent = sound.clone();
        int bit = i < 64 ? i : random.nextInt(sound.length * 8);
        bent[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(proves(Bytes.wrap(bent))).as("seed 8, bit %s", bit).isFalse();
        Bytes cut = Bytes.wrap(sound, 0, random.nextInt(sound.length));
        assertThatThrownBy(() -> Proof.decode(cut)).isInstanceOf(DecodeException.class);
      }
    }
  }

  private boolean proves(Bytes bytes) {
    try {
      return Proof.decode(bytes).verify(chain.committee);
    } catch (DecodeException e) {
      return false;
    }
  }

  @Test
  void fewerThanAQuorum_proveNothing() throws IOException {
    chain.add(tree.root());
    FinalHeader two =
        new FinalHeader(
            chain.header(1),
            Optional.empty(),
            TestChain.finalization(chain.committee, chain.header(1), 0, 3));
    assertThat(state(two, 1).verify(chain.committee)).isFalse();
    Committee strangers =
        new Committee(
            chain.genesis.realmId(),
            0,
            Stream.of(11, 12, 13, 14).map(i -> TestMembers.device(i).publicKey().raw()).toList(),
            chain.genesis.realmId(),
            Signatures::verifyHash);
    FinalHeader forged =
        new FinalHeader(
            chain.header(1),
            Optional.empty(),
            TestChain.finalization(strangers, chain.header(1), 0, 1, 2));
    assertThat(state(forged, 1).verify(chain.committee)).isFalse();
    assertThat(state(chain.at(1), 1).verify(strangers)).isFalse();
  }

  /**
   * The bound that the protocol promises: 2.5 KB at a million keys, with four signers. Of the
   * tree's 64 parts one is as full as it is then, and of the others there is enough that none is
   * empty.
   */
  @Test
  void aStateProofAtAMillionKeys_isShort() throws IOException {
    List<Change> changes = new ArrayList<>();
    List<Integer> there = new ArrayList<>();
    List<Integer> absent = new ArrayList<>();
    for (int number = 0; number < 1_200_000; number++) {
      boolean crowded = Hash.sha256(key(number)).get(0) >> 2 == 0;
      if (number < 1_000_000 && (crowded || number < 2_000)) {
        changes.add(new Change(key(number), Optional.of(row(number))));
      }
      if (crowded) {
        (number < 1_000_000 ? there : absent).add(number);
      }
    }
    Tree million = Tree.empty(node -> null).update(0, changes).tree();
    assertThat(there.size()).isBetween(15_000, 16_500);
    chain.add(million.root());
    FinalHeader at =
        new FinalHeader(
            chain.header(1),
            Optional.empty(),
            TestChain.finalization(chain.committee, chain.header(1), 0, 1, 2, 3));
    int longest = 0;
    for (List<Integer> numbers : List.of(there, absent)) {
      for (int number : numbers) {
        Optional<Bytes> row = number < 1_000_000 ? Optional.of(row(number)) : Optional.empty();
        StateProof proof = new StateProof(at, key(number), row, million.prove(key(number)));
        longest = Math.max(longest, proof.encode().size());
      }
    }
    assertThat(longest).isBetween(1_400, 2_500);
  }
}
