package dev.kith.ledger.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class HistoryTest {
  private static final int HEADERS = 70;

  private final List<Bytes32> digests = new ArrayList<>();
  private final List<History> histories = new ArrayList<>();
  private final Map<String, Bytes32> made = new HashMap<>();

  HistoryTest() {
    History history = History.EMPTY;
    histories.add(history);
    for (int height = 1; height <= HEADERS; height++) {
      Bytes32 digest = Hash.sha256(Bytes.ofUnsignedInt(height));
      digests.add(digest);
      history = history.with(digest, (level, index, hash) -> made.put(level + "/" + index, hash));
      histories.add(history);
    }
  }

  private Bytes32 source(int level, long index) throws IOException {
    Bytes32 found = made.get(level + "/" + index);
    if (found == null) {
      throw new IOException("no tree " + index + " of level " + level);
    }
    return found;
  }

  @Test
  void root_isThatOfTheTreeOverAllDigests() throws IOException {
    for (int size = 0; size <= HEADERS; size++) {
      assertThat(histories.get(size).root())
          .as("%s headers", size)
          .isEqualTo(Merkle.root(digests.subList(0, size)));
      assertThat(History.at(size, this::source)).isEqualTo(histories.get(size));
    }
  }

  @Test
  void everyHeader_isProvedUnderEveryLaterOne() throws IOException {
    for (int size = 1; size <= HEADERS; size++) {
      Bytes32 root = histories.get(size).root();
      for (int height = 1; height <= size; height++) {
        HistoryPath path = HistoryPath.of(height, size, this::source);
        Bytes32 digest = digests.get(height - 1);
        assertThat(path.siblings())
            .isEqualTo(Merkle.path(digests.subList(0, size), height - 1))
            .hasSizeLessThanOrEqualTo(7);
        assertThat(path.leads(digest, height, size + 1L, root)).isTrue();
        assertThat(path.leads(digest, height + 1L, size + 1L, root)).isFalse();
        assertThat(path.leads(digest, height - 1L, size + 1L, root)).isFalse();
        assertThat(path.leads(digest, height, size, histories.get(size - 1).root())).isFalse();
        assertThat(path.leads(root, height, size + 1L, root)).isFalse();
      }
    }
  }

  @Test
  void encodings_comeBack() throws IOException {
    for (int size = 1; size <= HEADERS; size++) {
      Writer to = new Writer();
      histories.get(size).write(to);
      assertThat(Reader.whole(to.toBytes(), History::read)).isEqualTo(histories.get(size));
      Writer path = new Writer();
      HistoryPath.of(1, size, this::source).write(path);
      assertThat(Reader.whole(path.toBytes(), HistoryPath::read))
          .isEqualTo(HistoryPath.of(1, size, this::source));
    }
  }

  @Test
  void aHeightOutsideTheHistory_cannotBeAskedFor() {
    assertThatThrownBy(() -> HistoryPath.of(0, 5, this::source))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HistoryPath.of(6, 5, this::source))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
