package dev.kith.node.files;

import dev.kith.dht.chunk.GroupId;
import dev.kith.libp2p.datastore.Datastore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What puts leave behind when this process ends in their midst. Thread-safe.
 *
 * <pre>
 * 'r' put -> number of the newest group, u32     a put that is sending: without a record it is dead
 * 'p' put -> {@link PutRecord}                   a put whose data is durable: it goes on
 * </pre>
 */
final class PutJournal implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PutJournal.class);

  private final Datastore datastore;
  private final Bytes owner;

  /** A put that was sending when the process ended. */
  record Dead(Bytes putId, int newestGroup) {}

  PutJournal(Datastore datastore, Bytes owner) {
    this.datastore = datastore;
    this.owner = owner;
  }

  /**
   * A put is about to open a group. A crash of the machine may lose this, and then leaves local
   * data that only the comparison with the ledger finds.
   */
  void sending(Bytes putId, int group) throws IOException {
    byte[] number = ByteBuffer.allocate(4).putInt(group).array();
    datastore.write(new Datastore.Batch().put(key('r', putId), number), false);
  }

  /** The data of a put is durable. From now on it goes on whatever happens. */
  void stored(PutRecord put) throws IOException {
    datastore.write(
        new Datastore.Batch()
            .put(key('p', put.putId()), put.encode())
            .delete(key('r', put.putId())),
        true);
  }

  /** A put can never be final. After a crash of the machine, too, it must not begin again. */
  void giveUp(Bytes putId) throws IOException {
    datastore.write(new Datastore.Batch().delete(key('p', putId)), true);
  }

  /** Nothing is left to do for a put. */
  void done(Bytes putId) throws IOException {
    datastore.write(new Datastore.Batch().delete(key('p', putId)).delete(key('r', putId)), false);
  }

  boolean holds(Bytes putId) throws IOException {
    return datastore.get(key('p', putId)) != null;
  }

  Optional<PutRecord> find(Bytes putId) throws IOException {
    byte[] record = datastore.get(key('p', putId));
    return record == null ? Optional.empty() : Optional.of(PutRecord.decode(record, owner));
  }

  /** The puts that are to go on. */
  List<PutRecord> stored() throws IOException {
    List<PutRecord> puts = new ArrayList<>();
    datastore.scan(
        new byte[] {'p'},
        (key, value) -> {
          try {
            puts.add(PutRecord.decode(value, owner));
          } catch (IOException e) {
            LOG.error("the journal's record of put {} is unreadable", putId(key), e);
          }
          return true;
        });
    return puts;
  }

  /** The puts that cannot go on, as what was to be read is gone. */
  List<Dead> dead() throws IOException {
    List<Dead> dead = new ArrayList<>();
    datastore.scan(
        new byte[] {'r'},
        (key, value) -> dead.add(new Dead(putId(key), ByteBuffer.wrap(value).getInt())));
    return dead;
  }

  private static Bytes putId(byte[] key) {
    return Bytes.wrap(Arrays.copyOfRange(key, 1, key.length));
  }

  private static byte[] key(char kind, Bytes putId) {
    return ByteBuffer.allocate(1 + GroupId.PUT_ID_BYTES)
        .put((byte) kind)
        .put(putId.toArrayUnsafe())
        .array();
  }

  @Override
  public void close() throws IOException {
    datastore.close();
  }
}
