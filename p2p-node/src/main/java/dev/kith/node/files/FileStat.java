package dev.kith.node.files;

import dev.kith.libp2p.identity.PeerId;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/** Where a file lies. */
public record FileStat(FileEntry entry, int chunks, List<GroupStat> groups) {
  public FileStat {
    groups = List.copyOf(groups);
  }

  /**
   * @param holders by the chunk map
   * @param wanted copies wanted
   * @param bytes of one copy
   */
  public record GroupStat(Bytes32 id, List<PeerId> holders, int wanted, long bytes) {
    public GroupStat {
      holders = List.copyOf(holders);
    }
  }
}
