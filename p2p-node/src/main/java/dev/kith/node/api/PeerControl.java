package dev.kith.node.api;

import dev.kith.ledger.Member;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** What the API asks of the peer itself. Thread-safe. */
public interface PeerControl {
  Status status() throws IOException;

  /** All members of the realm, this one included, in the order of joining. */
  List<PeerLine> peers();

  /**
   * Makes a ticket that admits one device.
   *
   * @param expires from now
   * @param guest whether the device is somebody else's: it never gets this owner's files
   */
  Invitation invite(Duration expires, boolean guest) throws IOException;

  /** The newest lines of the daemon's log, oldest first. */
  List<String> log(int lines) throws IOException;

  /** Ends the daemon soon, after this returned. */
  void shutdown();

  /**
   * @param holdsOwnerKey whether this device can admit devices of its owner
   * @param storedBytes that lie on this device for the realm
   */
  record Status(
      PeerId peer,
      String name,
      String version,
      String home,
      String realmName,
      Bytes owner,
      boolean holdsOwnerKey,
      long startedMillis,
      List<Multiaddr> addresses,
      int connections,
      long storedBytes,
      long quotaBytes,
      int computeSlots) {
    public Status {
      addresses = List.copyOf(addresses);
    }
  }

  /** A member as this peer sees it now. */
  record PeerLine(Member member, boolean self, boolean connected, List<Multiaddr> addresses) {
    public PeerLine {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * @param text what {@code kith join} takes
   * @param sameOwner whether it may enrol a device under the inviter's owner
   */
  record Invitation(String text, long expiresMillis, boolean sameOwner) {}
}
