package dev.kith.libp2p.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Questions to the DNS. Thread-safe; both block. */
public interface Dns {
  /**
   * The A and AAAA records of a name.
   *
   * @throws IOException when there is no such name, or nobody answers
   */
  List<InetAddress> addresses(String name) throws IOException;

  /**
   * The TXT records of a name, each with its strings put together.
   *
   * @throws IOException when there is no such name, or nobody answers
   */
  List<String> texts(String name) throws IOException;
}
