package dev.kith.ledger.state;

import static dev.kith.ledger.TestFacts.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.GroupRow;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TestFacts;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.MemberPut;
import dev.kith.libp2p.identity.Keys;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

final class MapRulesTest extends StateTest {
  private MapUpdate map(int version, List<Integer> holders, List<Integer> proved) {
    return TestFacts.map(realmId, version, holders, proved);
  }

  /** A member of another owner. */
  private int stranger() throws IOException {
    MemberPut put = TestMembers.join(realmId, 8, 1, 1, 2_000_000);
    DeviceGrant other = TestMembers.grant(realmId, Keys.secp256k1FromSeed(77), TestMembers.peer(8));
    apply(8, new MemberPut(put.member(), "other", "", other, put.ticket(), put.ticketSignature()));
    return 8;
  }

  @Test
  void aGroup_isCreatedWithReceipts_andFoundByOwnerAndHolder() throws IOException {
    assertThat(apply(0, map(1, List.of(1, 2, 3), List.of(1, 2, 3)))).isEmpty();
    GroupRow row = view.group(GROUP).orElseThrow();
    assertThat(row.holders()).containsExactly(1, 2, 3);
    assertThat(row.createdMillis()).isEqualTo(now);
    assertThat(row.committed()).isFalse();
    assertThat(view.groupsOfOwner(TestMembers.ownerKey())).containsExactly(row);
    assertThat(view.groupsHeldBy(2)).containsExactly(row);
    assertThat(view.groupsHeldBy(0)).isEmpty();
  }

  @Test
  void holdersWithoutAReceipt_orWithAnothers_areRefused() throws IOException {
    assertThat(apply(0, map(1, List.of(1, 2), List.of(1)))).contains(Refusal.BAD_SIGNATURE);
    assertThat(apply(0, map(1, List.of(1, 60), List.of(1, 60)))).contains(Refusal.NOT_A_MEMBER);
    assertThat(apply(0, map(1, List.of(), List.of()))).contains(Refusal.OUT_OF_BOUNDS);
    MapUpdate good = map(1, List.of(1, 2), List.of(1, 2));
    List<MapUpdate.Holder> swapped =
        List.of(
            new MapUpdate.Holder(1, good.holders().get(1).receipt()),
            new MapUpdate.Holder(2, good.holders().get(0).receipt()));
    MapUpdate forged =
        new MapUpdate(
            good.owner(),
            good.putId(),
            good.number(),
            1,
            good.root(),
            swapped,
            3,
            good.bytes(),
            good.chunks());
    assertThat(apply(0, forged)).contains(Refusal.BAD_SIGNATURE);
  }

  @Test
  void updates_areCompareAndSet() throws IOException {
    assertThat(apply(0, map(2, List.of(1), List.of(1)))).contains(Refusal.UNKNOWN_GROUP);
    apply(0, map(1, List.of(1, 2), List.of(1, 2)));
    assertThat(apply(0, map(1, List.of(1, 2), List.of(1, 2)))).contains(Refusal.WRONG_VERSION);
    assertThat(apply(0, map(3, List.of(1, 2), List.of()))).contains(Refusal.WRONG_VERSION);
    assertThat(apply(1, map(2, List.of(2, 3), List.of(3)))).as("another device").isEmpty();
    assertThat(view.group(GROUP).orElseThrow().holders()).containsExactly(2, 3);
    assertThat(view.groupsHeldBy(1)).isEmpty();
    assertThat(apply(0, map(3, List.of(2, 3, 1), List.of())))
        .as("a holder that left shows a receipt again")
        .contains(Refusal.BAD_SIGNATURE);
  }

  @Test
  void aHolderOfAnotherOwner_mayLeave_andNothingElse() throws IOException {
    int stranger = stranger();
    int index = view.member(TestMembers.peer(stranger)).orElseThrow().index();
    Bytes receipt = TestFacts.receipt(realmId, stranger);
    MapUpdate first = map(1, List.of(1, 2), List.of(1, 2));
    List<MapUpdate.Holder> three =
        List.of(
            first.holders().get(0), first.holders().get(1), new MapUpdate.Holder(index, receipt));
    MapUpdate withStranger =
        new MapUpdate(
            first.owner(),
            first.putId(),
            first.number(),
            1,
            first.root(),
            three,
            3,
            first.bytes(),
            first.chunks());
    assertThat(apply(stranger, withStranger)).contains(Refusal.NOT_THE_OWNER);
    assertThat(apply(0, withStranger)).isEmpty();
    assertThat(apply(stranger, map(2, List.of(2), List.of()))).contains(Refusal.NOT_THE_OWNER);
    assertThat(apply(stranger, new GroupDead(GROUP, 1))).contains(Refusal.NOT_THE_OWNER);
    assertThat(apply(stranger, map(2, List.of(1, 2), List.of()))).isEmpty();
    assertThat(view.groupsHeldBy(index)).isEmpty();
  }

  @Test
  void aDeadGroup_isGone_andNeverComesBack() throws IOException {
    apply(0, map(1, List.of(1, 2), List.of(1, 2)));
    assertThat(apply(0, new GroupDead(GROUP, 2))).contains(Refusal.WRONG_VERSION);
    assertThat(apply(0, new GroupDead(GROUP, 1))).isEmpty();
    assertThat(view.group(GROUP)).isEmpty();
    assertThat(view.groupsHeldBy(1)).isEmpty();
    assertThat(view.groupsOfOwner(TestMembers.ownerKey())).isEmpty();
    assertThat(apply(0, new GroupDead(GROUP, 1))).contains(Refusal.UNKNOWN_GROUP);
    assertThat(apply(0, map(1, List.of(1), List.of(1)))).contains(Refusal.UNKNOWN_GROUP);
  }

  @Test
  void aNamespace_isCompareAndSet_andCommitsItsPut() throws IOException {
    int stranger = stranger();
    apply(0, map(1, List.of(1, 2), List.of(1, 2)));
    assertThat(apply(stranger, TestFacts.namespace(1, 1))).contains(Refusal.NOT_THE_OWNER);
    assertThat(apply(0, TestFacts.namespace(2, 1))).contains(Refusal.WRONG_VERSION);
    assertThat(apply(0, TestFacts.namespace(1, 1))).isEmpty();
    assertThat(apply(1, TestFacts.namespace(1, 1))).contains(Refusal.WRONG_VERSION);
    assertThat(apply(1, TestFacts.namespace(2, 1))).isEmpty();
    assertThat(view.namespace(TestMembers.ownerKey()).orElseThrow().version()).isEqualTo(2);
    assertThat(view.group(GROUP).orElseThrow().committed()).isTrue();
  }

  @Test
  void aNamespace_isRefused_whereARowOfItsPutIsMissing() throws IOException {
    MapUpdate row = map(1, List.of(1, 2), List.of(1, 2));
    assertThat(apply(0, TestFacts.namespace(1, 1))).contains(Refusal.UNKNOWN_GROUP);
    assertThat(apply(batch(0, 100, List.of(row, TestFacts.namespace(1, 2)))))
        .containsExactly(Optional.empty(), Optional.of(Refusal.UNKNOWN_GROUP));
    apply(0, new GroupDead(GROUP, 1));
    assertThat(apply(batch(0, 101, List.of(row, TestFacts.namespace(1, 1)))))
        .as("the data may be gone: neither the row nor the names come")
        .containsOnly(Optional.of(Refusal.UNKNOWN_GROUP));
    assertThat(view.namespace(TestMembers.ownerKey())).isEmpty();
    assertThat(apply(0, TestFacts.namespace(1, 0))).isEmpty();
  }

  @Test
  void aNamespace_isAppliedWithTheRowsOfItsBatch() throws IOException {
    MapUpdate row = map(1, List.of(1, 2), List.of(1, 2));
    assertThat(apply(batch(0, 100, List.of(row, TestFacts.namespace(1, 1)))))
        .containsOnly(Optional.empty());
    assertThat(view.group(GROUP).orElseThrow().committed()).isTrue();
  }

  @Test
  void anotherOwner_cannotClaimAGroupsId() throws IOException {
    int stranger = stranger();
    MapUpdate theirs = map(1, List.of(1), List.of(1));
    MapUpdate claim =
        new MapUpdate(
            Keys.secp256k1FromSeed(77).publicKey().raw(),
            theirs.putId(),
            theirs.number(),
            1,
            theirs.root(),
            theirs.holders(),
            3,
            theirs.bytes(),
            theirs.chunks());
    assertThat(claim.group()).isNotEqualTo(GROUP);
    assertThat(apply(stranger, claim)).as("the receipt is for").contains(Refusal.BAD_SIGNATURE);
    assertThat(apply(0, theirs)).isEmpty();
  }
}
