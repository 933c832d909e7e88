package dev.kith.ledger.light;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.proof.EpochLink;
import dev.kith.ledger.proof.FinalHeader;
import dev.kith.ledger.proof.StateProof;
import dev.kith.ledger.proof.TestChain;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.tree.Change;
import dev.kith.ledger.tree.Tree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class LightClientTest {
  private final TestChain chain = new TestChain();
  private final long now = chain.genesis.createdMillis() + 60_000;
  private final LightClient client =
      new LightClient(Anchor.of(chain.genesis), Signatures::verifyHash);

  private static Answer refused(Answer.Reason reason) {
    return new Answer.Refused(reason);
  }

  @Test
  void headersOfTheKnownCommittee_areAccepted() throws IOException {
    for (int i = 1; i <= 10; i++) {
      chain.add(Bytes32.ZERO);
    }
    assertThat(client.header(chain.at(5), now)).isEqualTo(new Answer.Accepted(chain.header(5)));
    assertThat(client.header(chain.at(2, 9), now)).isEqualTo(new Answer.Accepted(chain.header(2)));
    assertThat(client.newest()).contains(chain.header(9));
    assertThat(client.header(chain.at(5), now)).isInstanceOf(Answer.Accepted.class);
  }

  @Test
  void whatNoQuorumSigned_isRefused() {
    chain.add(Bytes32.ZERO);
    FinalHeader weak =
        new FinalHeader(
            chain.header(1),
            Optional.empty(),
            TestChain.finalization(chain.committee, chain.header(1), 1, 2));
    assertThat(client.header(weak, now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
    assertThat(client.newest()).isEmpty();
  }

  @Test
  void aHeaderFromTheFuture_isRefused() {
    chain.add(Bytes32.ZERO);
    assertThat(client.header(chain.at(1), chain.genesis.createdMillis() - 60_000))
        .isEqualTo(refused(Answer.Reason.FROM_THE_FUTURE));
  }

  @Test
  void anotherRealm_isRefused() {
    chain.add(Bytes32.ZERO);
    LightClient elsewhere =
        new LightClient(Anchor.of(TestMembers.genesis(5, 4)), Signatures::verifyHash);
    assertThat(elsewhere.header(chain.at(1), now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
  }

  @Test
  void twoFinalBlocksOfOneHeight_freezeTheClient_andNameWhoSignedBoth() {
    Block fork = chain.propose(7, Bytes32.repeat((byte) 7));
    chain.add(Bytes32.ZERO);
    assertThat(client.header(chain.at(1), now)).isInstanceOf(Answer.Accepted.class);
    FinalHeader other =
        new FinalHeader(
            fork.header(),
            Optional.empty(),
            TestChain.finalization(chain.committee, fork.header(), 1, 2, 3));
    Answer answer = client.header(other, now);
    assertThat(answer).isInstanceOf(Answer.Frozen.class);
    assertThat(client.conflict().orElseThrow().signedBoth())
        .containsExactly(chain.committee.keys().get(1), chain.committee.keys().get(2));
    chain.add(Bytes32.ZERO);
    assertThat(client.header(chain.at(2), now)).as("nothing any more").isEqualTo(answer);
  }

  @Test
  void aProof_isCheckedTogetherWithItsHeader() throws IOException {
    Bytes key = Bytes.of('g');
    Change change = new Change(key, Optional.of(Bytes.of(1)));
    Tree tree = Tree.empty(node -> null).update(1, List.of(change)).tree();
    chain.add(tree.root());
    StateProof good = new StateProof(chain.at(1), key, change.value(), tree.prove(key));
    StateProof bad = new StateProof(chain.at(1), key, Optional.of(Bytes.of(2)), tree.prove(key));
    assertThat(client.proof(bad, now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
    assertThat(client.newest()).isEmpty();
    assertThat(client.proof(good, now)).isInstanceOf(Answer.Accepted.class);

    ProofFile file = new ProofFile(chain.genesis, List.of(), good);
    ProofFile read = ProofFile.decode(file.encode());
    assertThat(read.encode()).isEqualTo(file.encode());
    assertThat(read.verify(chain.genesis.realmId(), now)).isInstanceOf(Answer.Accepted.class);
    assertThat(read.verify(Bytes32.ZERO, now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
    Anchor anchor = Anchor.of(chain.genesis);
    assertThat(Anchor.decode(anchor.encode())).isEqualTo(anchor);
    assertThat(read.verify(anchor, now)).isInstanceOf(Answer.Accepted.class);
    assertThat(new ProofFile(chain.genesis, List.of(), bad).verify(anchor, now))
        .isEqualTo(refused(Answer.Reason.NOT_PROVED));
  }

  @Test
  void aHandOver_makesTheNextCommitteeKnown() {
    chain.add(Bytes32.ZERO);
    chain.end(2, 3, 4, 5);
    EpochLink link = chain.link(2);
    chain.add(Bytes32.ZERO);
    assertThat(client.header(chain.at(3), now)).isEqualTo(refused(Answer.Reason.UNKNOWN_EPOCH));
    EpochLink others = new EpochLink(chain.at(2), Anchor.of(TestMembers.genesis(4, 4)).keys());
    assertThat(client.link(others, now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
    assertThat(client.link(new EpochLink(chain.at(1), link.keys()), now))
        .as("a block in the middle of the epoch")
        .isEqualTo(refused(Answer.Reason.NOT_PROVED));
    assertThat(client.link(link, now)).isEqualTo(new Answer.Accepted(chain.header(2)));
    assertThat(client.committee().keys()).isEqualTo(chain.committee.keys());
    assertThat(client.header(chain.at(3), now)).isEqualTo(new Answer.Accepted(chain.header(3)));
    assertThat(client.header(chain.at(1), now))
        .as("the epoch before")
        .isInstanceOf(Answer.Accepted.class);
  }

  @Test
  void aCommitteeThatWasNotReplaced_needsNoLink() {
    chain.end(0, 1, 2, 3);
    chain.end(3, 2, 1, 0);
    chain.add(Bytes32.ZERO);
    assertThat(client.header(chain.at(3), now)).isEqualTo(new Answer.Accepted(chain.header(3)));
    chain.end(4, 5, 6, 7);
    EpochLink link = chain.link(4);
    chain.add(Bytes32.ZERO);
    assertThat(client.header(chain.at(5), now)).isEqualTo(refused(Answer.Reason.UNKNOWN_EPOCH));
    assertThat(client.link(link, now)).isInstanceOf(Answer.Accepted.class);
    assertThat(client.header(chain.at(5), now)).isInstanceOf(Answer.Accepted.class);
  }

  @Test
  void epochsAreSkipped_whereMoreThanAThirdOfTheTrustedSigned_andTrustIsYoung() throws IOException {
    chain.end(0, 1, 4, 5);
    chain.add(Bytes32.ZERO);
    List<Bytes> keys = chain.committee.keys();
    int[] trusted =
        IntStream.range(0, 4)
            .filter(i -> client.committee().keys().contains(keys.get(i)))
            .toArray();
    int[] strangers =
        IntStream.range(0, 4)
            .filter(i -> !client.committee().keys().contains(keys.get(i)))
            .toArray();
    FinalHeader one = signed(2, trusted[0], strangers[0], strangers[1]);
    assertThat(client.skip(one, keys, now)).isEqualTo(refused(Answer.Reason.TOO_FEW_TRUSTED));
    FinalHeader two = signed(2, trusted[0], trusted[1], strangers[0]);
    long late = chain.genesis.createdMillis() + LightClient.TRUST_PERIOD.toMillis() + 1;
    assertThat(client.skip(two, keys, late)).isEqualTo(refused(Answer.Reason.TRUST_TOO_OLD));
    FinalHeader few = signed(2, trusted[0], trusted[1]);
    assertThat(client.skip(few, keys, now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
    assertThat(client.skip(two, keys.reversed(), now)).isEqualTo(refused(Answer.Reason.NOT_PROVED));
    assertThat(client.skip(two, keys, now)).isEqualTo(new Answer.Accepted(chain.header(2)));
    assertThat(client.committee().keys()).isEqualTo(keys);
  }

  private FinalHeader signed(long height, int... signers) {
    Header header = chain.header(height);
    return new FinalHeader(
        header, Optional.empty(), TestChain.finalization(chain.committee, header, signers));
  }
}
