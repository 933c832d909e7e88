package dev.kith.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.testing.MemoryLedger;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordPagesTest {
  private static final RecordFilter ALL =
      new RecordFilter(Optional.empty(), Optional.empty(), Optional.empty());

  @Test
  void pages_joinToWhatOneAnswerWouldHold() throws Exception {
    MemoryLedger memory = new MemoryLedger();
    PeerId peer = Keys.secp256k1FromSeed(1).publicKey().peerId();
    memory.join(peer, Keys.secp256k1FromSeed(1).publicKey().raw());
    Ledger ledger = memory.replica(peer);
    Fact fact = new OfferPut(1, 1, 0, List.of(), 60);
    // Blocks that a page's end cuts in two.
    for (int block = 0; block < 13; block++) {
      ledger.submit(Collections.nCopies(700 + block, fact), Duration.ofSeconds(1));
    }
    for (int limit : new int[] {1, 700, 4_499, 4_500, 4_501, 9_000, 9_177, 9_178, 20_000}) {
      List<RecordEntry> expected = ledger.records(0, ALL, limit);
      List<RecordEntry> read = new RecordPages(ledger, 0, ALL, limit).stream().toList();
      assertThat(read).as("limit %d", limit).containsExactlyElementsOf(expected);
    }
    assertThat(new RecordPages(ledger, 14, ALL, 10).stream()).isEmpty();
  }
}
