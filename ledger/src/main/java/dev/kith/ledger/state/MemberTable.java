package dev.kith.ledger.state;

import dev.kith.ledger.Member;
import dev.kith.ledger.record.FactCodec;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The members in memory: every inbound stream asks whether its peer is one. Thread-safe; one thread
 * updates.
 */
public final class MemberTable {
  private final StateReader state;
  private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of());

  /** Reads all members of a state. */
  public MemberTable(StateReader state) throws IOException {
    this.state = state;
    reload();
  }

  /** Takes over what a block changed, once it is committed. */
  public void update(Overlay changes) throws IOException {
    for (Map.Entry<Bytes, Optional<Bytes>> change : changes.changes()) {
      byte kind = change.getKey().get(0);
      if (kind == 'm' || kind == 'o' || kind == 'E') {
        reload();
        return;
      }
    }
  }

  Optional<Member> get(PeerId peer) {
    Snapshot now = snapshot;
    Integer index = now.indices.get(peer);
    return index == null ? Optional.empty() : Optional.of(now.members.get(index));
  }

  Optional<Member> get(int index) {
    List<Member> members = snapshot.members;
    return index >= 0 && index < members.size()
        ? Optional.of(members.get(index))
        : Optional.empty();
  }

  List<Member> all() {
    return snapshot.members;
  }

  private void reload() throws IOException {
    List<Member> members = new ArrayList<>();
    Map<PeerId, Integer> indices = new HashMap<>();
    int count = MemberRules.count(state);
    EpochRow epoch = Epochs.current(state);
    for (int index = 0; index < count; index++) {
      Bytes found = state.get(StateKeys.member(index));
      if (found == null) {
        throw new IllegalStateException("member " + index + " of " + count + " has no row");
      }
      MemberRow row = MemberRow.decode(found);
      Bytes offer = state.get(StateKeys.offer(index));
      members.add(
          new Member(
              index,
              row.peer(),
              row.name(),
              row.site(),
              row.grant(),
              offer != null && FactCodec.decode(offer) instanceof OfferPut put
                  ? Optional.of(put)
                  : Optional.empty(),
              epoch.seatOf(index) >= 0));
      indices.put(row.peer(), index);
    }
    snapshot = new Snapshot(List.copyOf(members), Map.copyOf(indices));
  }

  private record Snapshot(List<Member> members, Map<PeerId, Integer> indices) {}
}
