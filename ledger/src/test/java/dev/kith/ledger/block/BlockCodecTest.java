package dev.kith.ledger.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.TestFacts;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.record.Batch;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class BlockCodecTest {
  private static final Bytes32 REALM = Bytes32.repeat((byte) 1);

  private final Committee committee = CommitteeTest.committee(4);
  private final ChainPoint genesis = ChainPoint.genesis(REALM, 1_000);
  private final Batch batch =
      Batch.sign(REALM, TestMembers.device(1), 5, 100, TestFacts.all(REALM));

  private Block block(long view, ChainPoint parent, List<BatchRef> refs) {
    return new Block(
        Header.of(
            committee,
            view,
            parent,
            parent.timeMillis() + 1,
            Block.bodyRoot(refs),
            refs.stream().mapToInt(BatchRef::bytes).sum(),
            refs.stream().mapToInt(BatchRef::records).sum(),
            Bytes32.ZERO,
            Bytes32.ZERO),
        refs);
  }

  private Certificate finalization(Block block) {
    Statement statement = Statement.finalize(0, block.view(), block.digest());
    return Certificate.of(
        statement,
        IntStream.range(0, 3)
            .mapToObj(signer -> CommitteeTest.vote(committee, signer, statement))
            .toList());
  }

  @Test
  void aFinalBlock_comesBackAsItWas_andProvesItself() throws DecodeException {
    Block first = block(1, genesis, List.of(BatchRef.of(batch)));
    Block second = block(3, first.point(), List.of());
    Finality finality = new Finality(List.of(second.header()), finalization(second));
    FinalBlock whole = new FinalBlock(first, List.of(batch), finality);
    FinalBlock decoded = Reader.whole(whole.encode(), FinalBlock::read);
    assertThat(decoded).isEqualTo(whole);
    assertThat(decoded.block().header()).isEqualTo(first.header());
    assertThat(decoded.finality().proves(decoded.block(), committee)).isTrue();
    assertThat(decoded.block().header().encode().size()).isEqualTo(Header.BYTES);
  }

  @Test
  void aProofOfAnotherBlock_provesNothing() {
    Block first = block(1, genesis, List.of());
    Block other = block(2, genesis, List.of());
    assertThat(new Finality(List.of(), finalization(other)).proves(first, committee)).isFalse();
    assertThat(new Finality(List.of(other.header()), finalization(other)).proves(first, committee))
        .as("a header that is no descendant")
        .isFalse();
  }

  @Test
  void aBodyThatIsNotTheHeaders_isNoBlock() {
    Header header = block(1, genesis, List.of()).header();
    List<BatchRef> other = List.of(BatchRef.of(batch));
    assertThatThrownBy(() -> new Block(header, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("body");
    assertThatThrownBy(
            () ->
                new FinalBlock(
                    block(1, genesis, other),
                    List.of(),
                    new Finality(List.of(), finalization(block(1, genesis, List.of())))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void alteredBytes_areRefusedPolitely() {
    Block first = block(1, genesis, List.of(BatchRef.of(batch)));
    FinalBlock whole =
        new FinalBlock(first, List.of(batch), new Finality(List.of(), finalization(first)));
    byte[] bytes = whole.encode().toArray();
    Random random = new Random(3);
    for (int round = 0; round < 2_000; round++) {
      byte[] altered = bytes.clone();
      altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        FinalBlock decoded = Reader.whole(Bytes.wrap(altered), FinalBlock::read);
        boolean sound =
            decoded.finality().proves(decoded.block(), committee)
                && decoded.batches().stream().allMatch(b -> b.verify(REALM));
        assertThat(sound).as("bit flip in round %s", round).isFalse();
      } catch (DecodeException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }
}
