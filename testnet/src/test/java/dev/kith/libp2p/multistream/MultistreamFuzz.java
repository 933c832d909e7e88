package dev.kith.libp2p.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Whatever comes, only protocols that are spoken are agreed on. */
public final class MultistreamFuzz {
  private static final List<String> SPOKEN = List.of("/yamux/1.0.0", "/noise");

  private MultistreamFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    OutputStream out = OutputStream.nullOutputStream();
    try {
      assertThat(SPOKEN)
          .contains(Multistream.accept(new ByteArrayInputStream(data), out, SPOKEN::contains));
    } catch (IOException e) {
      // a violation, or the end
    }
    try {
      assertThat(SPOKEN).contains(Multistream.dial(new ByteArrayInputStream(data), out, SPOKEN));
    } catch (IOException e) {
      // a violation, the end, or nothing in common
    }
  }
}
