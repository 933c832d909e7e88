package dev.kith.libp2p.gossipsub.wire;

import java.nio.charset.StandardCharsets;

/** What a topic may be called. */
public final class Topics {
  /** In UTF-8. What peers send of longer ones is passed over. */
  public static final int BYTES_MAX = 256;

  private Topics() {}

  /** Whether a topic has 1 to {@link #BYTES_MAX} bytes. */
  public static boolean valid(String topic) {
    return !topic.isEmpty()
        && topic.length() <= BYTES_MAX
        && topic.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
  }

  /** The topic itself. */
  public static String check(String topic) {
    if (!valid(topic)) {
      throw new IllegalArgumentException("topic: not of 1 to " + BYTES_MAX + " bytes");
    }
    return topic;
  }
}
