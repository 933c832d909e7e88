package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.Signatures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FarBehindTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BLOCKS = 1_000;

  @TempDir Path folder;

  /** Blocks come faster than they are executed: whoever brings them has to wait. */
  @Test
  void aValidatorAThousandBlocksBehind_catchesUp_howeverSlowItIs() throws Exception {
    try (TestRealm realm = new TestRealm(folder, TestMembers.genesis(4, 4));
        Opened behind = open(realm, 0)) {
      List<FinalBlock> blocks = blocks(realm);
      AtomicInteger offered = new AtomicInteger();
      AtomicReference<Exception> failure = new AtomicReference<>();
      Thread source =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (FinalBlock block : blocks) {
                        behind.helm().engine().offer(block);
                        offered.incrementAndGet();
                      }
                    } catch (Exception e) {
                      failure.set(e);
                    }
                  });
      // The slowest loop is one that has not begun.
      await()
          .atMost(PATIENCE)
          .until(() -> offered.get() == BLOCKS || source.getState() == Thread.State.WAITING);
      assertThat(offered.get()).as("blocks ahead").isBetween(10, BLOCKS - 1);
      behind.start();
      source.join(PATIENCE);
      assertThat(failure.get()).isNull();
      await().atMost(PATIENCE).until(() -> behind.replicated().head().height() == BLOCKS);
    }
  }

  /** A chain that the other three made final, each block with one record. */
  private List<FinalBlock> blocks(TestRealm realm) throws Exception {
    List<FinalBlock> blocks = new ArrayList<>();
    try (Opened maker = open(realm, 1)) {
      StateChain chain = maker.replicated().chain();
      Committee committee = maker.replicated().committee();
      for (int height = 1; height <= BLOCKS; height++) {
        Batch batch =
            Batch.sign(
                realm.genesis.realmId(),
                TestMembers.device(1),
                height,
                BLOCKS,
                List.of(TestRealm.offer(1 + height % 9)));
        Block block =
            chain.build(height, chain.head(), 0, List.of(batch), System.currentTimeMillis());
        Statement statement = Statement.finalize(0, height, block.digest());
        List<Vote> votes = new ArrayList<>();
        for (int device = 1; device < 4; device++) {
          votes.add(
              new Vote(
                  statement,
                  committee.keys().indexOf(LedgerKey.of(TestMembers.peer(device))),
                  Signatures.signHash(
                      TestMembers.device(device), committee.signingHash(statement))));
        }
        FinalBlock whole =
            new FinalBlock(
                block, List.of(batch), new Finality(List.of(), Certificate.of(statement, votes)));
        chain.deliver(whole);
        blocks.add(whole);
      }
    }
    return blocks;
  }

  private static Opened open(TestRealm realm, int peer) throws Exception {
    return Opened.open(
        realm.genesis,
        realm.host(peer),
        TestMembers.device(peer),
        realm.folder(peer),
        PeerFinder.NONE,
        Disk.REAL);
  }
}
