package dev.kith.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.state.Selection.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

final class SelectionTest {
  private static Candidate candidate(int member, int owner, boolean stays, boolean ready) {
    Bytes key = Bytes.concatenate(Bytes.of(2), Hash.sha256(Bytes.ofUnsignedInt(member)));
    return new Candidate(member, key, Bytes.of(owner), Bytes.repeat((byte) 1, 16), stays, ready);
  }

  private static List<Candidate> members(int first, int count, boolean ready) {
    List<Candidate> members = new ArrayList<>();
    for (int member = first; member < first + count; member++) {
      members.add(candidate(member, 0, true, ready));
    }
    return members;
  }

  private static List<Candidate> both(List<Candidate> some, List<Candidate> others) {
    List<Candidate> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static List<Integer> sorted(Optional<List<Candidate>> next) {
    return next.orElseThrow().stream().map(Candidate::member).sorted().toList();
  }

  @Test
  void committeesGrowToTheLargestSizeThatCanBeFilled() {
    for (int[] each :
        new int[][] {{1, 1, 0}, {1, 2, 3}, {3, 1, 4}, {4, 1, 0}, {4, 2, 6}, {6, 9, 15}}) {
      Optional<List<Candidate>> next =
          new Selection(1, members(0, each[0], true), members(100, each[1], true)).urgent();
      assertThat(next.map(List::size).orElse(0)).isEqualTo(each[2]);
    }
  }

  @Test
  void gradualLoss_walksToOne_withAQuorumAtEachStep() {
    List<Candidate> committee = members(0, 21, true);
    List<Integer> sizes = new ArrayList<>();
    while (committee.size() > 1) {
      int away = Committee.urgentAbsences(committee.size());
      List<Candidate> now = new ArrayList<>(committee.subList(away, committee.size()));
      for (Candidate gone : committee.subList(0, away)) {
        now.add(candidate(gone.member(), 0, true, false));
      }
      committee = new Selection(1, now, List.of()).urgent().orElseThrow();
      sizes.add(committee.size());
    }
    assertThat(sizes).containsExactly(15, 12, 9, 6, 4, 3, 1);
  }

  @Test
  void fewAbsences_waitForTheOrdinaryEnd_whichRenewsASixthAtMost() {
    List<Candidate> incumbents = both(members(0, 11, true), members(11, 1, false));
    Selection selection = new Selection(1, incumbents, members(100, 2, true));
    assertThat(selection.urgent()).isEmpty();
    List<Integer> next = sorted(selection.ordinary());
    assertThat(next).hasSize(12).doesNotContain(11);
    List<Candidate> three = both(members(0, 2, true), members(2, 1, true));
    assertThat(sorted(new Selection(1, three, members(9, 0, true)).ordinary()))
        .containsExactly(0, 1, 2);
  }

  @Test
  void withoutAnybodyWhoIsAwake_thePresentCommitteeStays() {
    assertThat(new Selection(1, members(0, 1, false), List.of()).urgent()).isEmpty();
    assertThat(new Selection(1, List.of(candidate(0, 0, false, true)), List.of()).urgent())
        .isEmpty();
    assertThat(new Selection(1, members(0, 3, false), List.of()).ordinary()).isEmpty();
  }

  @Test
  void seatsGoRoundAmongOwners() {
    List<Candidate> standbys = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      standbys.add(candidate(100 + i, i < 6 ? 7 : 50 + i, true, true));
    }
    List<Candidate> next =
        new Selection(1, List.of(candidate(0, 0, true, true)), standbys.subList(4, 8))
            .urgent()
            .orElseThrow();
    assertThat(next.stream().map(Candidate::owner).distinct()).hasSize(4);
  }
}
