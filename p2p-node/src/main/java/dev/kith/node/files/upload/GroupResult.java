package dev.kith.node.files.upload;

import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.content.GroupName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * A group that is durable on its holders.
 *
 * @param receipts of the holders, 64 bytes each; at least one
 * @param wanted copies that were wanted
 * @param plainBytes the plaintext in it
 */
public record GroupResult(
    GroupName name,
    StoredGroup stored,
    SequencedMap<PeerId, Bytes> receipts,
    int wanted,
    long plainBytes) {
  public GroupResult {
    receipts = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(receipts));
    if (receipts.isEmpty()) {
      throw new IllegalArgumentException("receipts: none");
    }
  }

  public Map<PeerId, Bytes> holders() {
    return receipts;
  }
}
