package dev.kith.testnet.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Addresses for peers on one machine. Peer N gets 127.0.N.1 where the system lets any address of
 * 127/8 be bound (Linux), so that the peers stand in different network segments; else all get
 * 127.0.0.1, and declared sites tell them apart.
 */
final class LoopbackAddresses {
  /** Above the registered ports of common services, below the ports that systems hand out. */
  private static final int PORT_FIRST = 20_000;

  private static final int PORT_COUNT = 10_000;
  private static final int TRIES = 200;

  private final RandomGenerator random;
  private final Set<InetSocketAddress> given = new HashSet<>();
  private final boolean distinct;

  LoopbackAddresses(RandomGenerator random) {
    this.random = random;
    this.distinct = free(new InetSocketAddress("127.0.2.1", 0));
  }

  /** Whether peers get addresses of their own. */
  boolean distinct() {
    return distinct;
  }

  /**
   * An address for a peer that nobody listens on, with a port that it can keep.
   *
   * @param peer 1 to 250
   */
  InetSocketAddress of(int peer) throws IOException {
    InetAddress host = InetAddress.getByName(distinct ? "127.0." + peer + ".1" : "127.0.0.1");
    for (int i = 0; i < TRIES; i++) {
      InetSocketAddress address =
          new InetSocketAddress(host, PORT_FIRST + random.nextInt(PORT_COUNT));
      if (!given.contains(address) && free(address)) {
        given.add(address);
        return address;
      }
    }
    throw new IOException("no free port was found on " + host.getHostAddress());
  }

  private static boolean free(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
