package dev.kith.libp2p.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DiallerTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Multiaddr ONE = Multiaddr.parse("/ip4/1.1.1.1/tcp/1");
  private static final Multiaddr TWO = Multiaddr.parse("/ip4/2.2.2.2/tcp/2");

  private static final List<DialRanker.Planned> BOTH = DialRanker.plan(List.of(ONE, TWO), true);

  private final List<Multiaddr> tried = new CopyOnWriteArrayList<>();
  private final List<String> discarded = new CopyOnWriteArrayList<>();
  private final List<Multiaddr> interrupted = new CopyOnWriteArrayList<>();

  private String hang(Multiaddr address) throws InterruptedException {
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      interrupted.add(address);
      throw e;
    }
  }

  private Dialler<String> dialler(Dialler.Attempt<String> attempt) {
    return new Dialler<>(
        address -> {
          tried.add(address);
          return attempt.dial(address);
        },
        discarded::add);
  }

  @Test
  void secondAddress_isTriedWhenTheFirstFails() throws Exception {
    Dialler<String> dialler =
        dialler(
            address -> {
              if (address.equals(ONE)) {
                throw new IOException("refused");
              }
              return "connected";
            });
    assertThat(dialler.dial(BOTH, SOON)).isEqualTo("connected");
    assertThat(tried).containsExactly(ONE, TWO);
  }

  @Test
  void secondAddress_isTriedWhileTheFirstHangsWhichIsThenCancelled() throws Exception {
    Dialler<String> dialler = dialler(address -> address.equals(ONE) ? hang(address) : "connected");
    assertThat(dialler.dial(BOTH, SOON)).isEqualTo("connected");
    assertThat(interrupted).containsExactly(ONE);
  }

  @Test
  void firstAddress_isEnoughWhenItAnswers() throws Exception {
    assertThat(dialler(address -> "connected").dial(BOTH, SOON)).isEqualTo("connected");
    assertThat(tried).containsExactly(ONE);
  }

  @Test
  void secondSuccess_isDiscarded() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Dialler<String> dialler =
        dialler(
            address -> {
              both.countDown();
              while (both.getCount() > 0) {
                try {
                  both.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
              return address.toString();
            });
    String winner = dialler.dial(BOTH, SOON);
    assertThat(discarded).hasSize(1).doesNotContain(winner);
  }

  @Test
  void failure_namesEveryAddressAndReason() {
    Dialler<String> dialler =
        dialler(
            address -> {
              throw new IOException("no " + tried.size());
            });
    assertThatIOException()
        .isThrownBy(() -> dialler.dial(BOTH, SOON))
        .withMessageContaining(ONE + ": no 1")
        .withMessageContaining(TWO + ": no 2");
  }

  @Test
  void time_endsAllAttempts() {
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> dialler(this::hang).dial(BOTH, Duration.ofMillis(400)));
    assertThat(interrupted).containsExactlyInAnyOrder(ONE, TWO);
  }
}
