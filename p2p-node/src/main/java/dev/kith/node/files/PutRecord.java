package dev.kith.node.files;

import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.content.GroupName;
import dev.kith.node.files.names.Node;
import dev.kith.node.files.names.NodeCodec;
import dev.kith.node.files.names.PathOp;
import dev.kith.node.files.names.Paths;
import dev.kith.node.files.upload.GroupResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A put, or a removal, whose data is durable and whose ledger steps are not all done: what the
 * journal keeps, so that they can be done at any later time.
 *
 * @param putId 16 bytes
 * @param startedMillis by {@link PutContext#millis}
 * @param base the version of the namespace when it began
 * @param copies wanted
 * @param nextGroup the number of the next group, for folder objects
 * @param operations what it does to the tree
 * @param groups of data
 */
record PutRecord(
    Bytes putId,
    long startedMillis,
    long base,
    int copies,
    int nextGroup,
    List<PathOp> operations,
    List<GroupResult> groups) {
  private static final int VERSION = 1;
  private static final int PUT = 1;
  private static final int REMOVE = 2;
  private static final int RECEIPT_BYTES = 64;

  PutRecord {
    operations = List.copyOf(operations);
    groups = List.copyOf(groups);
  }

  PutRecord withNextGroup(int number) {
    return new PutRecord(putId, startedMillis, base, copies, number, operations, groups);
  }

  /**
   * version u8 = 1 | put 16 | started u63 | base u63 | copies u8 | next group u32 | operations (u32
   * count) | groups (u32 count).
   */
  byte[] encode() {
    Writer to = new Writer(1024);
    to.u8(VERSION).fixed(putId).u63(startedMillis).u63(base).u8(copies).u32(nextGroup);
    to.u32(operations.size());
    operations.forEach(operation -> write(to, operation));
    to.u32(groups.size());
    groups.forEach(group -> write(to, group));
    return to.toArray();
  }

  static PutRecord decode(byte[] encoded, Bytes owner) throws DecodeException {
    Reader from = new Reader(encoded);
    if (from.u8() != VERSION) {
      throw new DecodeException("a put journalled by another version of Kith");
    }
    return from.one(
        r -> {
          Bytes putId = r.fixed(GroupId.PUT_ID_BYTES);
          long started = r.u63();
          long base = r.u63();
          int copies = r.u8();
          int nextGroup = r.u32();
          List<PathOp> operations = new ArrayList<>();
          for (int i = r.u32(); i > 0; i--) {
            operations.add(readOperation(r));
          }
          List<GroupResult> groups = new ArrayList<>();
          for (int i = r.u32(); i > 0; i--) {
            groups.add(readGroup(r, putId, owner));
          }
          r.end();
          return new PutRecord(putId, started, base, copies, nextGroup, operations, groups);
        });
  }

  private static void write(Writer to, PathOp operation) {
    switch (operation) {
      case PathOp.Put put -> {
        to.u8(PUT).text(Paths.join(put.path()));
        NodeCodec.write(to, put.file());
      }
      case PathOp.Remove remove -> to.u8(REMOVE).text(Paths.join(remove.path()));
    }
  }

  private static PathOp readOperation(Reader from) throws DecodeException {
    int kind = from.u8();
    String path = from.text(Paths.PATH_BYTES_MAX);
    List<String> segments;
    try {
      segments = Paths.split(path);
    } catch (dev.kith.node.NodeException e) {
      throw new DecodeException("a path that is none", e);
    }
    return switch (kind) {
      case PUT -> {
        if (!(NodeCodec.read(from) instanceof Node.FileNode file)) {
          throw new DecodeException("a put of a folder");
        }
        yield new PathOp.Put(segments, file);
      }
      case REMOVE -> new PathOp.Remove(segments);
      default -> throw new DecodeException("an operation of kind " + kind);
    };
  }

  private static void write(Writer to, GroupResult group) {
    StoredGroup stored = group.stored();
    to.u32(group.name().number())
        .fixed(stored.root())
        .u63(stored.bytes())
        .u32(stored.chunks())
        .u63(stored.createdMillis())
        .u8(group.wanted())
        .u63(group.plainBytes())
        .u8(group.receipts().size());
    group
        .receipts()
        .forEach(
            (peer, receipt) -> {
              LedgerKey.write(to, peer);
              to.fixed(receipt);
            });
  }

  private static GroupResult readGroup(Reader from, Bytes putId, Bytes owner)
      throws DecodeException {
    GroupName name = new GroupName(putId, from.u32());
    Bytes32 root = from.hash();
    StoredGroup stored = new StoredGroup(name.id(owner), root, from.u63(), from.u32(), from.u63());
    int wanted = from.u8();
    long plain = from.u63();
    SequencedMap<PeerId, Bytes> receipts = new LinkedHashMap<>();
    for (int i = from.u8(); i > 0; i--) {
      receipts.put(LedgerKey.read(from), from.fixed(RECEIPT_BYTES));
    }
    return new GroupResult(name, stored, receipts, wanted, plain);
  }
}
