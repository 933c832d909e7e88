package dev.kith.libp2p.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class KnownSignaturesTest {
  private final KnownSignatures known = new KnownSignatures();
  private final AtomicInteger checks = new AtomicInteger();

  private boolean ask(String type, String key, String message, String signature, boolean good) {
    return known.good(
        type,
        key.getBytes(US_ASCII),
        message.getBytes(US_ASCII),
        signature.getBytes(US_ASCII),
        () -> {
          checks.incrementAndGet();
          return good;
        });
  }

  @Test
  void goodOne_isCheckedOnce() {
    assertThat(ask("t", "key", "message", "signature", true)).isTrue();
    assertThat(ask("t", "key", "message", "signature", false)).isTrue();
    assertThat(checks).hasValue(1);
  }

  @Test
  void badOne_isNeverRemembered() {
    assertThat(ask("t", "key", "message", "signature", false)).isFalse();
    assertThat(ask("t", "key", "message", "signature", true)).isTrue();
    assertThat(checks).hasValue(2);
  }

  @Test
  void nothingElseIsGood_whereverItsPartsEnd() {
    assertThat(ask("t", "key", "message", "signature", true)).isTrue();
    assertThat(ask("t", "keym", "essage", "signature", false)).isFalse();
    assertThat(ask("t", "key", "messages", "ignature", false)).isFalse();
    assertThat(ask("tk", "ey", "message", "signature", false)).isFalse();
    assertThat(ask("u", "key", "message", "signature", false)).isFalse();
    assertThat(ask("t", "key", "message", "signatur", false)).isFalse();
  }

  @Test
  void manyOthers_onlyMakeItAskAgain() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(ask("t", "key", "message " + i, "signature", true)).isTrue();
    }
    int before = checks.get();
    for (int i = 0; i < 10_000; i++) {
      assertThat(ask("t", "key", "message " + i, "signature", true)).isTrue();
    }
    assertThat(checks.get() - before).isGreaterThan(8_000);
  }
}
