package dev.kith.ledger.replica;

import static dev.kith.ledger.replica.TestRealm.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.history.History;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.simplex.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three honest validators, and a fourth that proposes whatever it likes when its turn comes. */
final class LyingLeaderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LIAR = 3;

  @TempDir Path folder;
  private TestRealm realm;
  private Committee committee;
  private Mesh mesh;
  private int seat;
  private Batch batch;
  private final Set<Integer> connected = ConcurrentHashMap.newKeySet();
  private final AtomicInteger served = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    realm = new TestRealm(folder, TestMembers.genesis(4, 4));
    committee =
        new Committee(
            realm.genesis.realmId(),
            0,
            realm.genesis.validators().stream().map(LedgerKey::of).toList(),
            realm.genesis.realmId(),
            Signatures::verifyHash);
    seat = committee.keys().indexOf(LedgerKey.of(TestMembers.peer(LIAR)));
    // It expired before it was made, so it has no effect: no state is needed to name the root.
    batch =
        Batch.sign(
            realm.genesis.realmId(), TestMembers.device(LIAR), 1, 0, List.of(offer(1), offer(2)));
    mesh =
        new Mesh(
            new Dialler(realm.host(LIAR), PeerFinder.NONE),
            Protocols.of(realm.genesis.realmId()).mesh(),
            committee.keys().stream().map(LedgerKey::peerId).toList(),
            seat,
            new Liar());
    mesh.start();
    for (int honest = 0; honest < LIAR; honest++) {
      realm.start(honest);
    }
    await().atMost(PATIENCE).until(() -> connected.size() == LIAR);
  }

  @AfterEach
  void stop() {
    mesh.close();
    realm.close();
  }

  /** It would be final, and then nobody could archive it: the realm would stand still for ever. */
  @Test
  void aBlockThatLiesAboutTheLengthOfABatch_isInvalid() throws Exception {
    BatchRef truth = BatchRef.of(batch);
    ChainPoint parent = untilTheLiarLeads();
    propose(parent, new BatchRef(truth.digest(), truth.records(), truth.bytes() + 1));
    await().atMost(PATIENCE).until(() -> served.get() == LIAR);
    assertGoesOn(parent);
    parent = untilTheLiarLeads();
    propose(parent, new BatchRef(truth.digest(), truth.records() - 1, truth.bytes()));
    assertGoesOn(parent);
  }

  /**
   * Else some could execute it and some not, and the realm could do nothing while the liar waits.
   */
  @Test
  void aBlockWithABatchThatHasNoEffect_isValid_alsoWhereTheBatchIsNew() throws Exception {
    ChainPoint parent = untilTheLiarLeads();
    Block block = propose(parent, BatchRef.of(batch));
    for (int honest = 0; honest < LIAR; honest++) {
      Ledger ledger = realm.ledger(honest);
      await().atMost(PATIENCE).until(() -> ledger.view().height() >= block.height());
      assertThat(ledger.blocks(block.height(), 1).getFirst().digest()).isEqualTo(block.digest());
    }
  }

  private void assertGoesOn(ChainPoint parent) throws Exception {
    for (int honest = 0; honest < LIAR; honest++) {
      assertThat(realm.ledger(honest).submit(offer(7), PATIENCE).applied()).isTrue();
      assertThat(realm.ledger(honest).blocks(parent.height() + 1, 1).getFirst().proposer())
          .isNotEqualTo(TestMembers.peer(LIAR));
    }
  }

  /** Records something until the next view is the liar's and everybody waits in it. */
  private ChainPoint untilTheLiarLeads() throws Exception {
    while (true) {
      assertThat(realm.ledger(0).submit(offer(1), PATIENCE).applied()).isTrue();
      long height = realm.ledger(0).view().height();
      BlockSummary head = realm.ledger(0).blocks(height, 1).getFirst();
      if (committee.leader(head.view() + 1) == seat) {
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    IntStream.range(0, LIAR)
                        .mapToObj(realm::ledger)
                        .allMatch(
                            ledger ->
                                ledger.view().height() == height
                                    && ledger.status().view() == head.view() + 1));
        return new ChainPoint(
            head.digest(), head.view(), height, head.timeMillis(), head.records());
      }
    }
  }

  private Block propose(ChainPoint parent, BatchRef ref) throws Exception {
    long view = parent.view() + 1;
    Header header =
        Header.of(
            committee,
            view,
            parent,
            parent.timeMillis() + 1,
            Block.bodyRoot(List.of(ref)),
            ref.bytes(),
            ref.records(),
            realm.ledger(0).blocks(parent.height(), 1).getFirst().stateRoot(),
            history(parent.height()));
    Block block = new Block(header, List.of(ref));
    Statement statement = Statement.notarize(0, view, block.digest());
    Vote vote =
        new Vote(
            statement,
            seat,
            Signatures.signHash(TestMembers.device(LIAR), committee.signingHash(statement)));
    mesh.broadcast(new MeshMessage.Consensus(0, new Message.Propose(block, vote), List.of()));
    return block;
  }

  private Bytes32 history(long height) throws Exception {
    History history = History.EMPTY;
    for (BlockSummary block : realm.ledger(0).blocks(1, (int) height)) {
      history = history.with(block.digest());
    }
    return history.root();
  }

  private final class Liar implements Mesh.Listener {
    @Override
    public void connected(int validator) {
      connected.add(validator);
    }

    @Override
    public void received(int validator, MeshMessage message) {
      if (message instanceof MeshMessage.GetBatches) {
        mesh.send(validator, new MeshMessage.Push(batch));
        served.incrementAndGet();
      }
    }

    @Override
    public void lost(int validator) {
      connected.remove(validator);
    }
  }
}
