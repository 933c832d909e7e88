package dev.kith.libp2p.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Datastore} promises; each implementation has a subclass. */
abstract class DatastoreContractTest {
  @TempDir Path folder;
  private Datastore store;

  abstract Datastore open(Path folder) throws IOException;

  @BeforeEach
  void setUp() throws IOException {
    store = open(folder);
  }

  @AfterEach
  void tearDown() throws IOException {
    store.close();
  }

  @Test
  void get_isNullForAnAbsentKey() throws IOException {
    assertThat(store.get(key("a"))).isNull();
  }

  @Test
  void write_appliesChangesInOrder() throws IOException {
    store.write(
        new Datastore.Batch()
            .put(key("a"), key("1"))
            .put(key("b"), key("2"))
            .delete(key("a"))
            .put(key("b"), key("3")),
        true);
    assertThat(store.get(key("a"))).isNull();
    assertThat(store.get(key("b"))).isEqualTo(key("3"));
  }

  @Test
  void write_takesEmptyValuesAndEmptyBatches() throws IOException {
    store.write(new Datastore.Batch(), true);
    store.write(new Datastore.Batch().put(key("a"), new byte[0]), false);
    assertThat(store.get(key("a"))).isEmpty();
  }

  @Test
  void scan_walksThePrefixInUnsignedOrder() throws IOException {
    store.write(
        new Datastore.Batch()
            .put(new byte[] {1, (byte) 0xff}, key("last"))
            .put(new byte[] {1, 0x7f}, key("middle"))
            .put(new byte[] {1}, key("first"))
            .put(new byte[] {2}, key("outside"))
            .put(new byte[] {0, 1}, key("before")),
        false);
    List<String> seen = new ArrayList<>();
    store.scan(new byte[] {1}, (k, v) -> seen.add(new String(v, StandardCharsets.UTF_8)));
    assertThat(seen).containsExactly("first", "middle", "last");
  }

  @Test
  void scan_endsWhenTheVisitorHasEnough() throws IOException {
    store.write(new Datastore.Batch().put(key("a"), key("1")).put(key("b"), key("2")), false);
    List<byte[]> seen = new ArrayList<>();
    store.scan(
        new byte[0],
        (k, v) -> {
          seen.add(k);
          return false;
        });
    assertThat(seen).containsExactly(key("a"));
  }

  @Test
  void scan_seesTheMomentAtWhichItBegan() throws IOException {
    store.write(new Datastore.Batch().put(key("a"), key("1")).put(key("b"), key("2")), false);
    List<String> seen = new ArrayList<>();
    store.scan(
        new byte[0],
        (k, v) -> {
          store.write(new Datastore.Batch().delete(key("b")).put(key("c"), key("3")), false);
          return seen.add(new String(k, StandardCharsets.UTF_8));
        });
    assertThat(seen).containsExactly("a", "b");
    assertThat(store.get(key("c"))).isEqualTo(key("3"));
  }

  @Test
  void everything_matchesASortedMapUnderRandomChanges() throws IOException {
    long seed = 7;
    Random random = new Random(seed);
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int round = 0; round < 200; round++) {
      Datastore.Batch batch = new Datastore.Batch();
      for (int i = random.nextInt(20); i >= 0; i--) {
        byte[] key = new byte[1 + random.nextInt(2)];
        random.nextBytes(key);
        if (random.nextInt(3) == 0) {
          batch.delete(key);
          model.remove(key);
        } else {
          byte[] value = new byte[random.nextInt(50)];
          random.nextBytes(value);
          batch.put(key, value);
          model.put(key, value);
        }
      }
      store.write(batch, false);
    }
    List<byte[]> seen = new ArrayList<>();
    store.scan(
        new byte[0],
        (k, v) -> {
          seen.add(k);
          assertThat(v).as("seed %d", seed).isEqualTo(model.get(k));
          return true;
        });
    assertThat(seen).as("seed %d", seed).containsExactlyElementsOf(model.keySet());
  }

  @Test
  void close_makesLaterCallsFailAndMayBeCalledTwice() throws IOException {
    store.close();
    store.close();
    assertThatIOException().isThrownBy(() -> store.get(key("a")));
    assertThatIOException().isThrownBy(() -> store.write(new Datastore.Batch(), false));
    assertThatIOException().isThrownBy(() -> store.scan(new byte[0], (k, v) -> true));
  }

  static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
