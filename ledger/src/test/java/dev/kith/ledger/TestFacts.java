package dev.kith.ledger;

import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.Receipts;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.ledger.record.ValidatorReady;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Facts for tests, with genuine signatures where a fact carries some. */
public final class TestFacts {
  public static final Bytes32 TASK = Bytes32.repeat((byte) 5);
  public static final Bytes PUT_ID = Bytes.repeat((byte) 3, 16);
  public static final Bytes32 GROUP = MapUpdate.group(TestMembers.ownerKey(), PUT_ID, 0);
  private static final Bytes32 ROOT = Bytes32.repeat((byte) 4);
  private static final long STORED_BYTES = 64L << 20;
  private static final int CHUNKS = 61;

  private TestFacts() {}

  /** A version of the group's row; those in {@code proved} show receipts. */
  public static MapUpdate map(
      Bytes32 realmId, int version, List<Integer> holders, List<Integer> proved) {
    List<MapUpdate.Holder> rows = new ArrayList<>();
    for (int holder : holders) {
      rows.add(
          new MapUpdate.Holder(
              holder, proved.contains(holder) ? receipt(realmId, holder) : Bytes.EMPTY));
    }
    return new MapUpdate(
        TestMembers.ownerKey(), PUT_ID, 0, version, ROOT, rows, 3, STORED_BYTES, CHUNKS);
  }

  public static Bytes receipt(Bytes32 realmId, int holder) {
    Bytes message = Receipts.message(realmId, GROUP, ROOT, STORED_BYTES, CHUNKS);
    return Signatures.sign(TestMembers.device(holder), message);
  }

  public static TaskOpen open(int parts, List<Integer> coordinators, long deadlineMillis) {
    return new TaskOpen(
        TASK,
        TestMembers.ownerKey(),
        Bytes32.repeat((byte) 1),
        Bytes32.repeat((byte) 2),
        parts,
        3,
        deadlineMillis,
        Bytes.fromHexString("0xabcd"),
        coordinators);
  }

  public static Bytes32 answer(int part) {
    return Hash.sha256(Bytes.ofUnsignedInt(part));
  }

  public static PartDone.Result result(int part, int worker) {
    Bytes message = PartDone.message(TASK, part, answer(part));
    return new PartDone.Result(
        part, worker, answer(part), Signatures.sign(TestMembers.device(worker), message));
  }

  public static TaskSeal seal(int term, int parts) {
    List<Bytes32> answers = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      answers.add(answer(part));
    }
    return new TaskSeal(TASK, term, TaskSeal.orderRoot(answers), Bytes32.ZERO, 1234, Bytes.EMPTY);
  }

  /** Names for which the put must have so many rows. */
  public static NamespacePut namespace(long version, int groups) {
    return new NamespacePut(
        TestMembers.ownerKey(), version, ROOT, Bytes.fromHexString("0x1234"), PUT_ID, groups);
  }

  /** One of each kind. */
  public static List<Fact> all(Bytes32 realmId) {
    return List.of(
        TestMembers.join(realmId, 7, 1, 1, 99_000),
        new OfferPut(4, 512, 1L << 40, List.of("runtime.wasm", "lib.größe"), 600),
        map(realmId, 1, List.of(0, 1, 2), List.of(0, 1)),
        new GroupDead(GROUP, 3),
        namespace(8, 1),
        open(64, List.of(1, 2), 1_000_000),
        new LeaseTake(TASK, 2, 77_000),
        new PartDone(TASK, 1, List.of(result(0, 1), result(5, 2))),
        seal(1, 3),
        new TaskVoid(TASK, "cancelled by its owner"),
        new ValidatorReady(3, Bytes.repeat((byte) 6, 16)),
        new Leaving(3),
        Evidence.of(
            3,
            17,
            2,
            new Evidence.Said(3, ROOT, Bytes.repeat((byte) 1, 64)),
            new Evidence.Said(2, Bytes32.ZERO, Bytes.repeat((byte) 2, 64))));
  }
}
