package dev.kith.node.files.mesh;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.Member;
import dev.kith.ledger.record.Receipts;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.time.Duration;
import org.apache.tuweni.bytes.Bytes;

/**
 * This peer's hands: its host, its replica of the ledger, its store. Thread-safe.
 *
 * @param buffers shared by all transfers of this peer
 */
public record Mesh(
    Host host, Ledger ledger, BlockStore store, ChunkBuffers buffers, PeerHealth health) {
  /** To reach a peer and open a stream. */
  public static final Duration OPEN_TIMEOUT = Duration.ofSeconds(5);

  /** How long a transfer may make no progress before its peer is given up. */
  public static final Duration STALL_TIMEOUT = Duration.ofSeconds(20);

  public PeerId self() {
    return host.id();
  }

  public String storeProtocol() {
    return protocol("store");
  }

  public String fetchProtocol() {
    return protocol("fetch");
  }

  private String protocol(String name) {
    String realm = ledger.realmId().slice(0, 8).toUnprefixedHexString();
    return "/kith/" + realm + "/" + name + "/1";
  }

  /** This peer as a member. */
  public Member selfMember() throws NodeException {
    return ledger
        .view()
        .member(self())
        .orElseThrow(
            () -> new NodeException(Problem.NOT_ALLOWED, "this device is no member of the realm"));
  }

  /** Signs that a group lies on this device's disk. */
  public Bytes signReceipt(StoredGroup group) {
    return Signatures.sign(host.key(), receiptMessage(group));
  }

  /** Whether a receipt is the holder's. */
  public boolean isReceipt(PeerId holder, StoredGroup group, Bytes receipt) {
    return holder
        .publicKey()
        .filter(key -> Signatures.verify(key.raw(), receiptMessage(group), receipt))
        .isPresent();
  }

  private Bytes receiptMessage(StoredGroup group) {
    return Receipts.message(
        ledger.realmId(), group.group().hash(), group.root(), group.bytes(), group.chunks());
  }
}
