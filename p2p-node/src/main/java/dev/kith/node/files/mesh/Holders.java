package dev.kith.node.files.mesh;

import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who holds a group: by the chunk map, and where that says nothing, by the DHT. Thread-safe. */
public final class Holders {
  private static final Logger LOG = LoggerFactory.getLogger(Holders.class);
  private static final int PROVIDERS_MAX = 16;

  private final Mesh mesh;
  private final Providers providers;

  /** Asks the DHT. */
  @FunctionalInterface
  public interface Providers {
    List<PeerId> find(Bytes32 key, int count) throws IOException, InterruptedException;
  }

  public Holders(Mesh mesh, Providers providers) {
    this.mesh = mesh;
    this.providers = providers;
  }

  /** The holders by the chunk map; none where the group is not in it. */
  public List<PeerId> mapped(GroupId group) {
    LedgerView view = mesh.ledger().view();
    Optional<GroupRow> row = view.group(group.hash());
    List<PeerId> holders = new ArrayList<>();
    for (int index : row.map(GroupRow::holders).orElse(List.of())) {
      view.member(index).map(Member::peer).ifPresent(holders::add);
    }
    return holders;
  }

  /** Peers beyond those of the map that say they have the group; asks the DHT. */
  public List<PeerId> announced(GroupId group) throws InterruptedException {
    try {
      List<PeerId> found = new ArrayList<>(providers.find(group.hash(), PROVIDERS_MAX));
      found.removeAll(mapped(group));
      return found;
    } catch (IOException e) {
      LOG.debug("no providers of {} were found", group, e);
      return List.of();
    }
  }
}
