package dev.kith.node.jobs.attempt;

import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.attempt.AttemptMessage.Accepted;
import dev.kith.node.jobs.attempt.AttemptMessage.Alive;
import dev.kith.node.jobs.attempt.AttemptMessage.Answer;
import dev.kith.node.jobs.attempt.AttemptMessage.Busy;
import dev.kith.node.jobs.attempt.AttemptMessage.Data;
import dev.kith.node.jobs.attempt.AttemptMessage.End;
import dev.kith.node.jobs.attempt.AttemptMessage.Failure;
import dev.kith.node.jobs.attempt.AttemptMessage.NeedProgram;
import dev.kith.node.jobs.attempt.AttemptMessage.Request;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator's end: one call is one attempt on another peer. Thread-safe. */
final class AttemptClient {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptClient.class);
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

  private final Host host;
  private final String protocol;
  private final Path scratch;
  private final long answerBytesMax;

  AttemptClient(Host host, String protocol, Path scratch, long answerBytesMax) {
    this.host = host;
    this.protocol = protocol;
    this.scratch = scratch;
    this.answerBytesMax = answerBytesMax;
  }

  /**
   * @param heard called whenever the peer says something
   */
  AttemptResult run(PeerId peer, AttemptRequest request, AttemptInput input, Runnable heard)
      throws IOException, InterruptedException {
    Stream stream = host.open(peer, OPEN_TIMEOUT, protocol);
    try {
      return new Conversation(stream, request, input, heard).run();
    } finally {
      // All that matters was read: whatever is still under way in either direction may go.
      stream.reset();
    }
  }

  /** One stream; its thread reads, and a second one writes stdin. */
  private final class Conversation {
    private final Stream stream;
    private final AttemptRequest request;
    private final AttemptInput input;
    private final Runnable heard;
    private final DataInputStream in;

    Conversation(Stream stream, AttemptRequest request, AttemptInput input, Runnable heard) {
      this.stream = stream;
      this.request = request;
      this.input = input;
      this.heard = heard;
      this.in = new DataInputStream(new BufferedInputStream(stream.input(), 1 << 14));
    }

    AttemptResult run() throws IOException {
      AttemptMessage.write(stream.output(), new Request(request));
      AttemptMessage reply = next();
      if (reply instanceof NeedProgram) {
        send(input.openProgram());
        reply = next();
      }
      return switch (reply) {
        case Busy _ -> new AttemptResult.Busy();
        case Failure failure -> new AttemptResult.Failed(failure.reason(), failure.detail());
        case Accepted _ -> accepted();
        case Request _, NeedProgram _, Data _, End _, Alive _, Answer _ -> throw unexpected(reply);
      };
    }

    private AttemptResult accepted() throws IOException {
      Thread sender = Thread.ofVirtual().name("stdin").start(this::sendStdin);
      try {
        AttemptMessage reply = next();
        return switch (reply) {
          case Failure failure -> new AttemptResult.Failed(failure.reason(), failure.detail());
          case Answer answer -> receive(answer);
          case Request _, Busy _, NeedProgram _, Accepted _, Data _, End _, Alive _ ->
              throw unexpected(reply);
        };
      } finally {
        sender.interrupt();
        joinUninterruptibly(sender);
      }
    }

    /** What was received is not to be lost by a cancel that comes now. */
    private static void joinUninterruptibly(Thread sender) {
      boolean interrupted = false;
      while (true) {
        try {
          sender.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void sendStdin() {
      try {
        send(input.openStdin());
      } catch (IOException e) {
        // The peer answered early, or is lost, which the reader will learn too; or the input
        // cannot be read here. In each case this stream is of no use any more.
        LOG.debug("stdin of part {} was not sent to its end", request.part(), e);
        stream.reset();
      }
    }

    private void send(InputStream content) throws IOException {
      OutputStream out = stream.output();
      try (content) {
        byte[] buffer = new byte[AttemptMessage.DATA_BYTES_MAX];
        for (int n; (n = content.readNBytes(buffer, 0, buffer.length)) > 0; ) {
          AttemptMessage.write(out, new Data(Bytes.wrap(buffer, 0, n)));
          // It takes what it is sent, while nobody reads what it says.
          heard.run();
        }
      }
      AttemptMessage.write(out, new End());
    }

    private AttemptResult receive(Answer answer) throws IOException {
      if (answer.bytes() > answerBytesMax) {
        throw new ProtocolViolationException("an answer of " + answer.bytes() + " bytes");
      }
      AnswerSpool spool = new AnswerSpool(scratch, answer.bytes());
      boolean kept = false;
      try {
        AttemptMessage message = next();
        while (message instanceof Data data) {
          spool.write(data.bytes().toArrayUnsafe());
          message = next();
        }
        if (!(message instanceof End)) {
          throw unexpected(message);
        }
        verify(answer, spool);
        kept = true;
        return new AttemptResult.Answered(spool, answer.hash(), answer.signature());
      } finally {
        if (!kept) {
          spool.close();
        }
      }
    }

    private void verify(Answer answer, AnswerSpool spool) throws IOException {
      if (spool.bytes() != answer.bytes() || !spool.complete().equals(answer.hash())) {
        throw new ProtocolViolationException("an answer that does not have its hash");
      }
      Bytes signed = PartDone.message(request.task(), request.part(), answer.hash());
      Bytes key = LedgerKey.of(stream.remotePeer());
      if (!Signatures.verify(key, signed, answer.signature())) {
        throw new ProtocolViolationException("an answer with a signature that is not its worker's");
      }
    }

    private AttemptMessage next() throws IOException {
      while (true) {
        AttemptMessage message = AttemptMessage.read(in);
        heard.run();
        if (!(message instanceof Alive)) {
          return message;
        }
      }
    }

    private ProtocolViolationException unexpected(AttemptMessage message) {
      return new ProtocolViolationException(
          "out of order: " + message.getClass().getSimpleName() + " from " + stream.remotePeer());
    }
  }
}
