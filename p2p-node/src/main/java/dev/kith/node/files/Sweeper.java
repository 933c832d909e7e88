package dev.kith.node.files;

import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.node.files.mesh.Mesh;
import dev.kith.node.files.names.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the owner's groups that no name leads to any more, and declares them dead.
 *
 * <p>The rows are read before the root. A group that is committed was referred to by the names at
 * that moment; if the names of a later moment do not lead to it, none ever will again, as each put
 * has groups of its own. So devices may sweep at any time, at once, and while others put.
 */
final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  /** A put that is not final after so much chain time has lapsed. */
  static final Duration LAPSES_AFTER = Duration.ofHours(24);

  private static final int FACTS_MAX = 64;
  private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(60);

  private final Mesh mesh;
  private final Bytes owner;
  private final Namespace namespace;
  private final Pins pins;

  Sweeper(Mesh mesh, Bytes owner, Namespace namespace, Pins pins) {
    this.mesh = mesh;
    this.owner = owner;
    this.namespace = namespace;
    this.pins = pins;
  }

  /** Declares what it finds dead; returns how many groups that were. */
  int sweep() throws IOException, InterruptedException {
    LedgerView view = mesh.ledger().view();
    List<GroupRow> rows = view.groupsOfOwner(owner);
    long now = view.timeMillis();
    if (rows.isEmpty()) {
      return 0;
    }
    Set<GroupId> live = live();
    live.addAll(pins.openFiles());
    List<Fact> dead = new ArrayList<>();
    for (GroupRow row : rows) {
      boolean over =
          row.committed()
              ? !live.contains(new GroupId(row.group()))
              : now - row.createdMillis() > LAPSES_AFTER.toMillis();
      if (over && !pins.hasPut(row.putId())) {
        dead.add(new GroupDead(row.group(), row.version()));
      }
    }
    for (int from = 0; from < dead.size(); from += FACTS_MAX) {
      List<Fact> part = dead.subList(from, Math.min(dead.size(), from + FACTS_MAX));
      // Refusals mean that another device was quicker.
      var _ = mesh.ledger().submit(List.copyOf(part), SUBMIT_TIMEOUT);
    }
    if (!dead.isEmpty()) {
      LOG.info("{} of {} groups were declared dead", dead.size(), rows.size());
    }
    return dead.size();
  }

  private Set<GroupId> live() throws IOException, InterruptedException {
    Set<GroupId> live = new HashSet<>();
    Namespace.Root root = namespace.root();
    if (root.folder().isPresent()) {
      add(live, root.folder().get());
      namespace
          .tree()
          .walk(
              root.folder().get(),
              List.of(),
              (_, node) -> {
                add(live, node);
                return true;
              });
    }
    return live;
  }

  private void add(Set<GroupId> live, Node node) {
    node.groups().forEach(name -> live.add(name.id(owner)));
  }
}
