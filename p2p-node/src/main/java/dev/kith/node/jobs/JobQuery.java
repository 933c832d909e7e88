package dev.kith.node.jobs;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * {@code /kith/<realm8>/job/1}: asks the coordinator how a job stands. Request: the job's id (32
 * bytes). Answer: a length (4 bytes) and the encoded {@link JobView}; 0 where it does not know or
 * will not tell.
 */
final class JobQuery {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Host host;
  private final String protocol;

  /**
   * Serves from now on.
   *
   * @param known the view of a job for a peer that may see it
   */
  JobQuery(Host host, String protocol, BiFunction<PeerId, Bytes32, Optional<JobView>> known) {
    this.host = host;
    this.protocol = protocol;
    host.serve(
        protocol,
        stream -> {
          stream.timeout(TIMEOUT);
          byte[] job = stream.input().readNBytes(Bytes32.SIZE);
          if (job.length < Bytes32.SIZE) {
            throw new ProtocolViolationException("a question for a job without its id");
          }
          Bytes view =
              known
                  .apply(stream.remotePeer(), Bytes32.wrap(job))
                  .map(JobViewCodec::encode)
                  .orElse(Bytes.EMPTY);
          stream.output().write(new Writer(4 + view.size()).bytes32(view).toArray());
        });
  }

  Optional<JobView> ask(PeerId peer, Bytes32 job) throws IOException, InterruptedException {
    try (Stream stream = host.open(peer, TIMEOUT, protocol)) {
      stream.timeout(TIMEOUT);
      stream.output().write(job.toArray());
      stream.closeWrite();
      DataInputStream in = new DataInputStream(stream.input());
      int length = in.readInt();
      if (length == 0) {
        return Optional.empty();
      }
      if (length < 0 || length > JobViewCodec.BYTES_MAX) {
        throw new ProtocolViolationException("a job's view of " + length + " bytes");
      }
      byte[] view = new byte[length];
      in.readFully(view);
      return Optional.of(JobViewCodec.decode(Bytes.wrap(view)));
    } catch (DecodeException e) {
      throw new ProtocolViolationException("a job's view: " + e.getMessage(), e);
    }
  }

  void close() {
    host.stopServing(protocol);
  }
}
