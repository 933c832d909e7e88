package dev.kith.node.daemon;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a daemon listens. Addresses in the settings are taken as they are. Without any, it takes
 * the first free port from 4747 on, and the same one at the next start, as others remember it.
 */
final class Listening {
  private static final int PORT_FIRST = 4747;
  private static final int PORTS_TRIED = 100;
  private static final String FILE = "listen-port";

  private Listening() {}

  /** Starts a host on these addresses. */
  @FunctionalInterface
  interface Starter {
    Host start(List<Multiaddr> listen) throws IOException, InterruptedException;
  }

  static Host start(Home home, Starter starter) throws IOException, InterruptedException {
    List<Multiaddr> configured = home.config().listen();
    if (!configured.isEmpty()) {
      try {
        return starter.start(configured);
      } catch (IOException e) {
        throw inUse(e) ? taken(configured, e) : e;
      } catch (IllegalArgumentException e) {
        throw new NodeException(Problem.BAD_REQUEST, String.valueOf(e.getMessage()), e);
      }
    }
    Path file = home.folder().resolve(FILE);
    for (int port : candidates(file)) {
      try {
        Host host = starter.start(List.of(Multiaddr.parse("/ip4/0.0.0.0/tcp/" + port)));
        Files.writeString(file, port + "\n");
        return host;
      } catch (IOException e) {
        if (!inUse(e)) {
          throw e;
        }
      }
    }
    throw new NodeException(
        Problem.PORT_IN_USE,
        "the ports %d to %d are all in use (choose one with --listen /ip4/0.0.0.0/tcp/PORT)"
            .formatted(PORT_FIRST, PORT_FIRST + PORTS_TRIED - 1));
  }

  private static List<Integer> candidates(Path file) throws IOException {
    List<Integer> ports = new ArrayList<>();
    try {
      ports.add(Integer.parseInt(Files.readString(file).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      ports.clear(); // the first start, or a file that somebody else wrote
    }
    IntStream.range(PORT_FIRST, PORT_FIRST + PORTS_TRIED).forEach(ports::add);
    return ports;
  }

  private static boolean inUse(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static NodeException taken(List<Multiaddr> addresses, IOException e) {
    return new NodeException(
        Problem.PORT_IN_USE,
        "one of %s is in use, or not an address of this device (choose others with --listen)"
            .formatted(addresses),
        e);
  }
}
