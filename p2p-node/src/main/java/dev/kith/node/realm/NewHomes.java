package dev.kith.node.realm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a new home starts with on this machine. */
public final class NewHomes {
  private static final long QUOTA_BYTES_MAX = 100L << 30;
  private static final long GIB = 1L << 30;

  private NewHomes() {}

  /**
   * Sensible settings: named after the machine, and lending half of the disk's free room, at most
   * 100 GiB.
   */
  public static HomeConfig config(Path folder) throws IOException {
    long free = Files.getFileStore(existing(folder.toAbsolutePath())).getUsableSpace();
    long quota = Math.min(QUOTA_BYTES_MAX, free / 2);
    return HomeConfig.defaults(hostName(), quota >= GIB ? quota / GIB * GIB : quota);
  }

  private static Path existing(Path folder) {
    Path candidate = folder;
    while (!Files.exists(candidate)) {
      Path parent = candidate.getParent();
      if (parent == null) {
        return candidate;
      }
      candidate = parent;
    }
    return candidate;
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      boolean usable =
          !name.isBlank()
              && name.getBytes(StandardCharsets.UTF_8).length <= HomeConfig.NAME_BYTES_MAX;
      return usable ? name : "device";
    } catch (UnknownHostException e) {
      return "device"; // a machine that does not know its own name
    }
  }
}
