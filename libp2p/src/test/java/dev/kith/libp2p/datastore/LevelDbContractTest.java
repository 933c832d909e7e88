package dev.kith.libp2p.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a datastore on disk promises beyond the contract. */
abstract class LevelDbContractTest extends DatastoreContractTest {
  private final LevelDbDatastore.Engine engine;

  LevelDbContractTest(LevelDbDatastore.Engine engine) {
    this.engine = engine;
  }

  @Override
  Datastore open(Path folder) throws IOException {
    return LevelDbDatastore.open(folder, engine);
  }

  @Test
  void reopen_findsWhatWasWritten(@TempDir Path other) throws IOException {
    try (Datastore first = open(other)) {
      first.write(new Datastore.Batch().put(key("a"), key("1")), true);
    }
    try (Datastore second = open(other)) {
      assertThat(second.get(key("a"))).isEqualTo(key("1"));
    }
  }

  @Test
  void reopen_worksWithTheOtherEngine(@TempDir Path other) throws IOException {
    try (Datastore first = open(other)) {
      for (int i = 0; i < 1000; i++) {
        first.write(new Datastore.Batch().put(key("k" + i), new byte[100]), false);
      }
    }
    for (LevelDbDatastore.Engine next : LevelDbDatastore.Engine.values()) {
      try (Datastore second = LevelDbDatastore.open(other, next)) {
        assertThat(second.get(key("k999"))).hasSize(100);
      }
    }
  }

  /** The native library would end the process. */
  @Test
  void write_failsWhileTheDiskIsFullAndWorksAgainAfterwards(@TempDir Path other)
      throws IOException {
    AtomicLong usable = new AtomicLong(1L << 30);
    Datastore.Batch change = new Datastore.Batch().put(key("a"), key("1"));
    try (Datastore store = LevelDbDatastore.open(other, engine, usable::get)) {
      store.write(change, true);
      usable.set(32 << 20);
      assertThatIOException()
          .isThrownBy(() -> store.write(change, true))
          .withMessageContaining("No space left");
      assertThat(store.get(key("a"))).isEqualTo(key("1"));
      store.write(new Datastore.Batch().delete(key("a")), true); // makes room
      assertThat(store.get(key("a"))).isNull();
      usable.set(1L << 30);
      store.write(change, true);
    }
    usable.set(1 << 20);
    assertThatIOException()
        .isThrownBy(() -> LevelDbDatastore.open(other, engine, usable::get).close())
        .withMessageContaining("No space left");
  }

  @Test
  void open_failsWhileAnotherHasIt() throws IOException {
    assertThatIOException().isThrownBy(() -> open(folder).close());
  }

  @Test
  void open_failsClearlyWhereAFileIsInTheWay(@TempDir Path other) throws IOException {
    Path file = Files.writeString(other.resolve("file"), "x");
    assertThatIOException().isThrownBy(() -> open(file).close());
  }
}
