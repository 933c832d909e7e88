package dev.kith.libp2p.yamux;

import static dev.kith.libp2p.yamux.FrameHeader.ACK;
import static dev.kith.libp2p.yamux.FrameHeader.FIN;
import static dev.kith.libp2p.yamux.FrameHeader.RST;
import static dev.kith.libp2p.yamux.FrameHeader.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kith.libp2p.yamux.YamuxDecision.Acknowledged;
import dev.kith.libp2p.yamux.YamuxDecision.Fail;
import dev.kith.libp2p.yamux.YamuxDecision.Forget;
import dev.kith.libp2p.yamux.YamuxDecision.Opened;
import dev.kith.libp2p.yamux.YamuxDecision.RemoteClosed;
import dev.kith.libp2p.yamux.YamuxDecision.RemoteLeft;
import dev.kith.libp2p.yamux.YamuxDecision.Reset;
import dev.kith.libp2p.yamux.YamuxDecision.Send;
import dev.kith.libp2p.yamux.YamuxDecision.WindowOpened;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class YamuxSessionTest {
  private static final int WINDOW = 256 << 10;
  private static final int MIB = 1 << 20;
  private static final YamuxLimits LIMITS =
      new YamuxLimits(
          4,
          4,
          3,
          WINDOW,
          MIB,
          Duration.ofMillis(4),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60));

  private final ReceiveMemory memory = new ReceiveMemory(64 * MIB, 64 * MIB);
  private final YamuxSession session = new YamuxSession(false, LIMITS, memory, 0);

  private static FrameHeader data(int flags, long id, long length) {
    return new FrameHeader(FrameType.DATA, flags, id, length);
  }

  private static FrameHeader window(int flags, long id, long delta) {
    return new FrameHeader(FrameType.WINDOW_UPDATE, flags, id, delta);
  }

  private List<YamuxDecision> receive(FrameHeader header) {
    return session.received(header, 0);
  }

  private void opened(long id) {
    assertThat(receive(window(SYN, id, 0))).containsExactly(new Opened(id));
  }

  // ---- opening ----

  @Test
  void open_usesOddIdsForTheDiallerAndEvenOnesForTheListener() {
    YamuxSession dialler = new YamuxSession(true, LIMITS, memory, 0);
    assertThat(dialler.open(0)).isEqualTo(1);
    assertThat(dialler.open(0)).isEqualTo(3);
    assertThat(session.open(0)).isEqualTo(2);
  }

  @Test
  void open_isToldByTheFirstFrameOfTheStream() {
    long id = session.open(0);
    assertThat(session.reserve(id, 10)).isEqualTo(data(SYN, id, 10));
    assertThat(session.reserve(id, 10)).isEqualTo(data(0, id, 10));
  }

  @Test
  void open_waitsForTheRemotesAcknowledgement() {
    for (int i = 0; i < 3; i++) {
      session.open(0);
    }
    assertThat(session.canOpen()).isFalse();
    assertThat(session.outboundFull()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> session.open(0));
    assertThat(receive(window(ACK, 2, 0))).containsExactly(new Acknowledged(2));
    assertThat(receive(window(ACK, 2, 0))).as("a second ACK is nothing new").isEmpty();
    assertThat(session.canOpen()).isTrue();
    session.open(0);
    receive(window(ACK, 4, 0));
    assertThat(session.outboundFull()).isTrue();
    assertThat(session.canOpen()).isFalse();
  }

  @Test
  void everyInboundStream_isAcknowledgedByItsFirstFrame() {
    opened(1);
    assertThat(session.reserve(1, 5)).isEqualTo(data(ACK, 1, 5));
    opened(3);
    assertThat(session.closeWrite(3)).containsExactly(new Send(window(ACK | FIN, 3, 0)));
  }

  @Test
  void inboundStreamsBeyondTheLimit_areReset() {
    for (int i = 0; i < 4; i++) {
      opened(1 + 2 * i);
    }
    assertThat(receive(window(SYN, 9, 0))).containsExactly(new Send(window(RST, 9, 0)));
    assertThat(receive(data(SYN, 11, 100))).containsExactly(new Send(window(RST, 11, 0)));
    assertThat(session.payloadStream()).as("its payload is skipped").isZero();
    receive(window(RST, 1, 0));
    opened(13);
  }

  @Test
  void synWithAnIdOfThisSideOrTwice_endsTheSession() {
    assertFails(receive(window(SYN, 2, 0)));
    YamuxSession other = new YamuxSession(false, LIMITS, memory, 0);
    other.received(window(SYN, 1, 0), 0);
    assertFails(other.received(data(SYN, 1, 0), 0));
  }

  @Test
  void streamFramesForTheSessionItself_endIt() {
    assertFails(receive(data(0, 0, 5)));
  }

  private static void assertFails(List<YamuxDecision> decisions) {
    assertThat(decisions.getFirst())
        .isEqualTo(new Send(new FrameHeader(FrameType.GO_AWAY, 0, 0, 1)));
    assertThat(decisions.getLast()).isInstanceOf(Fail.class);
  }

  // ---- flow control ----

  @Test
  void sendWindow_isSpentByPayloadOnlyAndOpenedByUpdates() {
    long id = session.open(0);
    assertThat(session.reserve(id, MIB)).isEqualTo(data(SYN, id, WINDOW));
    assertThat(session.reserve(id, 1)).isNull();
    assertThat(receive(window(ACK, id, 100)))
        .containsExactly(new Acknowledged(id), new WindowOpened(id));
    assertThat(session.reserve(id, 1000)).isEqualTo(data(0, id, 100));
  }

  @Test
  void openerMayRaiseTheWindowInItsSyn() {
    assertThat(receive(window(SYN, 1, 1000))).contains(new Opened(1));
    assertThat(session.reserve(1, 2 * MIB)).isEqualTo(data(ACK, 1, WINDOW + 1000));
  }

  @Test
  void windowDelta_isUnsigned() {
    long id = session.open(0);
    receive(window(0, id, 0x9000_0000L));
    assertThat(session.reserve(id, Integer.MAX_VALUE)).isNotNull();
    assertThat(receive(window(0, id, 0xffff_ffffL)))
        .as("an overflow resets the stream only")
        .contains(new Reset(id, "the peer's window overflows"));
  }

  @Test
  void windowUpdates_areSentWhenTheApplicationConsumes() {
    opened(1);
    receive(data(0, 1, WINDOW));
    assertThat(session.payloadStream()).isEqualTo(1);
    assertThat(session.payloadEnded()).as("nothing on receipt").isEmpty();
    long late = TimeUnit.SECONDS.toNanos(1);
    assertThat(session.consumed(1, WINDOW / 2 - 1, late)).isEmpty();
    assertThat(session.consumed(1, 1, late)).containsExactly(new Send(window(ACK, 1, WINDOW / 2)));
    assertThat(session.consumed(1, WINDOW / 2, 2 * late))
        .containsExactly(new Send(window(0, 1, WINDOW / 2)));
  }

  @Test
  void window_growsWhileItIsConsumedFastAndStopsAtItsBound() {
    opened(1);
    long now = 0;
    long window = WINDOW;
    for (int i = 0; i < 4; i++) {
      session.received(data(0, 1, window), now);
      session.payloadEnded();
      now += TimeUnit.MILLISECONDS.toNanos(3);
      List<YamuxDecision> decisions = session.consumed(1, (int) window, now);
      long grown = Math.min(2 * window, MIB);
      assertThat(((Send) decisions.getFirst()).header().length()).isEqualTo(grown);
      window = grown;
    }
    assertThat(memory.growth()).isEqualTo(MIB - WINDOW);
    receive(window(RST, 1, 0));
    assertThat(memory.growth()).isZero();
  }

  @Test
  void window_doesNotGrowForASlowReaderNorBeyondTheHostsMemory() {
    opened(1);
    receive(data(0, 1, WINDOW));
    session.payloadEnded();
    assertThat(session.consumed(1, WINDOW, TimeUnit.MILLISECONDS.toNanos(5)))
        .containsExactly(new Send(window(ACK, 1, WINDOW)));

    YamuxSession poor = new YamuxSession(false, LIMITS, new ReceiveMemory(10, 10), 0);
    poor.received(data(SYN, 1, WINDOW), 0);
    poor.payloadEnded();
    assertThat(poor.consumed(1, WINDOW, 1)).containsExactly(new Send(window(ACK, 1, WINDOW)));
  }

  @Test
  void windowOverrun_resetsTheStreamAndKeepsTheSession() {
    opened(1);
    receive(data(0, 1, WINDOW));
    session.payloadEnded();
    assertThat(receive(data(0, 1, 1)))
        .containsExactly(
            new Send(window(RST, 1, 0)),
            new Reset(1, "the peer overran the stream's window"),
            new Forget(1));
    assertThat(session.payloadStream()).isZero();
    opened(3);
  }

  @Test
  void frameBeyondAnyWindow_endsTheSession() {
    assertFails(receive(data(0, 77, YamuxSession.SKIPPED_BYTES_MAX + 1)));
  }

  // ---- closing ----

  @Test
  void finBesidePayload_takesEffectAfterIt() {
    opened(1);
    assertThat(receive(data(FIN, 1, 5))).isEmpty();
    assertThat(session.payloadStream()).isEqualTo(1);
    assertThat(session.payloadEnded()).containsExactly(new RemoteClosed(1));
  }

  @Test
  void synAckAndFin_mayComeInOneFrame() {
    assertThat(receive(data(SYN | FIN, 1, 5))).containsExactly(new Opened(1));
    assertThat(session.payloadEnded()).containsExactly(new RemoteClosed(1));
    assertThat(receive(window(SYN | FIN, 3, 0)))
        .containsExactly(new Opened(3), new RemoteClosed(3));
    long id = session.open(0);
    assertThat(receive(window(ACK | FIN, id, 0)))
        .containsExactly(new Acknowledged(id), new RemoteClosed(id));
  }

  @Test
  void fin_isSentAloneAfterThePayload() {
    long id = session.open(0);
    assertThat(session.reserve(id, 5)).isEqualTo(data(SYN, id, 5));
    assertThat(session.closeWrite(id)).containsExactly(new Send(window(FIN, id, 0)));
    assertThat(session.closeWrite(id)).isEmpty();
    assertThat(session.writable(id)).isFalse();
  }

  @Test
  void halfClosedStream_canStillBeWrittenTo() {
    opened(1);
    receive(window(FIN, 1, 0));
    assertThat(session.reserve(1, 5)).isEqualTo(data(ACK, 1, 5));
    assertThat(session.closeWrite(1)).containsExactly(new Send(window(FIN, 1, 0)), new Forget(1));
    assertThat(session.streams()).isZero();
  }

  @Test
  void stream_isForgottenWhenBothSidesClosed() {
    long id = session.open(0);
    session.closeWrite(id);
    assertThat(receive(window(ACK | FIN, id, 0)))
        .containsExactly(new Acknowledged(id), new RemoteClosed(id), new Forget(id));
  }

  @Test
  void lateFramesForAClosedStream_areDropped() {
    opened(1);
    receive(window(RST, 1, 0));
    for (FrameHeader late :
        List.of(
            data(0, 1, 100),
            window(0, 1, 100),
            window(FIN, 1, 0),
            window(RST, 1, 0),
            window(ACK, 1, 0),
            data(0, 999, 5))) {
      assertThat(receive(late)).as("%s", late).isEmpty();
      assertThat(session.payloadStream()).isZero();
      assertThat(session.payloadEnded()).isEmpty();
    }
    opened(3);
  }

  @Test
  void dataAfterFin_resetsTheStream() {
    opened(1);
    receive(window(FIN, 1, 0));
    assertThat(receive(data(0, 1, 5))).contains(new Send(window(RST, 1, 0)), new Forget(1));
  }

  @Test
  void reset_isToldToTheRemoteUnlessItNeverKnewTheStream() {
    opened(1);
    assertThat(session.reset(1, "why"))
        .containsExactly(new Send(window(RST, 1, 0)), new Reset(1, "why"), new Forget(1));
    long silent = session.open(0);
    assertThat(session.reset(silent, "why"))
        .containsExactly(new Reset(silent, "why"), new Forget(silent));
    assertThat(session.reset(silent, "again")).isEmpty();
  }

  @Test
  void closedForReading_dropsOneWindowAndThenResets() {
    opened(1);
    session.closeRead(1, 0);
    receive(data(0, 1, WINDOW - 1));
    assertThat(session.payloadStream()).isZero();
    assertThat(session.payloadEnded()).isEmpty();
    receive(data(0, 1, 1));
    assertThat(session.payloadEnded())
        .contains(new Reset(1, "the peer sends to a stream that is closed"));
  }

  @Test
  void closedStream_isResetWhenTheRemoteNeverClosesIt() {
    opened(1);
    session.closeRead(1, 0);
    session.closeWrite(1);
    assertThat(session.tick(TimeUnit.SECONDS.toNanos(60))).noneMatch(Reset.class::isInstance);
    assertThat(session.tick(TimeUnit.SECONDS.toNanos(61))).anyMatch(Reset.class::isInstance);
    assertThat(session.streams()).isZero();
  }

  // ---- the session ----

  @Test
  void ping_isAnsweredWithItsValue() {
    assertThat(receive(new FrameHeader(FrameType.PING, SYN, 0, 0xdead_beefL)))
        .containsExactly(new Send(new FrameHeader(FrameType.PING, ACK, 0, 0xdead_beefL)));
  }

  @Test
  void keepAlive_pingsAtOnceThenEveryThirtySecondsAndEndsWithoutAnAnswer() {
    assertThat(session.tick(0))
        .containsExactly(new Send(new FrameHeader(FrameType.PING, SYN, 0, 1)));
    assertThat(session.tick(TimeUnit.SECONDS.toNanos(1))).isEmpty();
    receive(new FrameHeader(FrameType.PING, ACK, 0, 1));
    assertThat(session.tick(TimeUnit.SECONDS.toNanos(29))).isEmpty();
    assertThat(session.tick(TimeUnit.SECONDS.toNanos(30)))
        .containsExactly(new Send(new FrameHeader(FrameType.PING, SYN, 0, 2)));
    receive(new FrameHeader(FrameType.PING, ACK, 0, 1)); // of an older one
    assertThat(session.tick(TimeUnit.SECONDS.toNanos(41)))
        .containsExactly(new Fail("yamux: no answer to a ping", false));
  }

  @Test
  void goAway_stopsNewStreamsAndLeavesOldOnes() {
    opened(1);
    assertThat(receive(new FrameHeader(FrameType.GO_AWAY, 0, 0, 0)))
        .containsExactly(new RemoteLeft(0));
    assertThat(session.closedToNew()).isTrue();
    assertThat(session.exists(1)).isTrue();
  }

  @Test
  void leave_isToldOnceAndRefusesNewStreams() {
    assertThat(session.leave())
        .containsExactly(new Send(new FrameHeader(FrameType.GO_AWAY, 0, 0, 0)));
    assertThat(session.leave()).isEmpty();
    assertThat(receive(window(SYN, 1, 0))).containsExactly(new Send(window(RST, 1, 0)));
  }
}
